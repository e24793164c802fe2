"""A Keycloak of a test's own. `python -m tests.acceptance.keycloak` fetches it into the cache (160 MB) and prepares it."""

import asyncio
import json
import os
import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from infra.devstack import tools
from infra.devstack.child import Program, finish, running, tail
from infra.devstack.ports import free_port

VERSION = "26.4.5"
HOME = tools.CACHE / f"keycloak-{VERSION}"
REALM = json.loads(Path(__file__).with_name("keycloak_realm.json").read_text())
ADMIN = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin"}
LEAN = {"JAVA_OPTS_APPEND": "-Xmx512m -XX:TieredStopAtLevel=1"}
SKIPPED = "no Keycloak in the cache: .venv/bin/python -m tests.acceptance.keycloak"


@asynccontextmanager
async def keycloak(folder: Path):
    """Its address, over plain HTTP on loopback, with nothing but the realm `master`."""
    port, log = free_port(), folder / "keycloak.log"
    words = ("start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1", f"--http-port={port}")
    words += ("--hostname-strict=false", "--cache=local")
    command = ("sh", str(HOME / "bin" / "kc.sh"), *words)

    async def started():
        return "Listening on:" in tail(log, lines=100)

    async with running(Program("keycloak", command, folder, log, ready=started, env=ADMIN | LEAN), seconds=120):
        yield f"http://127.0.0.1:{port}"


async def make_realm(address: str, application: str) -> str:
    """The issuer; `application` is where the client's browser comes back to."""
    realm = json.loads(json.dumps(REALM).replace("http://application", application))
    async with httpx2.AsyncClient(base_url=address, timeout=60) as http:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
        token = (await http.post("/realms/master/protocol/openid-connect/token", data=form)).json()["access_token"]
        made = await http.post("/admin/realms", json=realm, headers={"authorization": f"Bearer {token}"})
        assert made.status_code == 201, made.text
    return f"{address}/realms/{REALM['realm']}"


async def _fetch() -> None:
    with tempfile.TemporaryDirectory(prefix=".keycloak-", dir=tools.CACHE) as draft:
        log = Path(draft) / "log"
        unpack = (*tools.MAVEN, "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack")
        artifact = (
            f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip",
            f"-DoutputDirectory={draft}/unpacked",
        )
        await finish(Program("fetch-keycloak", (await tools.maven(log), *unpack, *artifact), Path(draft), log))
        home = Path(draft) / "unpacked" / f"keycloak-{VERSION}"
        prepare = ("sh", str(home / "bin" / "kc.sh"), "build", "--db=dev-mem")
        await finish(Program("prepare-keycloak", prepare, home, log, env={"PATH": os.environ["PATH"]}))
        shutil.move(home, HOME)


if __name__ == "__main__":
    if not HOME.exists():
        tools.CACHE.mkdir(parents=True, exist_ok=True)
        asyncio.run(_fetch())
