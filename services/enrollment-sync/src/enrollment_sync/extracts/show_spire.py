"""What extracts and messages have told, in the form of SPIRE's read side: as old as the last full extract, and no older
than is allowed.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cpt.postgres import Connection, Database
from cpt.runtime.clock import Clock
from enrollment_sync.extracts.fields import NO_WITHDRAWAL
from enrollment_sync.extracts.store import sql


class NobodyKnown(Exception):
    """No row tells who this is."""


class NotFresh(Exception):
    """No full extract is young enough to prove that what it lacks is gone."""


@dataclass(frozen=True, slots=True)
class ShowSpire:
    """`patience`: how old a full extract may be."""

    database: Database
    clock: Clock
    patience: timedelta

    async def profile(self, emplid: str) -> dict[str, Any]:
        """Raises NobodyKnown."""
        async with self.database.connection() as connection:
            rows = await connection.fetch(sql.rows_of_student, emplid)
        found = next((row["data"] for row in rows if row["record"] == "STUDENT"), None)
        if found is None:
            raise NobodyKnown
        return {"emplid": emplid, **found}

    async def enrollments(self, emplid: str, strm: str | None) -> dict[str, Any]:
        """A student without a row in a term that was told completely has no class there. Raises NotFresh, NobodyKnown."""
        async with self.database.transaction() as connection:
            as_of = await self._fresh(connection, strm)
            rows = await connection.fetch(sql.rows_of_student, emplid)
            last = await connection.fetchval(sql.last_seq)
        if not rows:
            raise NobodyKnown
        mine = [row for row in rows if row["record"] != "STUDENT" and strm in {None, row["strm"]}]
        return {
            "as_of": as_of.isoformat(),
            "source_seq": last,
            "rows": [_class(row) for row in mine if row["record"] == "STDNT_ENRL"],
            "term_withdrawals": [_withdrawal(row) for row in mine if _is_withdrawn(row)],
        }

    async def snapshot(self, strm: str) -> list[bytes]:
        """The lines of the term, in compressed parts of all one moment: a reader may be slow, the transaction is not, and a
        whole campus has a few MB so. Raises NotFresh.
        """
        async with self.database.transaction() as connection:
            await connection.execute(sql.look_at_one_moment)
            as_of = await self._fresh(connection, strm)
            count = await connection.fetchval(sql.count_of_term, strm)
            parts = [_packed([{"strm": strm, "taken_at": as_of.isoformat(), "row_count": count}])]
            after = ("", "", "", "", "")
            while rows := await connection.fetch(sql.rows_of_term, strm, *after):
                parts.append(_packed([_line(row) for row in rows]))
                last = rows[-1]
                after = (last["record"], last["emplid"], last["acad_career"], last["institution"], last["class_nbr"])
        return [*parts, _packed([{"complete": True, "row_count": count}])]

    async def _fresh(self, connection: Connection, strm: str | None) -> datetime:
        told: datetime | None = await connection.fetchval(sql.told_at, strm)
        if told is None:
            raise NotFresh("No full extract of this term has been imported.")
        if self.clock() - told > self.patience:
            hours = self.patience.total_seconds() / 3600
            raise NotFresh(f"The last full extract of this term is older than {hours:g} hours.")
        return told


def _packed(lines: list[dict[str, Any]]) -> bytes:
    return zlib.compress(b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines), 1)


def _line(row: Any) -> dict[str, Any]:
    return {"emplid": row["emplid"], **(_class(row) if row["record"] == "STDNT_ENRL" else _withdrawal(row))}


def _class(row: Any) -> dict[str, Any]:
    return {**row["data"], "source_seq": row["source_seq"]}


def _is_withdrawn(row: Any) -> bool:
    return bool(row["record"] == "STDNT_CAR_TERM" and row["data"]["withdraw_code"] != NO_WITHDRAWAL)


def _withdrawal(row: Any) -> dict[str, Any]:
    names = ("strm", "acad_career", "withdraw_code", "effective_dt")
    return {**{name: row["data"].get(name) for name in names}, "source_seq": row["source_seq"]}
