"""Plays one network service of a test stack: listens on its ports, says who it is, answers health checks.

Which service is decided by the image's environment: STANDIN_SERVICE (name), STANDIN_PORTS (separated by spaces),
STANDIN_KAFKA_PORT (the one that also speaks Kafka), STANDIN_DATA (folder that keeps an identity across restarts)
and STANDIN_SHOWS (names of variables that /whoami may show). Whatever command a compose file passes is accepted
and reported.
"""

import os
import signal
import socket
import sys
import threading

from identity import Identity
from listener import Listener


def main() -> None:
    identity = Identity.of_environment(os.environ, sys.argv[1:], socket.gethostname())

    def stop(number: int, _frame: object) -> None:
        print(f"{identity.service}: stopped by signal {number}", flush=True)
        os._exit(0)

    # The first process of a container has no default action for signals: without a handler they are ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)

    listeners = [Listener(port, identity) for port in identity.ports]
    for listener in listeners:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
    print(f"{identity.service}: listening on {', '.join(map(str, identity.ports))}, called with {identity.args}",
          flush=True)
    while True:
        signal.pause()


main()
