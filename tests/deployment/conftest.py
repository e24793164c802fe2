"""A Docker engine, where one answers, and images for the servers."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.cluster.engine import Missing, answers, docker
from infra.cluster.images import base
from infra.devstack.kafka import jars

IMAGES = Path(__file__).parent / "images"
PUBLIC = {"postgres": "postgres:17-alpine", "kafka": "apache/kafka:4.1.0"}


@pytest.fixture(scope="session")
def engine():
    """Its environment. An engine is never started for a test, and a server is never taken from a colleague's."""
    if not answers(dict(os.environ)):
        pytest.skip("no Docker engine answers: start one (dockerd), or name it in DOCKER_HOST")
    return dict(os.environ)


@pytest.fixture(scope="session")
def image_base(engine):
    try:
        return base(engine)
    except Missing as missing:
        pytest.skip(f"no image to build on: {missing}")


def can_be_had(engine, image):
    for act in ("image inspect", "pull -q"):
        command = ["docker", *act.split(), image]
        if subprocess.run(command, env=engine, capture_output=True, check=False).returncode == 0:
            return True
    return False


@pytest.fixture(scope="session")
async def images(engine, image_base, tmp_path_factory):
    """The public ones, or our own on Debian's packages where no registry is reachable."""
    found = {}
    for name, public in PUBLIC.items():
        if can_be_had(engine, public):
            found[name] = public
            continue
        context, found[name] = tmp_path_factory.mktemp(name) / "context", f"localhost/cpt-{name}:test"
        shutil.copytree(IMAGES / name, context)
        if name == "kafka":
            shutil.copytree(await jars(context.parent / "log"), context / "jars")
        await asyncio.to_thread(
            docker, engine, "build", "-q", "--build-arg", f"BASE={image_base}", "-t", found[name], str(context)
        )
    return found
