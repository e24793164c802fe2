"""The audit record cannot be changed unseen (P40, promise 11): each way of changing it is tried on real PostgreSQL."""

import json
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from cpt.audit.chain import Head
from cpt.audit.retire import retire_audit
from cpt.audit.seal import SealAudit
from cpt.audit.verify import verify
from cpt.contracts.audit import ReviewAuditSealed
from cpt.postgres.migrations import migrate
from tests.messages import NOW

WRITE = "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, 'adviser', $2, 'request-1', $3)"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def seal(messaging_database):
    """`await seal(now)` is one round of a loop that has just looked at everything, so it looks back two ids only."""
    clock = {}
    loop = SealAudit(messaging_database, ReviewAuditSealed, lambda: clock["now"], looked_back=2)

    async def step(now=NOW, *, everything=False):
        clock["now"] = now
        if everything:
            loop._looked_at_all = None
        await loop.step()

    return step


@pytest.fixture
async def sealed(messaging_database, seal):
    """Ten sealed rows; returns the database."""
    await write(messaging_database, *(f"act_{n}" for n in range(10)))
    await seal()
    return messaging_database


async def write(database, *actions, at=NOW):
    async with database.transaction() as connection:
        for action in actions:
            await connection.execute(WRITE, at, action, {"why": action})


@asynccontextmanager
async def tampering(database):
    """What an administrator of the database can do: no trigger stops them."""
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        yield connection


async def heads(database):
    async with database.connection() as connection:
        told = [json.loads(row["payload"]) for row in await connection.fetch("SELECT payload FROM outbox ORDER BY seq")]
    return [Head(body["count"], body["head"]) for body in told]


async def faults(database, told=None, now=NOW):
    async with database.connection() as connection:
        return (await verify(connection, await heads(database) if told is None else told, now)).faults


async def test_an_untouched_record_is_whole_and_its_head_is_told(sealed, seal):
    """P40: one link for each row, one event for the round, under the fixed key."""
    await write(sealed, "one_more")
    await seal()

    assert await faults(sealed) == []
    assert [head.count for head in await heads(sealed)] == [10, 11]
    async with sealed.connection() as connection:
        assert await connection.fetchval("SELECT DISTINCT key FROM outbox") == "audit"


@pytest.mark.parametrize(
    "change", ["actor = 'nobody'", "at = at + interval '1 microsecond'", "detail = '{}'", "subject = 'x', action = 'y'"]
)
async def test_an_altered_row_is_named(sealed, change):
    async with tampering(sealed) as connection:
        await connection.execute(f"UPDATE audit SET {change} WHERE id = 4")

    assert await faults(sealed) == ["row 4 was altered"]


async def test_a_deleted_row_is_named(sealed):
    async with tampering(sealed) as connection:
        await connection.execute("DELETE FROM audit WHERE id IN (3, 7)")

    assert await faults(sealed) == ["row 3 was deleted", "row 7 was deleted"]


async def test_a_row_inserted_among_old_ones_is_named_before_and_after_it_is_sealed(sealed, seal):
    async with tampering(sealed) as connection:
        await connection.execute(
            "INSERT INTO audit (id, at, actor, action, subject) OVERRIDING SYSTEM VALUE VALUES (-1, $1, 'x', 'y', 'z')",
            NOW,
        )

    assert await faults(sealed, now=LATER) == ["row -1 was inserted later among older rows, and is not sealed"]
    await seal(LATER, everything=True)
    assert await faults(sealed, now=LATER) == ["row -1 was inserted later among older rows"]


async def test_a_deleted_row_with_its_seal_is_seen(sealed):
    async with tampering(sealed) as connection:
        await connection.execute("DELETE FROM audit WHERE id = 4")
        await connection.execute("DELETE FROM audit_seal WHERE row_id = 4")

    assert await faults(sealed) == ["seals 4 to 4 are gone"]


