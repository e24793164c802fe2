"""`python -m <service> verify-audit`: for auditors and operators at a terminal."""

import sys
from collections.abc import Callable

from cpt.audit.chain import Head
from cpt.audit.published_heads import read_published_heads
from cpt.audit.verify import AuditReport, verify
from cpt.contracts.audit import AuditSealed
from cpt.messaging.errors import explain
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.main import Command
from cpt.runtime.settings import Settings


def verify_audit_command(schema: str, settings: Callable[[], Settings], event: type[AuditSealed]) -> Command:
    """Exit code 0 when the record is whole, 1 with one line for each fault, 2 when no published head could be read."""

    async def run(_: list[str]) -> int:
        found = settings()
        try:
            heads = await read_published_heads(found.kafka, event)
        except Exception as error:  # noqa: BLE001 the record is checked all the same, and the answer says what it lacks
            print(f"The topic {event.TOPIC} could not be read: {explain(error)}", file=sys.stderr)  # noqa: T201 a command's answer
            heads = None
        opened = Database(found.postgres, schema, f"{schema}-verify-audit")
        async with opened as database, database.connection() as connection:
            verdict = await verify(connection, heads or [], shifted(found.clock_offset)())
        print("\n".join(_answer(verdict, heads, event.TOPIC)))  # noqa: T201 as above
        return 1 if verdict.faults else 2 if verdict.sealed and not heads else 0

    return run


def _answer(verdict: AuditReport, heads: list[Head] | None, topic: str) -> list[str]:
    told = f"{len(heads)} heads read from the topic {topic}" if heads else "no head: a cut end would not be seen"
    return [
        *verdict.faults,
        *(f"removed by retention: {line}" for line in verdict.removed),
        f"{verdict.sealed} rows are sealed, {verdict.unsealed} wait for their seal; compared with {told}.",
        f"{len(verdict.faults)} faults." if verdict.faults else "The audit record is whole.",
    ]
