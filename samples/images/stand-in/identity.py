"""Who a stand-in is: its service, its container, and an id that lives as long as its data folder."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence


@dataclass(frozen=True)
class Identity:
    service: str
    hostname: str
    ports: tuple[int, ...]
    kafka_port: int | None
    args: tuple[str, ...]
    shown: Mapping[str, str]
    data_id: str | None

    @staticmethod
    def of_environment(env: Mapping[str, str], args: Sequence[str], hostname: str) -> "Identity":
        data = env.get("STANDIN_DATA")
        kafka_port = env.get("STANDIN_KAFKA_PORT")
        return Identity(
            service=env["STANDIN_SERVICE"],
            hostname=hostname,
            ports=tuple(int(port) for port in env["STANDIN_PORTS"].split()),
            kafka_port=int(kafka_port) if kafka_port else None,
            args=tuple(args),
            shown={name: env[name] for name in env.get("STANDIN_SHOWS", "").split() if name in env},
            data_id=_id_of_folder(Path(data), env["STANDIN_SERVICE"]) if data else None,
        )

    @property
    def cluster_id(self) -> str:
        """The id of the Kafka cluster; a broker whose folder were lost would be another cluster."""
        return self.data_id or self.hostname

    def as_seen_on(self, port: int) -> dict[str, object]:
        return {
            "service": self.service,
            "hostname": self.hostname,
            "port": port,
            "args": list(self.args),
            "env": dict(self.shown),
            "dataId": self.data_id,
        }


def _id_of_folder(folder: Path, service: str) -> str:
    """Reads the folder's id, made at its first use; written beside and renamed, so that none is half-written."""
    file = folder / "stand-in-id"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        part = folder / "stand-in-id.part"
        part.write_text(f"{service}.{uuid.uuid4()}")
        os.replace(part, file)
    return file.read_text()
