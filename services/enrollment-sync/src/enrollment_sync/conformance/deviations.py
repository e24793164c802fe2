"""What in an answer is not as agreed, in words that hold no value of a person."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from enrollment_sync.domain import Codes
from enrollment_sync.domain.codes import CodeKind

Json = Any
_SAME = ("status", "reason", "grade", "source_seq")


def faults_of(form: type[BaseModel], data: Json) -> list[str]:
    """Every field that is not as agreed, by its place, without its value."""
    try:
        form.model_validate_json(json.dumps(data))
    except ValidationError as error:
        return [f"{'.'.join(map(str, fault['loc'])) or 'it'}: {fault['msg']}" for fault in error.errors()]
    return []


def objects(data: Json, name: str) -> list[Json]:
    found = data.get(name) if isinstance(data, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def another(data: Json, emplid: str) -> list[str]:
    mine = not isinstance(data, dict) or data.get("emplid") in {None, emplid}
    return [] if mine else ["is the record of somebody else"]


def above(data: Json, entries: list[Json]) -> Iterator[str]:
    highest = data.get("source_seq") if isinstance(data, dict) else None
    sequences = [seq for entry in entries if isinstance(seq := entry.get("source_seq"), int)]
    if isinstance(highest, int) and (higher := sum(seq > highest for seq in sequences)):
        yield f"{higher} entries have a higher source_seq than the student"


def other_terms(entries: list[Json], strm: str | None) -> Iterator[str]:
    others = sum(entry.get("strm") != strm for entry in entries) if strm else 0
    if others:
        yield f"holds {others} entries of other terms"


def unknown_codes(codes: Codes, rows: list[Json], withdrawals: list[Json]) -> Iterator[str]:
    """Once for each code, with how often it comes."""
    kinds: tuple[tuple[CodeKind, list[Json]], ...] = (
        ("status", rows),
        ("reason", rows),
        ("withdraw_code", withdrawals),
    )
    for kind, entries in kinds:
        given = [str(entry[kind])[:10] for entry in entries if entry.get(kind)]
        for code in sorted({code for code in given if not codes.knows(kind, code)}):
            yield f"{kind} {code!r} is in no code set ({given.count(code)} times)"


def twice(rows: list[Json]) -> Iterator[str]:
    keys = [key_of(row) for row in rows]
    if twice := len(keys) - len(set(keys)):
        yield f"{twice} classes are there more than once"


def differing(data: list[Json], told: dict[str, list[Json]]) -> Iterator[str]:
    """A change between the two calls looks like a deviation: check again before believing it."""
    shown = [line for line in data if isinstance(line, dict) and "withdraw_code" not in line]
    for number, (emplid, rows) in enumerate(told.items(), 1):
        here = {key_of(row): row for row in shown if row.get("emplid") == emplid}
        there = {key_of(row): row for row in rows}
        if lacking := there.keys() - here.keys():
            yield f"lacks {len(lacking)} rows of student {number}"
        if differ := [k for k in there.keys() & here.keys() if any(there[k].get(n) != here[k].get(n) for n in _SAME)]:
            yield f"{len(differ)} rows of student {number} are not as in the student's own enrollments"


def key_of(row: Json) -> tuple[str, str]:
    return str(row.get("strm")), str(row.get("class_nbr"))
