"""Forward-only migrations: each file once, in order, by one process at a time (style §2.7)."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from cpt.postgres.migrations import MigrationChanged, migrate, read_series

SERVICES = {folder.parent.name.replace("-", "_"): folder for folder in sorted(Path("services").glob("*/migrations"))}


@pytest.fixture
def folder(tmp_path):
    """`folder(name=sql)` writes the files of a service."""

    def write(**files):
        for name, sql in files.items():
            (tmp_path / f"{name[1:]}.sql").write_text(sql)
        return tmp_path

    return write


@pytest.fixture
async def ask(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection.fetchval
    await connection.close()


def service(applied):
    return [name for name in applied if name.startswith("service")]


async def test_a_second_run_applies_nothing(database_url, folder):
    files = folder(_0001_pre_a="CREATE TABLE a (x int)", _0002_pre_b="INSERT INTO a VALUES (1)")

    first, second = await migrate(database_url, "demo", files), await migrate(database_url, "demo", files)

    assert service(first) == ["service 0001 a", "service 0002 b"]
    assert second == []


async def test_an_edited_file_is_refused_and_nothing_after_it_runs(database_url, folder, ask):
    await migrate(database_url, "demo", folder(_0001_pre_a="CREATE TABLE a (x int)"))

    files = folder(_0001_pre_a="CREATE TABLE a (x bigint)", _0002_pre_b="CREATE TABLE b (x int)")
    with pytest.raises(MigrationChanged, match="service 0001 a was edited"):
        await migrate(database_url, "demo", files)

    assert await ask("SELECT to_regclass('demo.b')") is None


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["_0001_pre_a", "_0003_pre_c"], "without gaps"),
        (["_0002_pre_b"], "without gaps"),
        (["_0001_pre_a", "_0001_post_a"], "without gaps"),
        (["_0001_pre_a", "_2_pre_b"], "2_pre_b.sql: expected"),
        (["_0001_later_a"], "0001_later_a.sql: expected"),
    ],
)
def test_a_gap_a_doubled_number_and_another_form_of_name_are_refused(folder, names, fault):
    with pytest.raises(ValueError, match=fault):
        read_series("service", folder(**dict.fromkeys(names, "SELECT 1")))


async def test_two_migrators_at_once_apply_each_file_once(database_url, folder, ask):
    files = folder(_0001_pre_a="CREATE TABLE a (x int)", _0002_pre_b="INSERT INTO a VALUES (1)")

    runs = await asyncio.gather(*(migrate(database_url, "demo", files) for _ in range(8)))

    assert sorted(map(len, runs))[:2] == [0, 0]
    assert await ask("SELECT count(*) FROM demo.a") == 1


async def test_before_the_deploy_only_what_adds_runs(database_url, folder):
    """`pre` stops before the first `post`, since order is kept; the run after the deploy does the rest."""
    files = folder(
        _0001_pre_a="CREATE TABLE a (x int)",
        _0002_post_b="ALTER TABLE a DROP COLUMN x",
        _0003_pre_c="ALTER TABLE a ADD y int",
    )

    before, after = await migrate(database_url, "demo", files, ("pre",)), await migrate(database_url, "demo", files)

    assert service(before) == ["service 0001 a"]
    assert service(after) == ["service 0002 b", "service 0003 c"]


async def test_a_file_that_fails_leaves_nothing_of_itself(database_url, folder, ask):
    files = folder(_0001_pre_a="CREATE TABLE a (x int)", _0002_pre_b="CREATE TABLE b (x int); SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database_url, "demo", files)

    assert await ask("SELECT to_regclass('demo.b')") is None
    assert await ask("SELECT max(number) FROM demo.schema_migration WHERE series = 'service'") == 1


@pytest.mark.parametrize("name", SERVICES)
async def test_every_service_migrates_twice_and_draws_outbox_numbers_one_by_one(database_url, ask, name):
    """A cached identity would turn the order of two events of one request around (P32)."""
    await migrate(database_url, name, SERVICES[name])

    assert await migrate(database_url, name, SERVICES[name]) == []
    outbox = "pg_get_serial_sequence($1 || '.outbox', 'seq')::regclass"
    assert await ask(f"SELECT seqcache FROM pg_sequence WHERE seqrelid = {outbox}", name) == 1
