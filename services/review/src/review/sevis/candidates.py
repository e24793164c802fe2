"""What is ready for a batch, and what keeps the rest out of it: every pre-check with its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from cpt.contracts.values import Person, Segment
from cpt.postgres import Connection
from review.cases.authorized_dates import authorized_dates, require_within_program
from review.cases.data_sheet import SevisText, data_sheet
from review.cases.dossier import Dossier, load_dossier
from review.cases.flags import hours_of
from review.cases.gates import evaluate_gate
from review.cases.replacement import ended
from review.domain import Fault, GateAnswer, Refused
from review.domain.sevis_fields import SevisAddress, exact_line, sevis_address, sevis_line
from review.sevis.domain import FULL_PART, Kind, PreCheck, Replaced, Span, Wanted, pre_checks
from review.sevis.store import Name, OpenRecord, SentRecord, open_by_student, records_by_case, user_ids
from review.store import Case, calendar_in_force

Gate = GateAnswer | Literal["not_asked", "expired", "not_needed"]
TEXTS = ("employer", "course_relevance", "remarks")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`gate` must be open for an Add (P21); `names` tell its segments apart in SEVIS, in the order of `wanted.spans`."""

    case: Case
    wanted: Wanted
    names: tuple[Name, ...]
    gate: Gate
    checks: tuple[PreCheck, ...]
    address_faults: tuple[Fault, ...] = ()

    @property
    def ready(self) -> bool:
        return self.gate in {"open", "not_needed"} and not any(check.blocks for check in self.checks)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of several cases at once, asked for in three questions."""

    records: Mapping[str, Sequence[SentRecord]]
    open: Mapping[str, Sequence[OpenRecord]]
    users: Mapping[str, str]


async def known_of(connection: Connection, cases: Sequence[Case], drawer: Person) -> Known:
    holders = [case.holder.sub for case in cases if case.holder]
    changed = [case.completed.changes.request_id for case in cases if case.completed.changes]
    return Known(
        records=await records_by_case(connection, [*(case.request_id for case in cases), *changed]),
        open=await open_by_student(connection, [case.completed.facts.emplid for case in cases]),
        users=await user_ids(connection, [*holders, drawer.sub]),
    )


async def to_add(
    connection: Connection, case: Case, known: Known, drawer: Person, text: SevisText, now: datetime, valid: timedelta
) -> Candidate:
    """`text`: what the DSO wrote instead of our own words; `valid`: how long SPIRE's answer opens the gate."""
    gate, dossier = await _gate(connection, case, now, valid)
    segments, refused = _segments(dossier)
    sheet = data_sheet(dossier, segments, text).as_sent
    texts = {name: sevis_line(sheet[name]) for name in TEXTS}
    full_part, held = FULL_PART[hours_of(case).time], _held(known.records.get(case.request_id, ()))
    asked = {s: (s.start_date, s.end_date, full_part, texts["employer"].text) for s in segments}
    lacking = [s for s in segments if asked[s] not in held]
    address, faults = work_place(dossier)
    wanted = replace(
        _wanted("add", case, known, drawer, dossier),
        spans=tuple(Span(s.strm, s.start_date, s.end_date) for s in lacking),
        texts=texts,
        address=address,
        standing=tuple((start, end) for start, end, *_ in sorted(held - set(asked.values()))),
        replaced=_replaced(dossier, known, segments),
    )
    checks = refused or pre_checks(wanted, dossier.today)
    if segments and not lacking:
        checks = [PreCheck("SB13", "succeeded", "SEVIS has it already; record the I-20.")]
    return Candidate(case, wanted, tuple(asked[s] for s in lacking), gate, tuple(checks), faults)


async def to_cancel(connection: Connection, case: Case, known: Known, drawer: Person, now: datetime) -> Candidate:
    """Named by exactly what was sent, or typed, for it; SEVIS asks for nothing else."""
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), now)
    names = sorted(_held(known.records.get(case.request_id, ())) or _typed(dossier))
    strms = {s.start_date: s.strm for s in dossier.standing.issued.segments} if dossier.standing else {}
    wanted = replace(
        _wanted("cancel", case, known, drawer, dossier),
        spans=tuple(Span(strms.get(start, ""), start, end) for start, end, _, _ in names),
        texts={"employer": exact_line(names[0][3] if names else case.completed.form.employer)},
    )
    return Candidate(case, wanted, tuple(names), "not_needed", tuple(pre_checks(wanted, dossier.today)))


def work_place(dossier: Dossier) -> tuple[SevisAddress | None, tuple[Fault, ...]]:
    """A29: where the student works, never the letterhead's address. The first place that SEVIS can take."""
    found = [sevis_address(place) for place in dossier.case.completed.form.work_locations]
    return next((one for one in found if one[0]), found[0] if found else (None, ()))


async def _gate(connection: Connection, case: Case, now: datetime, valid: timedelta) -> tuple[Gate, Dossier]:
    """The same question as before a DSO types into SEVIS (P21)."""
    answer, dossier = await evaluate_gate(connection, case, case.issuance_id, now)
    if case.issuance_id is None or case.issuance_asked_at is None:
        return "not_asked", dossier
    return ("expired" if now - case.issuance_asked_at > valid else answer), dossier


def _segments(dossier: Dossier) -> tuple[tuple[Segment, ...], list[PreCheck]]:
    try:
        dates = authorized_dates(dossier, start=dossier.start_set, issued_on=None)
        require_within_program(dossier, start=dossier.start_set, issued_on=None)
    except Refused as refused:
        return (), [PreCheck("SB3" if refused.code == "after_program_end" else "SB1", refused.code, str(refused))]
    return tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments), []


def _replaced(dossier: Dossier, known: Known, segments: Sequence[Segment]) -> Replaced | None:
    earlier = dossier.changes
    found = ended(dossier, segments[0].start_date) if segments else None
    if earlier is None or found is None:
        return None
    held = bool(_held(known.records.get(earlier.request_id, ())))
    return Replaced(found.reference, earlier.start <= dossier.today, found.until, held)


def _held(sent: Iterable[SentRecord]) -> set[Name]:
    """What SEVIS holds by our records: added, and not canceled since."""
    held: set[Name] = set()
    for record in sent:
        if record.state == "succeeded":
            (held.add if record.kind == "add" else held.discard)(record.named_by)
    return held


def _typed(dossier: Dossier) -> set[Name]:
    """What a DSO typed at the screen, as it was kept with the I-20."""
    standing = dossier.standing
    if standing is None or standing.canceled:
        return set()
    employer = (standing.sevis or {}).get("employer") or standing.issued.employer
    full_part = FULL_PART[standing.issued.hours.time]
    return {(s.start_date, s.end_date, full_part, employer) for s in standing.segments}


def _wanted(kind: Kind, case: Case, known: Known, drawer: Person, dossier: Dossier) -> Wanted:
    """What does not depend on the days and the words."""
    student, waiting = dossier.student, known.open.get(case.completed.facts.emplid, ())
    return Wanted(
        kind=kind,
        spans=(),
        texts={},
        address=None,
        sevis_id=student.sevis_id if student else None,
        user_id=known.users.get((case.holder or drawer).sub),
        program_ends=student.program_end_date if student else None,
        degree_completed=bool(student and student.degree_completed_on),
        places=len(case.completed.form.work_locations),
        others=tuple((s.start_date, s.end_date) for other in dossier.others for s in other.segments),
        open_days=tuple((one.start_date, one.end_date) for one in waiting if one.request_id == case.request_id),
        open_of_student=frozenset(one.kind for one in waiting),
    )
