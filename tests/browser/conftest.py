"""One stack on the story's day, one browser and one signed-in context for each person, for all browser tests."""

import shutil
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import async_playwright

from infra.demo.__main__ import stage
from infra.demo.office import Office
from infra.demo.story import Story
from infra.demo.timeline import Timeline
from infra.devstack.run_folder import RunFolder
from tests.acceptance.collector import collecting
from tests.browser.visitors import Visitors
from tests.stacks import a_stack

KEY = "k" * 32
"""Signs what asks the person a student consulted."""
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first without windows, which cost more of the processor than the pages."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if CHROMIUM is None and here in item.path.parents and "visitors" in item.fixturenames:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium-headless-shell")
            )


@pytest.fixture(scope="package")
def run(tmp_path_factory):
    return RunFolder(tmp_path_factory.mktemp("browser") / "run")


@pytest.fixture(scope="package")
def collector():
    with collecting() as started:
        yield started


@pytest.fixture(scope="package")
def stack(run, collector):
    """Nearly every click asks the issuer anew, and somebody collects the traces."""
    own = {"CPT_OIDC__ASK_SECONDS": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "CPT_CONSULTATION__KEY": KEY}
    with a_stack(run, stage() | own) as running:
        yield running


@pytest.fixture(scope="package")
def called():
    """Every address that the office called at a service."""
    return []


@pytest.fixture(scope="package")
async def office(stack, called):
    async def keep(answer):
        if not str(answer.request.url).startswith(stack["campus"]):
            called.extend([str(answer.request.url), answer.headers.get("location", "")])

    async with httpx2.AsyncClient(timeout=30, event_hooks={"response": [keep]}) as http:
        yield Office(stack, http)


@pytest.fixture(scope="package")
async def story(office):
    """The demo's six requests, five I-20s and one alert are there."""
    told = Story(office, Timeline())
    await told.play()
    return told


@pytest.fixture(scope="package")
async def visitors(stack):
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield Visitors(browser, stack)
        await browser.close()
