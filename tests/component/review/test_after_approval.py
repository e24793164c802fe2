"""What happens beside the flow: changed authorizations, the data sheet, notes, messages, retention."""

import json
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import StudentAnswered, StudentReported
from cpt.contracts.review import I20Issued, IssuanceAsked
from cpt.contracts.staff import AuthorizationChanged, StudentMessaged
from cpt.contracts.values import CoopContract
from review.authorizations import Change
from review.cases.change_authorization import change_authorization
from review.cases.data_sheet import SevisText
from review.cases.decide_case import deny_case
from review.cases.hand_over_case import reassign_case
from review.cases.place_legal_hold import lift_legal_hold, place_legal_hold
from review.cases.record_i20 import IssuedDocument
from review.cases.retain_cases import retain_cases
from review.cases.show_data_sheet import show_data_sheet
from review.cases.write_case_notes import add_note, message_student
from review.domain import Refused, Unfit
from review.tasks.finish_task import finish_task
from tests.component.review.acts import approved, asked, assigned, issued, record, view
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, NOW, a_form, a_student, checked, facts

RUNNING = datetime(2026, 10, 1, 14, tzinfo=UTC)
LATER = datetime(2032, 7, 1, tzinfo=UTC)


async def change(review, until=None, by=ADVISER):
    async with review.act() as connection:
        await change_authorization(connection, "r1", by, Change(until, "The employer withdrew"), review.now)


async def sheet(review):
    async with review.act() as connection:
        return await show_data_sheet(connection, "r1", ADVISER, review.now)


async def test_an_authorization_is_canceled_before_its_start_and_everybody_follows(review):
    """X11: what was issued is kept exactly as it was."""
    await issued(review)
    await change(review)

    (told,) = await review.published(AuthorizationChanged)
    assert (told.event.canceled, told.event.segments, told.event.recipient.name) == (True, (), "Ana Lima")
    shown = await view(review)
    assert (shown["state"], shown["segments"], shown["authorization"]["canceled"]) == ("issued", [], True)
    assert shown["authorization"]["as_issued"][0]["start_date"] == date(2026, 9, 14)


@pytest.mark.parametrize(
    ("today", "until", "code"),
    [
        (RUNNING, None, "x11_started"),
        (datetime(2026, 9, 14, 4, tzinfo=UTC), None, "x11_started"),
        (datetime(2026, 12, 12, 14, tzinfo=UTC), date(2026, 12, 1), "x12_ended"),
    ],
)
async def test_sevis_allows_no_cancellation_after_the_start_and_no_edit_after_the_end(review, today, until, code):
    """X11, X12; case 27: the Eastern day counts."""
    await issued(review)
    review.now = today

    with pytest.raises(Refused) as refused:
        await change(review, until)
    assert (refused.value.code, await review.published(AuthorizationChanged)) == (code, [])


async def test_an_authorization_is_shortened_and_never_made_longer(review):
    """X6: more days are a new approval."""
    await issued(review)
    review.now = RUNNING
    with pytest.raises(Unfit, match="new request"):
        await change(review, date(2026, 12, 12))
    with pytest.raises(Unfit, match="cancel it"):
        await change(review, date(2026, 9, 1))
    await change(review, date(2026, 10, 30))

    (told,) = await review.published(AuthorizationChanged)
    assert told.event.authorized_until == told.event.segments[-1].end_date == date(2026, 10, 30)


async def correct(review):
    """Another I-20 for the same case, issued while the training runs."""
    review.now = RUNNING
    corrected = IssuedDocument("b" * 64, "i20-2.pdf", date(2026, 10, 1), "Kim Lee, PDSO")
    assert await record(review, corrected) == "check_pending"
    await review.hear(checked(check_no=4, asked_by=[await asked(review, IssuanceAsked)]))
    assert await record(review, corrected) == "open"
    first, second = [e.event.segments for e in await review.published(I20Issued)]
    return (first[0].start_date, first[-1].end_date), (second[0].start_date, second[-1].end_date)


COOP = CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11))


@pytest.mark.parametrize("coop", [None, COOP])
async def test_a_corrected_i20_takes_no_day_that_was_worked_under_the_one_it_replaces(review, coop):
    """Case 65, A16: a correction while the training runs, by a document of that day, authorizes the same days."""
    await issued(review, facts=facts(coop=coop))

    before, after = await correct(review)

    assert after == before == (date(2026, 9, 14), date(2026, 12, 11))


