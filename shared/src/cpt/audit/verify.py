"""Proves the audit record, or names every row that was altered, deleted or inserted, and a tail that was cut (P40)."""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cpt.audit.chain import NOTHING_BEFORE, Head, Link, digest_row, link_of
from cpt.audit.seal import FROM_THE_START, sql
from cpt.postgres import Connection

LONGEST_TRANSACTION = timedelta(minutes=15)
"""No transaction lives as long; a row that turns up later than this behind a higher id was not written by one."""


@dataclass(slots=True)
class AuditReport:
    """`faults` is empty when the record is whole; `removed` tells what retention took away, by whom."""

    sealed: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class Latecomers:
    """Recognizes a row that came behind ids sealed long before."""

    def __init__(self) -> None:
        self._recent: deque[tuple[datetime, int]] = deque()
        self._highest_long_ago = 0

    def is_late(self, row_id: int, at: datetime) -> bool:
        while self._recent and self._recent[0][0] < at - LONGEST_TRANSACTION:
            self._highest_long_ago = max(self._highest_long_ago, self._recent.popleft()[1])
        return row_id < self._highest_long_ago

    def add(self, row_id: int, at: datetime) -> None:
        self._recent.append((at, row_id))


async def verify(connection: Connection, heads: Sequence[Head], now: datetime) -> AuditReport:
    """One consistent view of the whole record; `heads` are those that the service published, in any order."""
    verdict, told, latecomers = AuditReport(), _by_count(heads), Latecomers()
    missing: list[int] = []
    previous, position = NOTHING_BEFORE, 0
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for link, found in _chain(connection):
            verdict.sealed += 1
            _compare_links(verdict, link, position, previous)
            previous, position = link.digest, link.position
            if told.get(position, {previous.hex()}) != {previous.hex()}:
                verdict.faults.append(f"the chain up to seal {position} is not the one that was told")
            if found is None:
                missing.append(link.row_id)
            elif found != link.row_digest:
                verdict.faults.append(f"row {link.row_id} was altered")
            if latecomers.is_late(link.row_id, link.sealed_at):
                verdict.faults.append(f"row {link.row_id} was inserted later among older rows")
            latecomers.add(link.row_id, link.sealed_at)
        await _judge_missing(connection, verdict, missing)
        await _judge_unsealed(connection, verdict, latecomers, now)
    verdict.faults += [
        f"the end was cut: {count} rows were sealed and told, {position} seals are left"
        for count in sorted(told)[-1:]
        if count > position
    ]
    return verdict


def _by_count(heads: Sequence[Head]) -> dict[int, set[str]]:
    told: dict[int, set[str]] = {}
    for head in heads:
        told.setdefault(head.count, set()).add(head.digest)
    return told


async def _chain(connection: Connection) -> AsyncIterator[tuple[Link, bytes | None]]:
    """Each link with the digest of its row as it is now; None where the row is gone."""
    async for row in connection.cursor(sql.list_chain, prefetch=1000):
        found = dict(row)
        yield link_of(found), None if found["id"] is None else digest_row(found)


def _compare_links(verdict: AuditReport, link: Link, position: int, previous: bytes) -> None:
    """`position` and `previous` are those of the link before."""
    if link.position != position + 1:
        verdict.faults.append(f"seals {position + 1} to {link.position - 1} are gone")
    elif link.previous != previous:
        verdict.faults.append(f"seal {link.position} (row {link.row_id}) does not follow the one before it")


async def _judge_missing(connection: Connection, verdict: AuditReport, missing: Sequence[int]) -> None:
    removed = {row["row_id"] for row in await connection.fetch(sql.is_removed, missing)}
    verdict.faults += [f"row {row_id} was deleted" for row_id in missing if row_id not in removed]
    for row in await connection.fetch(sql.list_removals):
        verdict.removed.append(
            f"{row['count']} rows by {row['actor']} at {row['at']:%Y-%m-%d %H:%M} UTC: {row['rows']}"
        )


async def _judge_unsealed(connection: Connection, verdict: AuditReport, latecomers: Latecomers, now: datetime) -> None:
    async for row in connection.cursor(sql.find_unsealed, FROM_THE_START, None):
        verdict.unsealed += 1
        if latecomers.is_late(row["id"], now):
            verdict.faults.append(f"row {row['id']} was inserted later among older rows, and is not sealed")
