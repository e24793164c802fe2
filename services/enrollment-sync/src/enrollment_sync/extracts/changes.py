"""What a row that changed is told as: the registrar's own events, with a sequence that the extract does not have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.campus import EnrollmentChanged, TermWithdrawn
from enrollment_sync.extracts.fields import NO_WITHDRAWAL, Entry, Key

_STATE = ("status", "reason", "grade", "units")


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What an earlier extract or message told; `as_of`: when that was taken."""

    data: Mapping[str, Any]
    as_of: datetime
    updated: datetime | None
    source_seq: int

    @property
    def ends_the_term(self) -> bool:
        return bool(self.data.get("withdraw_code", NO_WITHDRAWAL) != NO_WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Change:
    """`was`: None for a row that is new here; `at`: when it happened, as far as the row tells."""

    entry: Entry
    was: KnownRow | None
    at: datetime


def is_same(known: KnownRow, entry: Entry) -> bool:
    """A row without a date of its own took the day of its extract, which is no change."""
    data = known.data if "effective_dt" in entry.data else {k: v for k, v in known.data.items() if k != "effective_dt"}
    return data == entry.data


def change_of(entry: Entry, was: KnownRow | None, taken_at: datetime) -> Change:
    """A row's own time counts where it can be: not after the extract was taken."""
    at = entry.updated if entry.updated and entry.updated <= taken_at else taken_at
    if "effective_dt" not in entry.data and entry.record != "STUDENT":
        entry.data["effective_dt"] = eastern_date(at).isoformat()
    return Change(entry, was, at)


def in_order(changes: list[Change]) -> list[Change]:
    """By their own time; what carries none stands at the extract's, a class that is added before one that is left."""
    return sorted(changes, key=lambda change: (change.at, change.entry.data.get("status") != "E", change.entry.row))


def event_of(change: Change, source_seq: int) -> tuple[str, dict[str, Any]] | None:
    """Type and data; None where nothing is to be told."""
    if change.entry.record == "STDNT_ENRL":
        return EnrollmentChanged.TYPE, _changed(change, source_seq)
    if change.entry.record == "STDNT_CAR_TERM":
        code = change.entry.data["withdraw_code"]
        before = change.was.data["withdraw_code"] if change.was else NO_WITHDRAWAL
        return None if code == before else (TermWithdrawn.TYPE, _withdrawal(change.entry, source_seq))
    return None


def _withdrawal(entry: Entry, source_seq: int) -> dict[str, Any]:
    key, data = entry.key, entry.data
    return {
        "emplid": key.emplid,
        "acad_career": key.acad_career,
        "institution": key.institution,
        "strm": key.strm,
        "withdraw_code": data["withdraw_code"],
        "effective_dt": data["effective_dt"],
        "source_seq": source_seq,
    }


def _changed(change: Change, source_seq: int) -> dict[str, Any]:
    data = change.entry.data
    told = {name: value for name, value in data.items() if name not in {"status", "reason", "grade"}}
    return told | {
        "previous": _state(change.was.data) if change.was else None,
        "current": _state(data),
        "action": _action(change),
        "source_seq": source_seq,
    }


def _state(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in _STATE}


def _action(change: Change) -> str:
    """The extract does not tell: enrolled, dropped, or some other maintenance of the row."""
    status = change.entry.data["status"]
    if change.was is not None and change.was.data["status"] == status:
        return "M"
    return status if status in {"E", "D"} else "M"


def vanished(known: Mapping[Key, datetime], seen: Mapping[Key, object], taken_at: datetime) -> Iterator[Key]:
    """Rows that the extract should have and has not; what was told after it was taken is none of them."""
    return (key for key, as_of in known.items() if key not in seen and as_of <= taken_at)
