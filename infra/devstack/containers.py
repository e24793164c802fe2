"""PostgreSQL and Kafka as containers of a Docker engine."""

import os
import secrets
from typing import Any

from docker.errors import DockerException  # type: ignore[import-untyped]  # docker ships no types

from infra.devstack.kafka import properties
from infra.devstack.ports import free_port

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # our janitor removes them, without one more image

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

LABEL = "edu.umass.cpt.devstack"
POSTGRES_IMAGE = ("CPT_DEVSTACK__POSTGRES_IMAGE", "postgres:17-alpine")
KAFKA_IMAGE = ("CPT_DEVSTACK__KAFKA_IMAGE", "apache/kafka:4.1.0")


def start(name: str, mark: str) -> tuple[DockerContainer, str] | None:
    """The container and its address; None where the engine does not answer, or has not and cannot get the image."""
    label = f"{mark}|{name}"
    try:
        return (_start_kafka if name == "kafka" else _start_postgres)(label)
    except Exception as error:  # noqa: BLE001 - whatever an engine or an image lacks, the native server is the way out
        print(f"no container for {name} ({type(error).__name__}): it runs natively", flush=True)
        sweep(label)
        return None


def sweep(mark: str) -> None:
    """Removes every container whose mark begins so."""
    try:
        for container in DockerClient().client.containers.list(all=True, filters={"label": LABEL}):
            if container.labels[LABEL].startswith(mark):
                container.remove(force=True, v=True)
    except DockerException as error:
        print(f"the Docker engine does not answer ({type(error).__name__})", flush=True)


def _start_postgres(label: str) -> tuple[DockerContainer, str]:
    password = secrets.token_urlsafe(24)
    image = _image(*POSTGRES_IMAGE)
    container = PostgresContainer(image, username="postgres", password=password, dbname="postgres", driver=None)
    container.with_command("postgres -c max_connections=400 -c timezone=UTC")
    container.with_kwargs(labels={LABEL: label}).start()
    return container, container.get_connection_url().replace("@localhost:", "@127.0.0.1:")


def _start_kafka(label: str) -> tuple[DockerContainer, str]:
    """Its port is chosen before, because the broker tells it to its clients."""
    container, port = DockerContainer(_image(*KAFKA_IMAGE)), free_port()
    host = DockerClient().host().replace("localhost", "127.0.0.1")
    settings = properties("0.0.0.0:9092", f"{host}:{port}", "127.0.0.1:9093")
    del settings["controller.quorum.bootstrap.servers"], settings["log.dirs"]  # the image formats its own storage
    settings["controller.quorum.voters"] = "1@127.0.0.1:9093"
    container.with_envs(**{f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in settings.items()})
    ports: dict[str, Any] = container.ports  # typed for numbers alone; Docker takes an address too
    ports["9092/tcp"] = (host, port) if host == "127.0.0.1" else port
    container.with_kwargs(labels={LABEL: label}).waiting_for(LogMessageWaitStrategy("Kafka Server started")).start()
    return container, f"{host}:{port}"


def _image(setting: str, default: str) -> str:
    return os.environ.get(setting, default)