@pytest.mark.parametrize("coop", [None, COOP])
async def test_a_corrected_i20_gives_no_day_back_that_was_cut_off(review, coop):
    """X6, case 65: more days are a new approval."""
    await issued(review, facts=facts(coop=coop))
    review.now = RUNNING
    await change(review, date(2026, 10, 30))

    _, after = await correct(review)

    assert after == (date(2026, 9, 14), date(2026, 10, 30))


def revised(version, end):
    """The illustrative calendar whose Fall 2026 ends on another day."""
    form = illustrative_calendar().to_form() | {"version": version}
    terms = [term | ({"end": end, "sessions": []} if term["strm"] == "1267" else {}) for term in form["terms"]]
    return CalendarRevised(version=version, calendar=form | {"terms": terms})


async def test_an_i20_that_the_revised_calendar_no_longer_carries_is_a_dsos_to_look_at(review):
    """Case 26: told for each revision that takes days away, also further ones; nothing changes silently."""
    await issued(review)
    before = await view(review)

    await review.hear(
        revised(2, "2026-12-22"),
        revised(4, "2026-12-10"),
        revised(5, "2026-12-10"),
        revised(6, "2026-12-09"),
        revised(3, "2026-12-08"),
        revised(7, "2026-12-10"),
    )

    assert await review.tasks() == ["calendar_revised", "calendar_revised"]
    assert (await view(review))["segments"] == before["segments"]


@pytest.mark.parametrize("at", [datetime(2026, 12, 12, 14, tzinfo=UTC), datetime(2026, 12, 12, 4, tzinfo=UTC)])
async def test_a_calendar_revised_after_the_last_day_asks_nobody(review, at):
    """Cases 26 and 27: until midnight in Amherst the last day is not over."""
    await issued(review)
    review.now = at

    await review.hear(revised(2, "2026-12-01"))

    assert await review.tasks() == (["calendar_revised"] if at.hour == 4 else [])


async def test_a_coops_dates_are_its_contracts_whatever_the_calendar_says(review):
    """R59, case 26."""
    contract = CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 14), end_date=date(2027, 3, 1))
    await issued(review, facts=facts(route="coop", coop=contract))

    await review.hear(revised(2, "2026-12-01"))

    assert await review.tasks() == []


async def test_only_the_adviser_who_holds_the_case_changes_it_and_a_director_hands_it_over(review):
    """Case 39: an adviser leaves, somebody else answers for the authorization."""
    await issued(review)
    with pytest.raises(Refused) as refused:
        await change(review, by=COLLEAGUE)
    assert refused.value.code == "not_yours"
    async with review.act() as connection:
        await reassign_case(connection, "r1", DIRECTOR, COLLEAGUE, review.now)

    await change(review, by=COLLEAGUE)
    assert len(await review.published(AuthorizationChanged)) == 1


async def test_a_corrected_i20_stands_after_a_cancellation(review):
    """Case 65: the old endorsement is superseded, its change with it."""
    await issued(review)
    await change(review)
    await record(review, IssuedDocument("b" * 64, "i20-2.pdf", date(2026, 9, 1), "Kim Lee"))
    question = (await review.published())[-1].id
    await review.hear(checked(check_no=4, asked_by=[question]))
    await record(review, IssuedDocument("b" * 64, "i20-2.pdf", date(2026, 9, 1), "Kim Lee"))

    shown = await view(review)
    assert (shown["authorization_version"], shown["authorization"]["canceled"]) == (2, False)
    assert len(shown["segments"]) == 1


@pytest.mark.parametrize(
    ("what", "task"),
    [("will_not_start", "student_will_not_start"), ("withdrew_from_course", "student_withdrew_from_course")],
)
async def test_what_a_student_reports_is_a_task_and_ends_nothing(review, what, task):
    """R33: a person judges."""
    await issued(review)
    report = StudentReported(request_id="r1", round=1, what=what, on=date(2026, 9, 10), words="Offer gone", at=NOW)
    await review.hear(report)

    shown = await view(review)
    assert ([t["code"] for t in shown["tasks"]], shown["authorization"]["canceled"]) == ([task], False)
    assert "Offer gone" in shown["tasks"][0]["message"]


async def test_a_task_is_seen_to_once(review):
    await assigned(review)
    await review.hear(StudentReported(request_id="r1", round=1, what="other", on=None, words="", at=NOW))
    (task,) = (await view(review))["tasks"]
    async with review.act() as connection:
        await finish_task(connection, int(task["task_id"]), ADVISER, "Called", review.now)

    assert [note["text"] for note in (await view(review))["notes"]] == ["Called"]
    async with review.act() as connection:
        with pytest.raises(Refused):
            await finish_task(connection, int(task["task_id"]), ADVISER, "", review.now)


