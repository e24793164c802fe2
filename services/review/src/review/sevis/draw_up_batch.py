"""A DSO draws up a batch file of ready authorizations; each case is locked, and every fault is named at once."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.cases.data_sheet import SevisText
from review.cases.ownership import lock_without_line, require_not_own
from review.domain import Fault, Unfit
from review.sevis.candidates import Candidate, known_of, to_add, to_cancel
from review.sevis.domain import MOST_RECORDS, SCHOOL_CODE, conflicts
from review.sevis.store import sql, user_ids
from review.sevis.write_file import Envelope, NotValid, Record, Version, write_file
from review.store import Case, Cause, write_audit

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Batching:
    """How files are made here. `schools`: SEVIS school code by campus; `valid`: how long SPIRE's answer counts."""

    version: Version
    schools: Mapping[str, str]
    schemas: str
    hint: str
    valid: timedelta


@dataclass(frozen=True, slots=True)
class Order:
    """`adds` are cases with the words that the DSO wrote instead of ours; `campus` may be left out where there is one."""

    adds: Mapping[str, SevisText] = field(default_factory=dict)
    cancels: Sequence[str] = ()
    campus: str | None = None


async def draw_up_batch(
    connection: Connection, drawer: Person, order: Order, batching: Batching, now: datetime, *, of_all: bool
) -> str:
    """The batch's ID. `of_all`: a director's batch may hold every adviser's cases. Raises `NoSuchCase`, `Unfit`,
    `Refused` (own_case).
    """
    org_id = school_code(batching, order.campus)
    own = (await user_ids(connection, [drawer.sub])).get(drawer.sub)
    if own is None:
        raise Unfit(Fault("user_id", "missing", "Enter your own SEVIS user ID first: the file names who uploads it."))
    candidates = await _candidates(connection, drawer, order, batching.valid, now, of_all=of_all)
    records = _records(candidates)
    batch_id = _batch_id(eastern_date(now))
    try:
        content = write_file(
            Envelope(batch_id, org_id, own, batching.version, batching.hint), [r for _, r in records], batching.schemas
        )
    except NotValid as error:
        raise Unfit(Fault("batch", "not_valid", f"The file would not follow SEVIS's schema. {error}")) from None
    await _keep(
        connection, batch_id, org_id, batching.version, content, records, Cause("draw_up_batch", drawer.sub, now)
    )
    return batch_id


def school_code(batching: Batching, campus: str | None) -> str:
    """Raises `Unfit`."""
    schools = batching.schools
    name = campus or (next(iter(schools)) if len(schools) == 1 else None)
    if not schools:
        raise Unfit(
            Fault("campus", "no_school_code", "No SEVIS school code is set up for this campus (CPT_SEVIS__SCHOOLS).")
        )
    if name is None or name not in schools:
        raise Unfit(Fault("campus", "unknown", f"Choose the campus of the I-20s: {', '.join(schools)}."))
    if not SCHOOL_CODE.fullmatch(schools[name]):
        raise Unfit(Fault("campus", "bad_school_code", f"The SEVIS school code of {name} is not like BOS214F00000000."))
    return schools[name]


async def _candidates(
    connection: Connection, drawer: Person, order: Order, valid: timedelta, now: datetime, *, of_all: bool
) -> list[Candidate]:
    """Locked in ascending order, so that two batches at once never wait for one another in a circle."""
    chosen = sorted({*order.adds, *order.cancels})
    if not chosen:
        raise Unfit(Fault("adds", "missing", "Choose at least one authorization."))
    if len(chosen) > MOST_RECORDS:
        raise Unfit(Fault("adds", "too_many", f"SEVIS takes {MOST_RECORDS} records in one file; choose fewer."))
    cases = [await lock_without_line(connection, request_id) for request_id in chosen]
    for case in cases:
        require_not_own(case.completed.facts.emplid, drawer)
    known = await known_of(connection, cases, drawer)
    found, faults = [], []
    for case in cases:
        if case.request_id in order.adds:
            text = order.adds[case.request_id]
            one = await to_add(connection, case, known, drawer, text, now, valid)
        else:
            one = await to_cancel(connection, case, known, drawer, now)
        found.append(one)
        faults += _faults(one, drawer, of_all=of_all)
    both = set(order.adds) & set(order.cancels) or conflicts(
        [(one.wanted.sevis_id or "", one.wanted.kind) for one in found]
    )
    if both:
        faults.append(
            Fault(
                "cancels",
                "SB11",
                "A student's record cannot be canceled and added in one file: cancel first, add after its success.",
            )
        )
    if faults:
        raise Unfit(*faults[:100])
    return found


