"""The whole stack as `make up` starts it, in a folder of the test's own."""

import httpx2
import pytest

from infra.demo.__main__ import stage
from infra.demo.office import Office
from infra.demo.timeline import Timeline
from infra.devstack.run_folder import RunFolder
from tests.acceptance.collector import collecting
from tests.stacks import a_stack


@pytest.fixture
def stack(tmp_path):
    with a_stack(RunFolder(tmp_path / "run"), stage()) as running:
        yield running


@pytest.fixture(scope="package")
def shared(tmp_path_factory):
    """The folder, stack and collector of the tests that do not mind what others did before (tests/order.py)."""
    folder = tmp_path_factory.mktemp("shared")
    with collecting() as collector:
        settings = stage() | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}
        with a_stack(RunFolder(folder / "run"), settings) as running:
            yield folder, running, collector


@pytest.fixture
async def office(stack):
    async with httpx2.AsyncClient(timeout=30) as http:
        yield Office(stack, http)


@pytest.fixture
def timeline():
    return Timeline()
