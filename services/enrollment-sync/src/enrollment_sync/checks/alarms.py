"""What a check shows operations: codes nobody knows, a calendar that does not reach; and the end of each fault."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.spire import StudentRead
from enrollment_sync.store import sql

SPIRE = "SPIRE"
CODE_ELSEWHERE = "code_unknown_elsewhere"
LIKE_A_CODE = re.compile("[A-Z0-9]{1,10}")
SHOWN = 10
CALENDAR = "calendar"


async def spire_answered(connection: Connection, read: StudentRead, now: datetime) -> None:
    """The replica is back and up to date; codes that nobody knows are named, without whose they are (case 8)."""
    for code in ("spire_away", "spire_stale"):
        await connection.execute(sql.clear_alarm, code, SPIRE, now)
    unknown = sorted(
        {f"{raw.get('status')}/{raw.get('reason')} in {term.strm}" for term in read.terms for raw in term.unreadable}
    )
    if unknown:
        message = f"SPIRE shows rows whose status or reason is not known here: {', '.join(unknown)}."
        await connection.execute(sql.raise_alarm, "code_unknown", SPIRE, message, now)
    else:
        await connection.execute(sql.clear_unknown_codes, now)


async def codes_elsewhere(connection: Connection, seen: Mapping[str, Counter[str]], now: datetime) -> None:
    """`seen`: by kind, codes of messages about students whom nobody watches, with how often. What does not look like a
    code may be about somebody and is not shown. A newer version of the codes ends it.
    """
    messages = [
        f"Messages about students who are not watched contain a {kind} that is not known here: {_shown(codes)}."
        for kind, codes in seen.items()
    ]
    times = [codes.total() for codes in seen.values()]
    if times:
        await connection.execute(sql.count_alarms, CODE_ELSEWHERE, list(seen), messages, times, now)


def _shown(codes: Iterable[str]) -> str:
    plain = sorted(code for code in codes if LIKE_A_CODE.fullmatch(code))[:SHOWN]
    return ", ".join(plain) or "nothing like a code"


async def calendar_too_short(connection: Connection, now: datetime) -> None:
    """Case 25; a calendar that is loaded ends it."""
    message = "A request reaches beyond the academic calendar; load a later one."
    await connection.execute(sql.raise_alarm, "calendar_not_loaded", CALENDAR, message, now)


async def spire_is_away(connection: Connection, why: str, now: datetime) -> None:
    await connection.execute(sql.raise_alarm, "spire_away", SPIRE, why, now)


async def spire_is_stale(connection: Connection, now: datetime) -> None:
    message = "SPIRE's answers are older than its own events."
    await connection.execute(sql.raise_alarm, "spire_stale", SPIRE, message, now)
