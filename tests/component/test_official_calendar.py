"""Production does not start on the calendar that ships with the code."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from cpt.campus.calendar import illustrative_calendar
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from cpt.runtime.official import NONE_LOADED, lacks_calendar
from enrollment_sync.monitoring.revise_calendar import revise_calendar

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PRODUCTION = {
    "CPT_ENVIRONMENT": "production",
    "CPT_HTTP__PROBE_PORT": "1",
    "CPT_KAFKA__BOOTSTRAP_SERVERS": "kafka.umass.edu:9093",
    "CPT_OIDC__ISSUER": "https://login.umass.edu",
    "CPT_SPIRE__URL": "https://spire.umass.edu",
    "CPT_DOCUMENTS__URL": "s3://documents",
    "CPT_LINKS__INTAKE": "https://cpt.umass.edu",
    "CPT_LINKS__REVIEW": "https://office.umass.edu",
    "CPT_OFFICE__PHONE": "413-545-0100",
    "CPT_OFFICE__ADDRESS": "70 Butterfield Terrace",
    "CPT_OFFICE__HOURS": "Monday to Friday",
}


async def started(service, kind, database_url):
    """Its exit code and what it said."""
    await migrate(database_url, service, ROOT / "services" / service.replace("_", "-") / "migrations")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", service, kind,
        env=clean | PRODUCTION | {"CPT_POSTGRES__DSN": database_url}, stderr=PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    return process.returncode, said.decode()


@pytest.mark.parametrize(
    ("service", "kind"),
    [("intake", "web"), ("review", "web"), ("enrollment_sync", "web"), ("enrollment_sync", "worker")],
)
async def test_an_illustrative_calendar_stops_the_start_with_one_line(service, kind, database_url):
    assert await started(service, kind, database_url) == (2, f"{NONE_LOADED}\n")


async def load(database_url, form):
    await migrate(database_url, "enrollment_sync", ROOT / "services" / "enrollment-sync" / "migrations")
    postgres = PostgresSettings(dsn=SecretStr(database_url))
    async with Database(postgres, "enrollment_sync", "tests") as database, database.transaction() as connection:
        await revise_calendar(connection, form, "kim@umass.edu", NOW)
    return postgres


async def test_the_official_one_lets_it_start(database_url):
    form = json.loads(json.dumps(illustrative_calendar().to_form()))
    form["version"] += 1
    form["terms"][-1]["name"] += ", as the registrar has it"

    postgres = await load(database_url, form)

    assert not await lacks_calendar("enrollment_sync", "worker", postgres)


async def test_the_shipped_one_under_another_number_is_no_official_one(database_url):
    form = illustrative_calendar().to_form()

    postgres = await load(database_url, form | {"version": form["version"] + 1})

    assert await lacks_calendar("enrollment_sync", "worker", postgres)


@pytest.mark.parametrize(("service", "kind"), [("intake", "worker"), ("review", "worker"), ("notifier", "web")])
async def test_whoever_is_told_of_the_calendar_starts_without_it(service, kind, database_url):
    assert not await lacks_calendar(service, kind, PostgresSettings(dsn=SecretStr(database_url)))


async def test_a_database_that_is_away_stops_no_start():
    """A process lives without it, and is not ready."""
    assert not await lacks_calendar("intake", "web", PostgresSettings(dsn=SecretStr("postgresql://x@127.0.0.1:1/x")))