async def test_a_rewritten_seal_is_seen(sealed):
    async with tampering(sealed) as connection:
        await connection.execute("UPDATE audit_seal SET row_digest = sha256('other') WHERE row_id = 4")

    assert await faults(sealed) == ["row 4 was altered", "seal 5 (row 5) does not follow the one before it"]


async def test_a_cut_tail_is_seen_by_the_head_that_was_told(sealed):
    """Promise 11: rows and seals removed together contradict nothing inside the database."""
    async with tampering(sealed) as connection:
        await connection.execute("DELETE FROM audit WHERE id > 8")
        await connection.execute("DELETE FROM audit_seal WHERE row_id > 8")

    assert await faults(sealed) == ["the end was cut: 10 rows were sealed and told, 8 seals are left"]
    assert await faults(sealed, told=[]) == []


async def test_a_chain_made_anew_is_not_the_one_that_was_told(sealed, seal):
    async with tampering(sealed) as connection:
        await connection.execute("UPDATE audit SET actor = 'nobody' WHERE id = 4")
        await connection.execute("DELETE FROM audit_seal")
    told = await heads(sealed)
    await seal(everything=True)

    assert await faults(sealed, told) == ["the chain up to seal 10 is not the one that was told"]


@pytest.mark.parametrize("far_behind", [False, True])
async def test_a_row_that_commits_late_is_sealed_too(sealed, seal, far_behind):
    """P40: its id lies below ids that are sealed already; far behind, the next look at everything finds it."""
    async with sealed.connection() as slow:
        late = slow.transaction()
        await late.start()
        await slow.execute(WRITE, NOW, "late", {})
        await write(sealed, *("quick" for _ in range(5 if far_behind else 1)))
        await seal()
        await late.commit()
    await seal(NOW + timedelta(seconds=30), everything=far_behind)

    async with sealed.connection() as connection:
        verdict = await verify(connection, await heads(sealed), NOW + timedelta(minutes=1))
    assert (verdict.faults, verdict.unsealed) == ([], 0)


async def test_rows_removed_by_retention_leave_a_sealed_tombstone(sealed, seal):
    """P40: the record stays provable, and says who removed what."""
    await write(sealed, "young", at=LATER)
    await seal(LATER)
    async with sealed.transaction() as connection:
        assert await retire_audit(connection, LATER, "retention", LATER) == 10
    await seal(LATER)

    async with sealed.connection() as connection:
        verdict = await verify(connection, await heads(sealed), LATER)
        left = [row["action"] for row in await connection.fetch("SELECT action FROM audit ORDER BY id")]
    assert (verdict.faults, left) == ([], ["young", "audit_rows_removed"])
    assert verdict.removed == ["10 rows by retention at 2026-09-01 13:00 UTC: {[1,11)}"]


async def test_two_sealing_loops_make_one_chain(messaging_database, seal):
    await write(messaging_database, "a", "b")
    async with messaging_database.transaction() as connection:
        await connection.execute("SELECT FROM lock_row WHERE name = 'audit_seal' FOR UPDATE")
        await seal()
        assert await connection.fetchval("SELECT count(*) FROM audit_seal") == 0

    await seal()
    assert await faults(messaging_database) == []


@pytest.mark.parametrize("act", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit_seal"])
async def test_the_service_itself_can_only_append(database_url, tmp_path, act):
    """Promise 11: the owner of the tables has no right to change a row, and a trigger stops who has."""
    role = f"owner_{urlsplit(database_url).path[-8:]}"
    admin = await asyncpg.connect(database_url, server_settings={"search_path": "demo"})
    await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'owner'; GRANT {role} TO CURRENT_USER")
    await admin.execute(f"CREATE SCHEMA demo AUTHORIZATION {role}")
    address = urlsplit(database_url)
    own = urlunsplit(address._replace(netloc=f"{role}:owner@{address.netloc.rpartition('@')[2]}"))
    try:
        await migrate(own, "demo", tmp_path)
        service = await asyncpg.connect(own, server_settings={"search_path": "demo"})
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(act)
        await service.close()
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await admin.execute(act)
    finally:
        await admin.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
        await admin.close()
