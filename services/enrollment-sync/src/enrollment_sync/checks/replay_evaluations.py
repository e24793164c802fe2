"""Evaluates once more what was stored: the same inputs, rules, calendar and codes give the same answer, or it is named."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.postgres import Connection
from enrollment_sync.code_sets import parse_codes, shipped_codes
from enrollment_sync.domain import Codes, Policy
from enrollment_sync.domain.evaluation import RULE_VERSION
from enrollment_sync.evaluation_inputs import EVALUATION, INPUTS
from enrollment_sync.store import sql

AT_ONCE = 500


async def replay_evaluations(connection: Connection, request_id: str | None) -> AsyncIterator[str]:
    """For each stored evaluation, of one request or of all, oldest first: nothing, or a sentence on how it differs."""
    calendars, codes = await _calendars(connection), await _codes(connection)
    last = 0
    while rows := await connection.fetch(sql.evaluations_after, last, request_id, AT_ONCE):
        for row in rows:
            difference = _difference(dict(row), calendars, codes)
            yield difference and f"evaluation {row['id']} of request {row['request_id']}: {difference}"
        last = rows[-1]["id"]


async def _calendars(connection: Connection) -> dict[int, AcademicCalendar]:
    """By version; before the first that was loaded, the shipped one was in force."""
    shipped = illustrative_calendar()
    loaded = [AcademicCalendar.parse(row["form"]) for row in await connection.fetch(sql.every_calendar)]
    return {calendar.version: calendar for calendar in (shipped, *loaded)}


async def _codes(connection: Connection) -> dict[int, Codes]:
    loaded = [parse_codes(row["form"]) for row in await connection.fetch(sql.every_codes)]
    return {codes.version: codes for codes in (shipped_codes(), *loaded)}


def _difference(
    row: Mapping[str, Any], calendars: Mapping[int, AcademicCalendar], versions: Mapping[int, Codes]
) -> str:
    """In words without personal data: which parts of the answer, not what stands in them."""
    calendar = calendars.get(row["calendar_version"])
    if calendar is None:
        return f"calendar {row['calendar_version']} is not kept"
    codes = versions.get(row["codes_version"])
    if codes is None:
        return f"codes {row['codes_version']} are not kept"
    kept = row["answer"]
    try:
        inputs = INPUTS.validate_python(row["inputs"])
        again = EVALUATION.dump_python(inputs.evaluate(calendar, Policy(codes)), mode="json")
    except ValueError as error:  # what pydantic quotes may be personal
        return f"its inputs cannot be read ({type(error).__name__})"
    outcome, rules = again["outcome"], ""
    if row["rule_version"] != RULE_VERSION:
        again = _as_told_then(again | {"rule_version": row["rule_version"]}, kept)
        rules = f" (rules {row['rule_version']}, now {RULE_VERSION})"
    parts = sorted(name for name in again.keys() | kept.keys() if again.get(name) != kept.get(name))
    if not parts:
        return ""
    return f"{kept.get('outcome')} was stored, {outcome} is the answer now; different: {', '.join(parts)}{rules}"


def _as_told_then(answer: Any, kept: Any) -> Any:
    """Without the fields that the rules of that time did not know."""
    if isinstance(answer, dict) and isinstance(kept, dict):
        return {name: _as_told_then(answer[name], value) for name, value in kept.items() if name in answer}
    if isinstance(answer, list) and isinstance(kept, list) and len(answer) == len(kept):
        return [_as_told_then(*pair) for pair in zip(answer, kept, strict=True)]
    return answer
