"""A one-node Kubernetes of our own, as the run of the chart sees it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.cluster.engine import Missing
from infra.cluster.node import node
from infra.cluster.node.link import GATEWAY, HOST, NODE
from infra.cluster.node.programs import programs
from infra.devstack import tools

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kubernetes:
    node: "node.Node"
    environment: dict[str, str]
    host: str = HOST
    """This machine as pods see it."""
    names: str = NODE
    """Where pods ask for names."""
    insiders: tuple[str, ...] = tuple(f"{address}/32" for address in (HOST, NODE, GATEWAY))
    """The addresses from which this machine reaches pods."""

    def kubectl(self, *words: str, given: str | None = None, namespace: str = "cpt") -> str:
        """Raises CalledProcessError with what it said."""
        return self.run("kubectl", "-n", namespace, *words, given=given)

    def run(self, *command: str, given: str | None = None) -> str:
        done = subprocess.run(
            command, env=self.environment, input=given, capture_output=True, text=True, check=False, timeout=1200
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done.stdout

    def load(self, archive: Path) -> None:
        self.node.load(archive)


def prepared() -> Path:
    """The folder with every program. Raises Missing."""
    if not tools.helm():
        raise Missing("no helm: .venv/bin/python -m infra.devstack fetch --tests")
    return programs()


@contextmanager
def running(built: Path, folder: Path) -> Iterator[Kubernetes]:
    """A fresh cluster, gone with the block."""
    with node.running(built, folder) as started:
        path = f"{built}:{Path(tools.helm()).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "KUBECONFIG": str(started.administrator), "PATH": path}
        yield Kubernetes(started, environment)
