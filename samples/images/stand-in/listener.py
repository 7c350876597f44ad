"""One port of a stand-in: HTTP always, Kafka too where the identity says so."""

import json
import socket
import socketserver
from http.server import BaseHTTPRequestHandler

from identity import Identity
from kafka import Broker

HEALTH_PATHS = {
    9000: "/minio/health/live",
    3100: "/ready",
    9644: "/v1/status/ready",
}


class Listener(socketserver.ThreadingTCPServer):
    """Listens on all addresses of IPv4 and, where the container has it, of IPv6."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, identity: Identity) -> None:
        self.port = port
        self.identity = identity
        self.broker = Broker(identity, port) if port == identity.kafka_port else None
        self.address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
        super().__init__(("", port), Connection)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of a request is no event worth a traceback."""
        print(f"{self.identity.service}: {self.port} connection of {client_address} broke off", flush=True)


class Connection(BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"
    timeout = 60

    def handle(self) -> None:
        # A Kafka request starts with its length, whose first byte is zero; no HTTP method does.
        if self.server.broker and self.connection.recv(1, socket.MSG_PEEK) == b"\0":
            self.server.broker.serve(self.rfile, self.wfile, self.client)
        else:
            super().handle()

    @property
    def client(self) -> str:
        return self.client_address[0].removeprefix("::ffff:")

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/whoami":
            self._answer("application/json", json.dumps(self.server.identity.as_seen_on(self.server.port)))
        elif path in ("/", HEALTH_PATHS.get(self.server.port)):
            self._answer("text/plain", f"{self.server.identity.service} is ready\n")
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def _answer(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        print(f"{self.server.identity.service}: {self.server.port} {self.client} {format % args}", flush=True)