def _faults(one: Candidate, drawer: Person, *, of_all: bool) -> list[Fault]:
    case, reference = one.case, one.case.completed.reference
    if case.holder is not None and case.holder.sub != drawer.sub and not of_all:
        return [Fault(reference, "not_yours", "Another adviser holds this case.")]
    if one.wanted.kind == "add" and case.state != "approved":
        return [Fault(reference, "wrong_state", f"The case is {case.state}; only an approved one is added.")]
    if one.wanted.kind == "cancel" and not one.names:
        return [Fault(reference, "nothing_to_cancel", "SEVIS holds nothing of this case that is known here.")]
    faults = [Fault(reference, check.code, f"{check.message} [{check.number}]") for check in one.checks if check.blocks]
    if one.gate not in {"open", "not_needed"}:
        faults.append(Fault(reference, one.gate, _GATE[one.gate]))
    return faults


_GATE = {
    "not_asked": "The enrollment has not been checked with SPIRE for this I-20 yet (P21). Check it, then draw up the batch.",
    "expired": "SPIRE's last answer is too old. Ask again.",
    "check_pending": "SPIRE is being asked; try again in a moment.",
    "enrollment_not_met": "SPIRE no longer shows the enrollment this request rests on.",
}


def _records(candidates: Sequence[Candidate]) -> list[tuple[Case, Record]]:
    """In the order of their starts (SB11). Raises `Unfit` for more than a file takes."""
    found = [(one.case, _record(one, n)) for one in candidates for n in range(len(one.names))]
    if len(found) > MOST_RECORDS:
        raise Unfit(
            Fault("adds", "too_many", f"These are {len(found)} records; SEVIS takes {MOST_RECORDS} in one file.")
        )
    return sorted(found, key=lambda pair: (pair[1].span.start, pair[1].record_id))


def _record(one: Candidate, n: int) -> Record:
    wanted, (_, _, full_part, employer) = one.wanted, one.names[n]
    assert wanted.sevis_id is not None, "a candidate without one is blocked"
    assert wanted.user_id is not None, "a candidate without one is blocked"
    return Record(
        record_id=f"{wanted.kind[0].upper()}{_token(15)}",
        kind=wanted.kind,
        sevis_id=wanted.sevis_id,
        user_id=wanted.user_id,
        reference=one.case.completed.reference[-9:],
        span=wanted.spans[n],
        full_part=full_part,
        employer=employer,
        address=wanted.address if wanted.kind == "add" else None,
        **{name: wanted.texts[name].text for name in ("course_relevance", "remarks") if name in wanted.texts},
    )


async def _keep(
    connection: Connection,
    batch_id: str,
    org_id: str,
    version: Version,
    content: bytes,
    records: Sequence[tuple[Case, Record]],
    cause: Cause,
) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    await connection.execute(sql.add_batch, batch_id, org_id, version, content, sha256, cause.actor, cause.at)
    await connection.executemany(
        sql.add_record, [_row(batch_id, place, case, r) for place, (case, r) in enumerate(records, 1)]
    )
    await write_audit(connection, cause, "sevis_batch_drawn_up", batch_id, records=len(records), sha256=sha256)
    for request_id in dict.fromkeys(case.request_id for case, _ in records):
        own = [record.record_id for case, record in records if case.request_id == request_id]
        await write_audit(connection, cause, "put_into_sevis_batch", request_id, batch_id=batch_id, records=own)


def _row(batch_id: str, place: int, case: Case, record: Record) -> tuple[Any, ...]:
    return (
        record.record_id, batch_id, place, case.request_id, record.kind, case.completed.facts.emplid, record.sevis_id,
        record.user_id, record.span.strm, record.span.start, record.span.end, record.full_part, record.employer,
        record.course_relevance, record.remarks, asdict(record.address) if record.address else None,
    )  # fmt: skip


def _batch_id(day: date) -> str:
    """Fourteen characters that no restore of an old backup draws again; the table refuses what would be there twice."""
    return f"CPT{day:%y%m%d}{_token(5)}"


def _token(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
