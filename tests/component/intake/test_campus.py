"""SPIRE's answers and the academic calendar."""

import json
from importlib.resources import files

import pytest

from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import DueDateMoved, RequestCompleted, RequestHeld
from cpt.messaging import Reject
from tests.component.intake import happened
from tests.component.intake.conftest import an_agreement
from tests.factories import a_student


def a_calendar(version=2, *, closures=(), **dates):
    """`dates`: other spans of terms, such as `t1267=("2026-09-08", "2026-12-10")`."""
    form = json.loads(files("cpt.campus").joinpath("illustrative_calendar.json").read_text("utf-8"))
    for term in form["terms"]:
        if span := dates.get(f"t{term['strm']}"):
            term.update(start=span[0], end=span[1], sessions=[])
    closed = [{"date": day, "why": "Snow"} for day in closures]
    return CalendarRevised(version=version, calendar=form | {"version": version, "closures": closed})


async def test_a_student_who_is_not_enrolled_lacks_that_term_until_spire_says_otherwise(intake):
    """R21, R28: the number is given up, a new one comes with the next met."""
    request_id = await intake.complete()
    await intake.hear(happened.checked(await intake.request(request_id), "not_met"))
    (held,) = await intake.published(RequestHeld)
    assert (held.cause, [item.code for item in held.missing]) == ("enrollment", ["enrollment.1267.not_enrolled"])

    await intake.hear(happened.checked(await intake.request(request_id), "met"))

    again = (await intake.published(RequestCompleted))[-1]
    assert (again.round, again.receipt_number, again.check_no) == (2, 2, 2)


async def test_an_older_check_changes_nothing(intake):
    """P4: by its number, not by arrival."""
    request_id = await intake.complete()
    request = await intake.request(request_id)

    await intake.hear(happened.checked(request, "met", no=7), happened.checked(request, "not_met", no=6))

    assert await intake.state(request_id) == "complete"


@pytest.mark.parametrize("outcome", ["cannot_determine", "pending"])
async def test_a_check_that_cannot_tell_is_no_missing_item(intake, outcome):
    """P3, case 25."""
    request_id = await intake.complete()

    await intake.hear(happened.checked(await intake.request(request_id), outcome))

    assert await intake.missing(request_id) == set()


async def test_the_address_spire_has_goes_into_later_events(intake):
    request_id = await intake.with_papers()
    student = a_student(name="Ana Maria Lima", email="new@umass.example")
    await intake.hear(happened.checked(await intake.request(request_id), student=student))

    await intake.hear(an_agreement())

    (told,) = await intake.published(RequestCompleted)
    assert (told.recipient.name, told.recipient.email) == ("Ana Maria Lima", "new@umass.example")


async def test_a_closure_entered_mid_clock_moves_open_due_dates_only(intake):
    """Case 41."""
    open_one, closed_one = await intake.complete("31"), await intake.complete("32")
    await intake.hear(happened.denied(await intake.request(closed_one)))
    before = (await intake.view(open_one)).due_on

    await intake.hear(a_calendar(closures=["2026-08-26"]))

    (moved,) = await intake.published(DueDateMoved)
    assert (moved.request_id, moved.receipt_number, moved.due_on) == (open_one, 1, before.replace(month=9, day=1))
    assert (await intake.view(closed_one)).due_on == before
    said = [line.what for line in (await intake.view(open_one)).history]
    assert "The due date moved to September 1, 2026: the academic calendar has a new closing day" in said


async def test_a_closure_that_is_taken_back_moves_the_due_date_back_and_says_so(intake):
    """Case 41: a day that was entered by mistake."""
    request_id = await intake.complete()
    before = (await intake.view(request_id)).due_on

    await intake.hear(a_calendar(version=2, closures=["2026-08-26"]))
    await intake.hear(a_calendar(version=3))

    later, earlier = await intake.published(DueDateMoved)
    assert ("new closing day" in later.why, "taken off" in earlier.why) == (True, True)
    assert (await intake.view(request_id)).due_on == earlier.due_on == before


async def test_a_revised_calendar_weighs_open_requests_again(intake):
    """R22, case 26: the terms the form names no longer fit its dates."""
    request_id = await intake.submit()
    assert "form.terms" not in await intake.missing(request_id)

    await intake.hear(a_calendar(t1267=("2026-09-08", "2026-12-01"), t1271=("2026-12-05", "2027-01-23")))

    assert "form.terms" in await intake.missing(request_id)


async def test_an_older_calendar_and_one_heard_twice_change_nothing(intake):
    await intake.complete()
    await intake.hear(a_calendar(version=3))

    await intake.hear(a_calendar(version=2, closures=["2026-08-26"]), a_calendar(version=3, closures=["2026-08-26"]))

    assert await intake.published(DueDateMoved) == []


async def test_a_calendar_that_cannot_be_read_is_parked(intake):
    with pytest.raises(Reject, match="terms"):
        await intake.hear(CalendarRevised(version=2, calendar={"version": 2}))


async def test_terms_beyond_the_calendar_are_no_missing_item(intake):
    """Case 25: never treated as no overlap."""
    dates = {"start_date": "2028-01-10", "end_date": "2028-05-01"}
    request_id = await intake.submit(**dates, terms=["1283"])

    assert "form.terms" not in await intake.missing(request_id)
    assert "calendar_not_loaded" in {warning.code for warning in (await intake.view(request_id)).warnings}
