"""A Docker engine: the one that answers, else one of our own where the machine allows it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BRIDGE = "172.31.78.1/24"


class Missing(Exception):
    """What this machine lacks for it, in words for a person."""


@contextmanager
def engine() -> Iterator[dict[str, str]]:
    """The environment in which `docker` finds it; an engine of our own ends with the block. Raises Missing."""
    if not shutil.which("docker"):
        raise Missing("no docker client: apt-get install docker.io")
    if answers(dict(os.environ)):
        yield dict(os.environ)
        return
    if os.getuid() != 0 or not shutil.which("dockerd"):
        raise Missing("no Docker engine answers, and starting one needs root and dockerd (apt-get install docker.io)")
    with tempfile.TemporaryDirectory(prefix="cpt-docker-", ignore_cleanup_errors=True) as folder:
        yield from _own(Path(folder))


def answers(environment: dict[str, str]) -> bool:
    return subprocess.run(["docker", "info"], env=environment, capture_output=True, check=False).returncode == 0


def docker(environment: dict[str, str], *words: str, given: bytes | None = None) -> str:
    """What it says; raises Missing with the end of its complaint."""
    done = subprocess.run(["docker", *words], env=environment, input=given, capture_output=True, check=False)
    if done.returncode:
        raise Missing(f"docker {words[0]} failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode().strip()


def _own(folder: Path) -> Iterator[dict[str, str]]:
    """On its own socket and bridge, so that nobody else's engine or choice of servers is touched."""
    address = f"unix://{folder}/docker.sock"
    places = (*("--data-root", f"{folder}/data"), *("--exec-root", f"{folder}/exec"), *("--pidfile", f"{folder}/pid"))
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(["dockerd", "-H", address, *places, "--bip", BRIDGE], stdout=log, stderr=log)
    environment = {**os.environ, "DOCKER_HOST": address}
    try:
        deadline = time.monotonic() + 60
        while not answers(environment):
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"dockerd did not start: {(folder / 'log').read_text()[-1000:]}")
            time.sleep(0.2)
        yield environment
    finally:
        daemon.terminate()
        daemon.wait(60)
