"""A Docker engine, where one answers."""

import os

import pytest

from infra.cluster.engine import Missing, answers
from infra.cluster.images import base


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
