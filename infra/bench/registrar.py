"""Watched students of an ordinary load, five classes of which their CPT rests on one, and what the registrar tells of them."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import asyncpg
from aiokafka import AIOKafkaProducer

from cpt.contracts.campus import EnrollmentChanged, RowState
from cpt.contracts.envelope import headers_of
from cpt.contracts.event import Event
from cpt.contracts.values import Facts, NamedCourse, StudentProfile

NOW = datetime(2026, 9, 20, 14, tzinfo=UTC)
FALL = {"strm": "1267", "start_date": "2026-09-14", "end_date": "2026-12-11"}
ISSUED = {
    "authorization_version": 1, "employer": "Baystate Robotics Inc.", "location": "Springfield, MA",
    "hours": {"per_week": "15", "time": "part_time"}, "segments": [FALL], "strms": ["1267"],
    "baseline_seq": 10, "relied_on_check": 1, "career": "GRAD", "level": "masters",
    "full_terms": {"1267": ["41234", "42000", "42001", "42002", "42003"]},
}  # fmt: skip
ORIGIN = {"told_by": "read", "happened_at": NOW.isoformat(), "received_at": NOW.isoformat(), "act": None, "actor": None}
PROFILE = StudentProfile(
    name="Ana Lima", email="ana@umass.example", acad_career="GRAD", level="masters", program="MS Computer Science",
    program_end_date=date(2027, 5, 31), admit_until=None, sevis_id=None, english_language_program=False,
    degree_completed_on=None, prior_fulltime_terms=2, fulltime_cpt_days=0,
)  # fmt: skip
CLASSES = (
    ("41234", "PRA", " 698", Decimal(1)),
    *((f"4200{number}", "LEC", f" 51{number}", Decimal(3)) for number in range(4)),
)
"""Class number, component, catalog number, units; the CPT rests on the first."""
_sequence, _ids = count(100), count(1)


def emplid(number: int) -> str:
    return f"{30_000_000 + number}"


async def watch(dsn: str, students: int) -> None:
    """An issued authorization that rests on one practicum, for each."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "enrollment_sync"})
    numbers = range(students)
    profile, issued = PROFILE.model_dump_json(), json.dumps(ISSUED)
    await _copy(connection, "student", "emplid source_seq profile", ((emplid(n), 10, profile) for n in numbers))
    await _copy(
        connection,
        "watch",
        "request_id emplid state facts facts_version checked_terms check_no issued ends_on",
        ((f"r{n}", emplid(n), "open", _facts(n), 1, ["1267"], 1, issued, date(2027, 3, 1)) for n in numbers),
    )
    await _copy(
        connection, "term_floor", "emplid strm source_seq read_at", ((emplid(n), "1267", 10, NOW) for n in numbers)
    )
    await _copy(
        connection,
        "enrollment_row",
        "emplid acad_career institution strm class_nbr session_code component primary_class_nbr subject catalog_nbr "
        "units grading_basis status reason effective_dt source_seq origin",
        (_row(n, *one) for n in numbers for one in CLASSES),
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def corrections(students: Sequence[int], events: int) -> Iterator[EnrollmentChanged]:
    """The units of an enrolled class change, of all classes in turn: stored, and neither a requirement nor the load is touched."""
    for number in range(events):
        turn, student = divmod(number, len(students))
        one = CLASSES[(student + turn) % len(CLASSES)]
        yield _change(students[student], one, "E", "ENRL", Decimal(3 + next(_sequence) % 3))


def drops(students: Sequence[int]) -> Iterator[EnrollmentChanged]:
    """The class of each on which the CPT rests is dropped."""
    for number in students:
        yield _change(number, CLASSES[0], "D", "DROP", Decimal(0))


async def tell(producer: AIOKafkaProducer, event: Event) -> None:
    """Puts it on its way; `flush` of the producer waits for all."""
    headers = headers_of(event, event_id=f"bench-{next(_ids)}", time=datetime.now(UTC), sequence=1, extra={})
    raw = [(name, text.encode()) for name, text in headers.items()]
    await producer.send(event.TOPIC, event.model_dump_json().encode(), key=event.key.encode(), headers=raw)


def _row(number: int, class_nbr: str, component: str, catalog_nbr: str, units: Decimal) -> tuple[object, ...]:
    which = ("GRAD", "UMAMH", "1267", class_nbr, "1", component, class_nbr, "COMPSCI", catalog_nbr)
    return emplid(number), *which, units, "GRD", "E", "ENRL", date(2026, 9, 8), 10, json.dumps(ORIGIN)


def _change(
    number: int, one: tuple[str, str, str, Decimal], status: str, reason: str, units: Decimal
) -> EnrollmentChanged:
    class_nbr, component, catalog_nbr, _ = one
    return EnrollmentChanged(
        emplid=emplid(number), acad_career="GRAD", institution="UMAMH", strm="1267", session_code="1",
        class_nbr=class_nbr, component=component, primary_class_nbr=class_nbr, subject="COMPSCI", catalog_nbr=catalog_nbr,
        units=units, grading_basis="GRD", current=RowState(status=status, reason=reason, units=units),
        action=status, actor="staff", effective_dt=date(2026, 9, 20), source_seq=next(_sequence),
    )  # fmt: skip


def _facts(number: int) -> str:
    return Facts(
        facts_version=1, emplid=emplid(number), route="credit", start_date=date(2026, 9, 14),
        end_date=date(2026, 12, 11), coop=None, courses=(NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698"),),
    ).model_dump_json()  # fmt: skip


async def _copy(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, columns: str, rows: Iterator[tuple[object, ...]]
) -> None:
    await connection.copy_records_to_table(table, columns=columns.split(), records=rows)
