"""What a release before named courses left in the database goes on: watched by the only training, else by every drop (A23)."""

import json
import shutil
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CoursesAssumed
from cpt.postgres.migrations import migrate
from enrollment_sync.checks.replay_evaluations import replay_evaluations
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.domain import Enrollments, Policy, Student
from enrollment_sync.evaluation_inputs import EVALUATION, INPUTS, Inputs
from enrollment_sync.mapping import entry_of
from enrollment_sync.watch import Issued
from tests.component.enrollment_sync.conftest import PROFILE
from tests.component.enrollment_sync.told import START, a_row, added, changed, issued, session_withdrawn
from tests.factories import facts

FOLDER = Path("services/enrollment-sync/migrations")
OLD_ONES = sorted(FOLDER.glob("000[1-7]_*.sql"))
EMPLID = "30012345"
LECTURE = dict(catalog_nbr=" 510", component="LEC")
SECOND = dict(catalog_nbr=" 696")
PROVENANCE = {"told_by": "SPIRE read", "happened_at": START.isoformat(), "received_at": START.isoformat()}
SINCE = {"courses", "usual", "unnamed", "summer_coop_exempt"}
STATUS = {"career", "level", "full_terms"}
"""Fields that this release stores and that one did not."""


def as_before(value, since=SINCE):
    if isinstance(value, dict):
        return {name: as_before(one, since) for name, one in value.items() if name not in since}
    return [as_before(one, since) for one in value] if isinstance(value, list) else value


@pytest.fixture
def training():
    """Classes beside the lecture."""
    return [added(seq=10)]


@pytest.fixture
async def roles(postgres, tmp_path, training):
    """The tables of before with one watch after issuance, then the migrations to this release."""
    parts, name = urlsplit(postgres), f"test_{uuid.uuid4().hex}"
    dsn = urlunsplit(parts._replace(path=f"/{name}"))
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE DATABASE {name}")
    before = tmp_path / "before"
    before.mkdir()
    for file in OLD_ONES:
        shutil.copy(file, before)
    await migrate(dsn, "enrollment_sync", before)
    await _fill(dsn, [added("50001", seq=9, units="9.00", **LECTURE), *training])
    await migrate(dsn, "enrollment_sync", FOLDER)
    yield dict.fromkeys(("admin", "worker", "web"), dsn)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def _fill(dsn, events):
    rows = [entry_of(event) for event in events]
    told, calendar = facts(EMPLID, courses=()), illustrative_calendar()
    inputs = Inputs(told, Student("GRAD", "masters"), Enrollments(tuple(rows), (), {"1267": 10}))
    answer = inputs.evaluate(calendar, Policy(shipped_codes()))
    stands = Issued.of(issued(courses=()), calendar, 10).model_dump(mode="json")
    kept = json.dumps(as_before(told.model_dump(mode="json"))), json.dumps(as_before(stands, STATUS))
    replayed = as_before(INPUTS.dump_python(inputs, mode="json")), EVALUATION.dump_python(answer, mode="json")
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "enrollment_sync"})
    profile = json.dumps(PROFILE | dict.fromkeys(("admit_until", "sevis_id", "degree_completed_on")))
    await connection.execute("INSERT INTO student (emplid, source_seq, profile) VALUES ($1, 10, $2)", EMPLID, profile)
    watch = "INSERT INTO watch (request_id, emplid, state, facts, facts_version, checked_terms, issued)"
    await connection.execute(f"{watch} VALUES ('r1', $1, 'open', $2, 1, '{{1267}}', $3)", EMPLID, *kept)
    for event, row in zip(events, rows, strict=True):
        stored = event.model_dump(mode="json") | event.current.model_dump(mode="json") | {"origin": PROVENANCE}
        insert = "INSERT INTO enrollment_row SELECT * FROM json_populate_record(NULL::enrollment_row, $1)"
        await connection.execute(insert, json.dumps(stored | {"source_seq": row.source_seq}))
    floor = "INSERT INTO term_floor SELECT * FROM json_populate_record(NULL::term_floor, $1)"
    read = dict(emplid=EMPLID, strm="1267", source_seq=10, unreadable=[], read_at=START.isoformat())
    await connection.execute(floor, json.dumps(read))
    evaluation = "INSERT INTO evaluation (request_id, check_no, rule_version, calendar_version, inputs, answer, at)"
    old = as_before(replayed[1]) | {"rule_version": "1"}
    values = json.dumps(replayed[0]), json.dumps(old), START
    await connection.execute(f"{evaluation} VALUES ('r1', 1, '1', {calendar.version}, $1, $2, $3)", *values)
    await connection.close()


async def test_the_only_class_that_looks_like_training_is_watched_from_the_first_message_on(sync):
    """A23: no read is needed first."""
    await sync.hear(changed("50001", seq=20, **LECTURE))
    assert await sync.losses() == []
    (assumed,) = await sync.published(CoursesAssumed)
    assert [course.catalog_nbr for course in assumed.courses] == ["698"]

    await sync.hear(changed(seq=21))
    assert [(loss.course, loss.unnamed) for loss in await sync.losses()] == [("COMPSCI 698", False)]


@pytest.mark.parametrize("training", [[added(seq=10), added("51111", seq=8, **SECOND)], []], ids=["two", "none"])
async def test_until_the_course_is_named_every_drop_is_told(sync, training):
    """A23, P24: with two that look like training, or none; a withdrawal takes what is left for certain."""
    await sync.hear(added("50002", seq=19, units="3.00", **LECTURE))
    await sync.hear(changed("50001", seq=20, **LECTURE))
    (assumed,) = await sync.published(CoursesAssumed)
    assert (assumed.courses, assumed.unnamed) == ((), ("1267",))
    assert [(loss.class_nbr, loss.unnamed) for loss in await sync.losses()] == [("50001", True)]

    await sync.hear(session_withdrawn(seq=30))
    assert [loss.unnamed for loss in await sync.losses()] == [True, False]


async def test_a_read_finds_what_was_dropped_while_the_release_changed(sync):
    """A23, P19: what the last read of before showed is what was meant."""
    lecture = a_row("50001", 9, units="9.00", **LECTURE)
    await sync.shows(a_row(seq=20, status="D", reason="DROP", units="0"), lecture)

    await sync.reconcile()

    assert [(loss.course, loss.unnamed) for loss in await sync.losses()] == [("COMPSCI 698", False)]


async def test_an_evaluation_by_the_rules_of_before_replays_to_its_answer(sync):
    """R28: what these rules add beside is no difference; another answer is named with both versions."""

    async def replayed():
        async with sync.database.connection() as connection:
            return [line async for line in replay_evaluations(connection, None)]

    assert await replayed() == [""]
    await sync.rows("""UPDATE evaluation SET answer = jsonb_set(answer, '{outcome}', '"not_met"')""")
    (line,) = await replayed()
    assert "different: outcome (rules 1, now 3)" in line
