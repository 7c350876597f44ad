"""As much of the Kafka protocol as a client needs to ask which cluster it is connected to.

Layouts: https://kafka.apache.org/protocol (ApiVersions 0-2 and Metadata 0-5, the versions without tagged fields).
"""

import struct
from typing import BinaryIO, Sequence

from identity import Identity

METADATA, API_VERSIONS = 3, 18
SUPPORTED = {METADATA: (0, 5), API_VERSIONS: (0, 2)}
NO_ERROR, UNKNOWN_TOPIC, UNSUPPORTED_VERSION = 0, 3, 35
LONGEST_REQUEST = 1 << 20


class Broker:
    """Broker 0, alone in its cluster, which it names by the id of its data folder."""

    def __init__(self, identity: Identity, port: int) -> None:
        self._identity = identity
        self._port = port
        self._host, self._advertised_port = advertised_address(identity.args, identity.hostname, port)

    def serve(self, requests: BinaryIO, answers: BinaryIO, client: str) -> None:
        while len(head := requests.read(4)) == 4:
            (length,) = struct.unpack(">i", head)
            if not 8 <= length <= LONGEST_REQUEST:
                return
            request = requests.read(length)
            key, version, correlation = struct.unpack_from(">hhi", request)
            print(f"{self._identity.service}: {self._port} {client} kafka api {key} version {version}", flush=True)
            body = self._body(key, version, request)
            if body is None:
                return
            answer = struct.pack(">i", correlation) + body
            answers.write(struct.pack(">i", len(answer)) + answer)
            answers.flush()

    def _body(self, key: int, version: int, request: bytes) -> bytes | None:
        low, high = SUPPORTED.get(key, (1, 0))
        if key == API_VERSIONS:
            # A version that is not known is answered in the oldest layout, which tells the client what to use.
            return api_versions(version) if low <= version <= high else api_versions(0, UNSUPPORTED_VERSION)
        if key == METADATA and low <= version <= high:
            return self._metadata(version, requested_topics(request, version))
        return None

    def _metadata(self, version: int, topics: Sequence[str]) -> bytes:
        parts = []
        if version >= 3:
            parts.append(struct.pack(">i", 0))
        parts.append(struct.pack(">ii", 1, 0) + string(self._host) + struct.pack(">i", self._advertised_port))
        if version >= 1:
            parts.append(string(None))
        if version >= 2:
            parts.append(string(self._identity.cluster_id))
        if version >= 1:
            parts.append(struct.pack(">i", 0))
        parts.append(struct.pack(">i", len(topics)))
        for topic in topics:
            internal = b"\0" if version >= 1 else b""
            parts.append(struct.pack(">h", UNKNOWN_TOPIC) + string(topic) + internal + struct.pack(">i", 0))
        return b"".join(parts)


def api_versions(version: int, error: int = NO_ERROR) -> bytes:
    body = struct.pack(">hi", error, len(SUPPORTED))
    body += b"".join(struct.pack(">hhh", key, low, high) for key, (low, high) in SUPPORTED.items())
    return body + (struct.pack(">i", 0) if version >= 1 else b"")


def requested_topics(request: bytes, version: int) -> list[str]:
    """The topics a Metadata request asks for by name; none when it asks for all, since no topic exists."""
    (client_length,) = struct.unpack_from(">h", request, 8)
    at = 10 + max(client_length, 0)
    (count,) = struct.unpack_from(">i", request, at)
    at += 4
    topics = []
    for _ in range(count):
        (length,) = struct.unpack_from(">h", request, at)
        topics.append(request[at + 2:at + 2 + length].decode())
        at += 2 + length
    return topics


def string(text: str | None) -> bytes:
    return struct.pack(">h", -1) if text is None else struct.pack(">h", len(text.encode())) + text.encode()


def advertised_address(args: Sequence[str], hostname: str, port: int) -> tuple[str, int]:
    """Where the listener on this port tells its clients to come back to, from Redpanda's own options."""
    advertised = listeners(args, "--advertise-kafka-addr")
    bound = listeners(args, "--kafka-addr")
    names = [name for name, (_, bound_port) in bound.items() if bound_port == port]
    for name in [*names, *advertised]:
        if name in advertised:
            host, advertised_port = advertised[name]
            return host, advertised_port or port
    return hostname, port


def listeners(args: Sequence[str], option: str) -> dict[str, tuple[str, int | None]]:
    """Reads `OPTION=[name://]host[:port],…` (or the value as the next word) into name → host and port."""
    value = ""
    for i, word in enumerate(args):
        if word.startswith(option + "="):
            value = word[len(option) + 1:]
        elif word == option and i + 1 < len(args):
            value = args[i + 1]
    result = {}
    for item in filter(None, value.split(",")):
        name, _, address = item.rpartition("://")
        host, colon, number = address.rpartition(":")
        result[name] = (host, int(number)) if colon else (address, None)
    return result
