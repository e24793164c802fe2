"""An Apache Kafka broker of our own on a free port: KRaft combined mode, jars fetched once by Maven."""

import base64
import fcntl
import hashlib
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from infra.devstack import tools
from infra.devstack.child import Program, finish, tail
from infra.devstack.ports import free_port

POM = Path(__file__).parents[1] / "kafka" / "pom.xml"
FLAGS = (
    *("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",  # says when it has started
)


@asynccontextmanager
async def kafka(folder: Path, log: Path, logins: Iterable[str] = ()) -> AsyncIterator[tuple[Program, str]]:
    """Prepares a broker that knows these SCRAM logins, and gives back how to run it and its address; removes its data at the end."""
    libraries = await jars(log)
    port = free_port()
    _configure(folder, port)
    java = (await tools.java(log), *FLAGS, "-cp", str(libraries / "*"))
    identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    words = ("format", "--standalone", "-t", identity, "-c", "server.properties")
    users = (word for login in logins for word in ("--add-scram", login))
    await finish(Program("format-kafka", (*java, "kafka.tools.StorageTool", *words, *users), folder, log))
    command = (*java, "kafka.Kafka", "server.properties")

    try:
        yield Program("kafka", command, folder, log, ready=lambda: _started(log)), f"127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path, port: int) -> None:
    here = f"127.0.0.1:{port}"
    lines = (f"{name}={value}\n" for name, value in properties(here, here, f"127.0.0.1:{free_port()}").items())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "server.properties").write_text("".join(lines))


async def _started(log: Path) -> bool:
    return "Kafka Server started" in tail(log, lines=500)


def properties(listen: str, advertised: str, quorum: str) -> dict[str, str]:
    """Of a broker that is its own controller; its folder is relative, because a comma in a path would divide it."""
    topics = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"PLAINTEXT://{listen},CONTROLLER://{quorum}",
        "advertised.listeners": f"PLAINTEXT://{advertised}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.quorum.bootstrap.servers": quorum,
        "log.dirs": "data",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        **{f"{topic}.replication.factor": "1" for topic in topics},
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "offsets.topic.num.partitions": "5",
    }


async def jars(log: Path) -> Path:
    """The lock lets two clones that start at once fetch one copy."""
    found = tools.CACHE / f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    with _locked(found.with_suffix(".lock")):
        if not found.exists():
            print("fetching Apache Kafka", flush=True)
            with tempfile.TemporaryDirectory(prefix=".kafka-", dir=tools.CACHE) as draft:
                await _fetch(Path(draft) / "jars", log)
                (Path(draft) / "jars").rename(found)
    return found


async def _fetch(target: Path, log: Path) -> None:
    command = (
        await tools.maven(log),
        *tools.MAVEN,
        "-q",
        "-B",
        "-f",
        str(POM),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={target}",
    )
    await finish(Program("fetch-kafka", command, POM.parent, log))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
