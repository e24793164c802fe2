"""The rights of each process are those that its queries need: derived from the code anew and compared."""

import asyncpg
import pytest

from infra.database_roles.matrix import PAGE, as_toml, derived, folder_of, page
from infra.devstack.databases import SERVICES


@pytest.fixture
async def admin(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_grants_are_what_the_queries_of_each_process_need(database_url, admin, service):
    """PostgreSQL says which rights a query needs; `python -m infra.database_roles write` writes them."""
    needed = await derived(admin, database_url, service)

    assert (folder_of(service) / "grants.toml").read_text("utf-8") == as_toml(needed)


def test_the_page_shows_the_grants():
    """`python -m infra.database_roles write` writes it."""
    assert PAGE.read_text("utf-8") == page()