async def test_the_i20_names_employer_location_and_the_days_of_the_term(review):
    """R55–R58: the grant is an updated I-20, its days within the academic calendar."""
    await issued(review, form=a_form(employer="Acme Inc."))

    (event,) = [envelope.event for envelope in await review.published(I20Issued)]
    assert (event.employer, event.location, event.document.sha256) == ("Acme Inc.", "Springfield, MA", "a" * 64)
    assert [segment.strm for segment in event.segments] == ["1267"]


async def test_the_data_sheet_has_the_exact_strings_for_sevis(review):
    """R56, R57, domain 3.7: employer, address, FT or PT, dates."""
    await approved(review, form=a_form(employer=" Baystate \n Robotics  Inc. ", hours_per_week=21))

    shown = await sheet(review)
    assert (shown["employer"], shown["faults"], shown["recorded"]) == ("Baystate Robotics Inc.", [], False)
    assert shown["employment"] == [{"start_date": "2026-09-14", "end_date": "2026-12-11", "time": "FT"}]
    assert shown["locations"][0]["postal_code"] == "01103"


async def test_the_data_sheet_names_every_string_that_is_too_long(review):
    """Domain 3.7: employer 100, course relevance 250."""
    await approved(review, form=a_form(employer="E" * 101, duties="d" * 300))

    assert [fault["field"] for fault in (await sheet(review))["faults"]] == ["employer", "course_relevance"]


async def test_what_was_typed_into_sevis_is_kept_with_the_i20(review):
    """Domain 3.7: a cancellation names the record by it."""
    text = SevisText(course_relevance="Practicum of the MS program", remarks="Desk B")
    await issued(review, IssuedDocument("a" * 64, "i20.pdf", date(2026, 9, 1), "Kim Lee", text))

    shown = await sheet(review)
    assert (shown["recorded"], shown["course_relevance"], shown["remarks"]) == (
        True, "Practicum of the MS program", "Desk B"
    )  # fmt: skip


async def test_texts_that_sevis_would_refuse_are_refused_all_at_once(review):
    await approved(review)
    text = SevisText(employer="E" * 101, course_relevance="r" * 251, remarks="x" * 251)

    with pytest.raises(Unfit) as unfit:
        await record(review, IssuedDocument("a" * 64, "i20.pdf", date(2026, 9, 1), "Kim Lee", text))
    assert [fault.field for fault in unfit.value.faults] == ["employer", "course_relevance", "remarks"]


async def test_a_note_of_the_staff_is_in_no_event(review):
    """A20: staff see notes, the student sees items and messages."""
    await assigned(review)
    async with review.act() as connection:
        await add_note(connection, "r1", ADVISER, "Sounds evasive", review.now)
        await message_student(connection, "r1", ADVISER, "Please call us.", review.now)

    events = [envelope.event for envelope in await review.published()]
    assert not [event for event in events if "evasive" in event.model_dump_json()]
    assert [event.text for event in events if isinstance(event, StudentMessaged)] == ["Please call us."]
    shown = await view(review)
    assert ([n["text"] for n in shown["notes"]], [m["text"] for m in shown["messages"]]) == (
        ["Sounds evasive"], ["Please call us."]
    )  # fmt: skip


async def test_every_decision_is_kept_with_what_it_rested_on(review):
    """R60, docs/architecture.md: rule version, calendar version, inputs, actor; a row never changes."""
    await issued(review)
    async with review.act() as connection:
        rows = await connection.fetch("SELECT * FROM decision ORDER BY id")

    assert [(row["decision"], row["actor"], row["rule_version"], row["calendar_version"]) for row in rows] == [
        ("approved", "adviser-1", "1", 1),
        ("issued", "adviser-1", "1", 1),
    ]
    assert (rows[0]["inputs"]["check_no"], rows[0]["inputs"]["facts"]["route"]) == (2, "credit")
    with pytest.raises(asyncpg.PostgresError, match="never changes"):
        async with review.act() as connection:
            await connection.execute("UPDATE decision SET actor = 'nobody'")


async def test_a_denial_names_a_person_and_its_reason_is_kept(review):
    """R60: granted only if the criteria are met, denied by a person alone."""
    await assigned(review)
    async with review.act() as connection:
        await deny_case(connection, "r1", ADVISER, "Not related to the program", review.now)
        row = await connection.fetchrow("SELECT decision, actor, inputs FROM decision")

    assert (row["decision"], row["actor"], row["inputs"]["said"]) == (
        "denied", "adviser-1", {"reason": "Not related to the program"}
    )  # fmt: skip


