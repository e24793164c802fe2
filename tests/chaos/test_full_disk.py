"""PostgreSQL without room on its disk: a small memory disk of the test's own, which only root may mount."""

import os
import tempfile
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer
from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.delivery import Delivery
from cpt.messaging.errors import BudgetSpent
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from infra.chaos.faults.disk import filled, small_disk
from infra.devstack.child import running
from infra.devstack.postgres import postgres
from tests.messages import a_record, an_event


@pytest.fixture
async def on_a_small_disk(tmp_path, monkeypatch):
    """The disk, and the address of a server that has nothing else."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place, small_disk(Path(place)) as disk:
        if disk is None:
            pytest.skip("only root may mount the small disk that is to be filled")
        os.chmod(place, 0o755)  # noqa: PTH101 whoever the server runs as reaches it
        monkeypatch.setattr(tempfile, "tempdir", place)
        async with postgres(tmp_path / "postgres", tmp_path / "log") as (program, address), running(program):
            assert any(disk.iterdir())
            yield disk, address


async def test_a_full_disk_of_postgresql_parks_nothing_and_passes_by_itself(on_a_small_disk, tmp_path):
    """P33, P34: SQLSTATE 53100 is of the family that passes; with room again the message has its effect, once.

    The tables are empty, so that the first row of each needs a page that the disk does not have.
    """
    disk, address = on_a_small_disk
    await migrate(address, "demo", tmp_path / "none")
    admin = await asyncpg.connect(address)
    await admin.execute("CREATE TABLE demo.effect (what text)")
    consumer = Consumer("demo")

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection, envelope):
        await connection.execute("INSERT INTO effect VALUES ($1)", envelope.event.why)

    record = a_record(an_event("r1", "gone"), offset=0)
    async with Database(PostgresSettings(dsn=SecretStr(address)), "demo", "tests") as database:
        with filled(disk), pytest.raises(BudgetSpent) as spent:
            await Delivery(consumer, database, DeliveryLimits(budget=1))([record])
        assert isinstance(spent.value.__cause__, asyncpg.DiskFullError)
        await Delivery(consumer, database)([record])

    assert await admin.fetchval("SELECT count(*) FROM demo.effect") == 1
    assert await admin.fetchval("SELECT count(*) FROM demo.parked") == 0
    await admin.close()
