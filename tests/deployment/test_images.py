"""The service images, built and run wherever a Docker engine answers."""

import json
import time
import uuid

import httpx2
import pytest

from infra.cluster.engine import Missing, docker
from infra.cluster.images import build
from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from tests.deployment.charts import SERVICES

AS_IN_THE_CHART = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")


@pytest.fixture(scope="module", params=SERVICES)
def image(request, engine, image_base):
    return build(engine, request.param, image_base, tag="test")


def run(engine, image, *words, options=()):
    return docker(engine, "run", "--rm", *AS_IN_THE_CHART, *options, image, *words)


def test_an_image_says_what_it_is_and_is_nobody(engine, image):
    (found,) = json.loads(docker(engine, "image", "inspect", image))

    assert found["Config"]["User"] == "65532:65532"
    assert found["Config"]["Labels"]["org.opencontainers.image.title"] == f"cpt-{image.split('/')[-1].split(':')[0]}"
    assert found["Size"] < 400_000_000


def test_an_image_holds_no_installer_and_needs_no_shell(engine, image):
    looking = "import importlib.util as u; print([m for m in ('pip', 'setuptools', 'pytest') if u.find_spec(m)])"
    entry = ("--entrypoint", "/opt/venv/bin/python")

    assert run(engine, image, "-c", looking, options=entry) == "[]"


@pytest.fixture
def container(engine, image):
    """A web process with a read-only root and no database to be found."""
    name, port = f"cpt-test-{uuid.uuid4().hex[:8]}", free_port()
    settings = {
        "POSTGRES__DSN": "postgresql://nobody@127.0.0.1:1/none",
        "OIDC__ISSUER": "https://idp.example",
        "DOCUMENTS__URL": "file:///tmp/documents",
    }
    given = [word for key, value in settings.items() for word in ("-e", f"CPT_{key}={value}")]
    docker(engine, "run", "-d", "--name", name, *AS_IN_THE_CHART, *given, "-p", f"127.0.0.1:{port}:8000", image)
    yield name, f"http://127.0.0.1:{port}"
    docker(engine, "rm", "-f", name)


def answer(address, seconds=60):
    deadline = time.monotonic() + stretched(seconds)
    while True:
        try:
            return httpx2.get(address, timeout=5)
        except httpx2.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_service_runs_on_a_read_only_root_lives_without_its_database_and_stops_when_told(engine, container):
    """Liveness is not readiness: a database that is away does not restart a pod."""
    name, address = container

    assert answer(f"{address}/livez").status_code == 200
    assert answer(f"{address}/readyz").status_code == 503
    docker(engine, "stop", "--time", "600", name)
    assert json.loads(docker(engine, "inspect", name))[0]["State"]["ExitCode"] in (0, 143), "killed: 137"


def test_a_service_refuses_to_start_without_the_address_of_its_database(engine, image):
    with pytest.raises(Missing, match="CPT_POSTGRES"):
        run(engine, image, "migrate")