async def purged(review, now, **options):
    return await retain_cases(review.database, now, 5, **options)


async def test_a_case_is_kept_five_years_after_the_end_of_study(review):
    """Domain 1.3: counted from the program's end in May 2027, later than the last event."""
    await issued(review)

    assert await purged(review, datetime(2032, 5, 31, 14, tzinfo=UTC)) == []
    assert await purged(review, LATER, dry_run=True) == ["r1"]
    assert await review.case() is not None
    assert [await purged(review, LATER), await review.case()] == [["r1"], None]
    async with review.act() as connection:
        logged = await connection.fetchval("SELECT detail FROM audit WHERE action = 'case_purged'")
        left = [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in (
            "authorization_issued", "decision", "check_history", "enrollment_check", "task"
        )]  # fmt: skip
    assert (logged["counted_from"], set(left)) == ("2027-05-31", {0})


async def test_the_last_event_counts_where_study_ended_before_it(review):
    """Domain 1.3: last event, too; reading the file is none."""
    gone = {"student": a_student(program_end_date=date(2026, 5, 31))}
    await assigned(review)
    await review.hear(checked(check_no=2, **gone))
    async with review.act() as connection:
        await deny_case(connection, "r1", ADVISER, "No", review.now)
    review.now = datetime(2031, 8, 1, tzinfo=UTC)
    await view(review)

    assert await purged(review, datetime(2031, 9, 1, 14, tzinfo=UTC)) == []
    assert await purged(review, datetime(2031, 9, 3, 14, tzinfo=UTC)) == ["r1"]


async def test_a_legal_hold_stops_retention_until_a_director_lifts_it(review):
    """Case 70: with a reason, and logged."""
    await issued(review)
    async with review.act() as connection:
        await place_legal_hold(connection, "r1", DIRECTOR, "Subpoena 12", review.now)
    assert (await view(review))["legal_hold"]["text"] == "Subpoena 12"
    assert await purged(review, LATER) == []
    async with review.act() as connection:
        await lift_legal_hold(connection, "r1", DIRECTOR, "Settled", review.now)
        actions = await connection.fetch("SELECT action FROM audit WHERE action LIKE 'legal_hold%' ORDER BY id")

    assert [row["action"] for row in actions] == ["legal_hold_placed", "legal_hold_lifted"]
    assert await purged(review, LATER + timedelta(days=5 * 366)) == ["r1"]


async def test_a_case_in_somebodys_hands_is_never_purged(review):
    await assigned(review)

    assert await purged(review, LATER + timedelta(days=3000)) == []


async def test_the_proof_of_the_line_outlives_the_case(review):
    """P14: the log holds numbers and ids only."""
    await issued(review)
    await purged(review, LATER)
    async with review.act() as connection:
        entries = await connection.fetch("SELECT * FROM line_log")

    assert len(entries) == 3
    assert "Ana" not in json.dumps([dict(entry) for entry in entries], default=str)


async def test_a_students_answer_stands_with_the_messages_until_the_office_writes_again(review):
    """A20: a task for whoever holds the case; of a case that is gone nothing is kept."""
    await assigned(review)
    await review.hear(StudentAnswered(request_id="r1", round=1, text="No, in Springfield.", at=review.now))
    await review.hear(StudentAnswered(request_id="gone", round=1, text="Hello?", at=review.now))
    before = await view(review)
    async with review.act() as connection:
        await message_student(connection, "r1", ADVISER, "Thank you.", review.now)
    after = await view(review)

    assert [(line["by"], line["text"]) for line in before["messages"]] == [("student", "No, in Springfield.")]
    assert [task["message"] for task in before["tasks"]] == ["The student answered: No, in Springfield."]
    assert after["tasks"] == []


async def test_a_colleague_who_has_long_gone_is_forgotten_and_one_who_comes_is_not(review):
    """Case 70: people's data is kept as long as cases are; whoever holds a case keeps their name."""
    await assigned(review)
    async with review.act() as connection:
        for sub in (ADVISER.sub, COLLEAGUE.sub):
            await connection.execute(
                "INSERT INTO colleague (sub, name, is_dso, seen_at) VALUES ($1, 'Somebody', true, $2)", sub, NOW
            )
    await retain_cases(review.database, LATER, 5)
    async with review.act() as connection:
        left = [row["sub"] for row in await connection.fetch("SELECT sub FROM colleague")]

    assert left == [ADVISER.sub]
