"""What the code itself says that a service consumes; and web processes whose cost can be read."""

import asyncio
import json
import os
import sys
from importlib import import_module

import pytest

from cpt.runtime.clock import shifted
from infra.campus.server import running_campus
from infra.campus.settings import Settings as CampusSettings


@pytest.fixture
def consumed():
    def topics(service):
        build = import_module(f"{service}.consumer").build_consumer
        if service == "review":
            built = build(import_module("review.settings").ReviewRules(), shifted(0))
        elif service == "notifier":
            settings = import_module("notifier.settings").NotifierSettings(postgres={"dsn": "postgresql://"})
            built = build(import_module("notifier.app").build_notice_context(settings), shifted(0))
        else:
            built = build(shifted(0))
        return set(built.topics)

    return topics


@pytest.fixture(scope="module")
async def campus(tmp_path_factory):
    settings = CampusSettings(port=0, smtp_port=0, kafka="", state_dir=tmp_path_factory.mktemp("campus"))
    async with running_campus(settings, await_kafka=False) as running:
        yield running


class Measured:
    def __init__(self, process, url):
        self._process, self.url = process, url

    async def cost(self):
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()
        return json.loads(await self._process.stdout.readline())


@pytest.fixture
async def measured(cloned, campus, tmp_path):
    processes = []

    async def start(service):
        roles = await cloned(service)
        env = {
            "CPT_POSTGRES__DSN": roles["web"],
            "CPT_OIDC__ISSUER": campus.issuer,
            "CPT_PUBLIC_URL": "http://service.example",
            "CPT_DOCUMENTS__URL": (tmp_path / "objects").as_uri(),
            "CPT_SPIRE__URL": campus.url,
            "CPT_SPIRE__TOKEN": campus.spire_token.get_secret_value(),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.security.measured", service),
            env={**os.environ, **env},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        processes.append(process)
        return Measured(process, f"http://127.0.0.1:{int(await process.stdout.readline())}")

    yield start
    for process in processes:
        process.stdin.close()
        await process.wait()
