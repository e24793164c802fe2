"""The compose file, brought up wherever a Docker engine answers."""

import os
import shutil
import subprocess
import time
import uuid

import httpx2
import pytest

from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from tests.deployment.charts import ROOT, SERVICES

ASK = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/readyz').status)"
OUTSIDE = {  # nobody is asked for readiness: they need not be there
    "CPT_OIDC__ISSUER": "https://login.example",
    "CPT_SPIRE__URL": "https://spire.example",
    "CPT_SMTP__HOST": "mail.example",
    "CPT_SESSION_KEY": "only for this test, and long enough for a seal",
    "POSTGRES_PASSWORD": "only-for-this-test",
}


@pytest.fixture(scope="module")
def command(engine):
    if subprocess.run(["docker", "compose", "version"], env=engine, capture_output=True, check=False).returncode == 0:
        return ("docker", "compose")
    if not shutil.which("docker-compose"):
        pytest.skip("neither docker compose nor docker-compose: apt-get install docker-compose")
    return ("docker-compose",)


@pytest.fixture
def ports():
    return {service: free_port() for service in SERVICES}


@pytest.fixture
def compose(engine, command, images, image_base, ports):
    """Everything is up, or on its way, until the end of the test."""
    given = {f"{service.upper().replace('-', '_')}_PORT": str(port) for service, port in ports.items()}
    servers = {f"{name.upper()}_IMAGE": image for name, image in images.items()}
    environment = {**os.environ, **engine, **OUTSIDE, **given, **servers, "BASE": image_base}
    project = (*command, "-p", f"cpt{uuid.uuid4().hex[:8]}", "-f", str(ROOT / "infra" / "compose.yaml"))

    def run(*words):
        done = subprocess.run([*project, *words], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    try:
        run("up", "-d", "--build")
        yield run
    finally:
        subprocess.run([*project, "down", "-v", "-t", "5"], env=environment, capture_output=True, check=False)


def until(holds, seconds=180):
    deadline = time.monotonic() + stretched(seconds)
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_every_process_of_the_compose_file_becomes_ready(compose, ports):
    """docs/architecture.md: one file for people with Docker; ready means database, topics and partitions are there."""

    def web_is_ready(port):
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False

    def worker_is_ready(service):
        try:
            return compose("exec", "-T", f"{service}-worker", "/opt/venv/bin/python", "-c", ASK).strip() == "200"
        except AssertionError:
            return False

    for service in SERVICES:
        until(lambda service=service: web_is_ready(ports[service]))
        until(lambda service=service: worker_is_ready(service))
