"""A migrated schema for tests of one component on real PostgreSQL."""

import pytest
from pydantic import SecretStr

from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from tests.component.applications import Applications


@pytest.fixture(scope="session")
async def applications():
    applications = Applications()
    yield applications
    await applications.close()


@pytest.fixture
async def messaging_database(database_url, tmp_path):
    """The messaging tables, and a table for the effects of a test's handlers."""
    await migrate(database_url, "demo", tmp_path)
    database = Database(PostgresSettings(dsn=SecretStr(database_url)), "demo", "tests")
    await database.open()
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE effect (at bigint GENERATED ALWAYS AS IDENTITY, what text NOT NULL)")
    yield database
    await database.close()
