"""Promise 11: the audit record is append-only, and complete by its own proof."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from itertools import product

import asyncpg

from infra.chaos.check.evidence import Evidence
from infra.devstack.databases import ROLES, SERVICES

ATTACKS = ("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit")


async def attack(secrets: Mapping[str, str]) -> list[str]:
    """Tries to change each record with the service's own roles; what succeeds is undone and reported."""
    found = []
    for service, kind in product(SERVICES, ROLES):
        dsn = secrets[f"{service} database, {kind}"]
        connection = await asyncpg.connect(dsn, server_settings={"search_path": service})
        try:
            done = [attack.split()[0] for attack in ATTACKS if await _succeeds(connection, attack)]
            found += [f"{service}: {act} of the audit record is allowed to {kind}" for act in done]
        finally:
            await connection.close()
    return found


async def _succeeds(connection: "asyncpg.Connection[asyncpg.Record]", statement: str) -> bool:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError:
        return False
    finally:
        await transaction.rollback()
    return True


async def verify_chains(secrets: Mapping[str, str], kafka: str, settings: Mapping[str, str]) -> list[str]:
    """What `python -m <service> verify-audit` finds in each record, with the settings of the stack's processes."""
    found = []
    for service in SERVICES:
        own = {"CPT_POSTGRES__DSN": secrets[f"{service} database, worker"], "CPT_KAFKA__BOOTSTRAP_SERVERS": kafka}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", service, "verify-audit"),
            env={**os.environ, **settings, **own},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await process.communicate())[0].decode(errors="replace").strip()
        if process.returncode:
            found.append(f"{service}: {said[-500:]}")
    return found


def acts_are_recorded(seen: Evidence) -> Iterator[str]:
    """Every acknowledged act of a person has its row."""
    recorded = {(row["actor"], row["action"], row["subject"]) for row in seen.rows("review", "audit")}
    recorded |= {(row["actor"], row["action"], row["subject"]) for row in seen.rows("intake", "audit")}
    for line in seen.answered("submit", "approve", "i20"):
        action = {"submit": "request_submitted", "approve": "case_approved", "i20": "i20_recorded"}[line["act"]]
        subject = line.get("request_id") or line["subject"]
        if line["status"] in (200, 201) and (line["who"], action, subject) not in recorded:
            yield f"{line['act']} of {subject} by {line['who']} is not in the audit record"
