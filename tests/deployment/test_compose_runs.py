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
SIGN_IN = """
import json, sys, urllib.request as r
issuer, who = sys.argv[1].removesuffix("/oidc"), {"sub": "30019999", "roles": ["student"]}
asked = r.Request(f"{issuer}/demo/token", json.dumps(who).encode(), {"Content-Type": "application/json"})
token = json.load(r.urlopen(asked))["access_token"]
mine = r.Request("http://127.0.0.1:8000/api/requests", headers={"Authorization": f"Bearer {token}"})
print(r.urlopen(mine).status)
"""


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
    mine = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}
    servers = {f"{name.upper()}_IMAGE": image for name, image in images.items()}
    environment = {**mine, **given, **servers, "BASE": image_base}
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


def test_every_process_of_the_compose_file_becomes_ready_and_knows_who_signs_in(compose, ports):
    """docs/architecture.md: one file for people with Docker, and one command without a setting; ready means database, topics
    and partitions are there.
    """

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
    issuer = "http://campus.localhost:8400/oidc"
    assert compose("exec", "-T", "intake-web", "/opt/venv/bin/python", "-c", SIGN_IN, issuer).strip() == "200"
    asked = {"Host": "campus.localhost:8400"}
    found = httpx2.get("http://127.0.0.1:8400/oidc/.well-known/openid-configuration", headers=asked)
    assert found.json()["issuer"] == issuer
