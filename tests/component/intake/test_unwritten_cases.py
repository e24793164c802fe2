"""Cases that follow from the rules and stand nowhere: named courses, past training, twins, contracts, agreements."""

from datetime import UTC, date, datetime

import pytest

from cpt.contracts.intake import AgreementLost, RequestCompleted, RequestHeld, StudentReported
from intake.domain.lifecycle import Refused
from intake.student.report_change import report_change
from tests.component.intake import happened
from tests.component.intake.conftest import an_agreement, later


def course(number="698", strm="1267", **more):
    return {"strm": strm, "subject": "COMPSCI", "catalog_nbr": number, **more}


async def issued(intake):
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id)))
    return request_id


async def codes(intake, request_id):
    return {warning.code for warning in (await intake.view(request_id)).warnings}


@pytest.mark.parametrize(
    "ends",
    [
        [date(2026, 11, 30), date(2026, 10, 16)],
        [date(2026, 10, 16), date(2026, 11, 30)],
        [date(2026, 11, 30), date(2026, 10, 16), date(2026, 11, 30)],
    ],
)
async def test_each_change_of_an_agreement_is_told_in_words_of_its_own(intake, ends):
    """Case 79, P23: what the office reads tells which days it runs now."""
    await issued(intake)

    for version, end in enumerate(ends, 2):
        await intake.hear(an_agreement(version=version, end_date=end))

    told = await intake.published(AgreementLost)
    assert [one.end_date for one in told] == ends
    assert all(f"{one.end_date:%B} {one.end_date.day}, 2026" in one.why for one in told)


async def test_a_worse_and_older_version_of_an_agreement_is_no_news(intake):
    """P23: a lower or equal version is ignored."""
    await issued(intake)

    await intake.hear(an_agreement(version=5))
    await intake.hear(an_agreement(version=4, status="withdrawn"), an_agreement(version=5, status="withdrawn"))

    assert await intake.published(AgreementLost) == []


@pytest.mark.parametrize("status", ["pending", "started", "needs_review", "declined", "withdrawn"])
async def test_an_agreement_that_is_anything_but_approved_after_issuance_is_told(intake, status):
    """R35, P23, case 47: only APPROVED counts, also then."""
    await issued(intake)

    await intake.hear(an_agreement(version=2, status=status))

    assert len(await intake.published(AgreementLost)) == 1
    assert await intake.published(RequestHeld) == []


@pytest.mark.parametrize(
    ("start", "end", "over"),
    [("2026-06-01", "2026-08-23", True), ("2026-06-01", "2026-08-24", False), ("2026-08-23", "2026-08-23", True)],
)
async def test_only_training_that_lies_wholly_in_the_past_is_over(intake, start, end, over):
    """A27: today is a day that can still be worked."""
    request_id = await intake.submit(start_date=start, end_date=end, terms=["1265"], courses=[course(strm="1265")])

    assert ("form.end_date" in await intake.missing(request_id)) is over


async def test_the_end_of_training_is_weighed_by_the_eastern_day(intake):
    """A27, case 27: late in the evening of the last day it is tomorrow in UTC, and still today here."""
    intake.now = datetime(2026, 8, 25, 3, 30, tzinfo=UTC)

    request_id = await intake.submit(
        end_date="2026-08-24", start_date="2026-08-17", terms=["1265"], courses=[course(strm="1265")]
    )

    assert "form.end_date" not in await intake.missing(request_id)


@pytest.mark.parametrize("employer", ["Baystate Robotics, Inc.", "BAYSTATE  ROBOTICS INC", "baystate robotics"])
async def test_a_duplicate_is_known_however_the_employer_is_written(intake, employer):
    """A30, case 86."""
    await intake.submit()

    assert "duplicate_request" in await codes(intake, await intake.submit(employer=employer))


@pytest.mark.parametrize(
    "changed", [{"start_date": "2026-09-15"}, {"end_date": "2026-12-10"}, {"employer": "Quabbin Optics LLC"}]
)
async def test_another_day_or_employer_is_no_duplicate(intake, changed):
    """A30: the same employer and dates."""
    await intake.submit()

    assert "duplicate_request" not in await codes(intake, await intake.submit(**changed))


async def test_a_request_that_is_corrected_into_another_one_becomes_its_duplicate(intake):
    """A30: the warning follows the answers, in both of them."""
    first = await intake.submit()
    second = await intake.submit(end_date="2026-12-10")

    await intake.correct(second, end_date="2026-12-11")

    assert "duplicate_request" in await codes(intake, first) & await codes(intake, second)


async def test_the_same_job_of_another_student_is_no_duplicate(intake):
    """A30: of this student."""
    await intake.submit()

    assert "duplicate_request" not in await codes(intake, await intake.submit("30099999"))


@pytest.mark.parametrize(
    ("courses", "missing"),
    [
        ([course()], True),
        ([course(strm="1265")], True),
        ([course(), course("696")], True),
        ([course(), course(strm="1265")], False),
        ([course(), course("696"), course(strm="1265")], False),
    ],
)
async def test_each_overlapped_term_needs_a_course_of_its_own(intake, courses, missing):
    """A23, R23: Summer and Fall; several for one term do not make up for the other."""
    request_id = await intake.submit(start_date="2026-08-10", terms=["1265", "1267"], courses=courses)

    assert ("form.courses" in await intake.missing(request_id)) is missing


async def test_a_coop_needs_one_named_course_in_all(intake):
    """A23: at least one in all."""
    request_id = await intake.submit(
        route="coop", end_date="2027-03-12", terms=["1267", "1273"], courses=[course("398C")]
    )

    assert "form.courses" not in await intake.missing(request_id)


async def test_another_named_course_is_another_request_to_spire(intake):
    """P20: `facts_version` rises, and in line the number is given up."""
    request_id = await intake.complete()
    before = (await intake.request(request_id)).facts_version

    await intake.correct(request_id, courses=[course("696")])

    after = await intake.request(request_id)
    assert after.facts_version == before + 1
    assert len(await intake.published(RequestHeld)) == 1


@pytest.mark.parametrize("spelled", [" 698", "0698"])
async def test_the_same_course_in_another_spelling_costs_no_place(intake, spelled):
    """A23: spaces and leading zeros do not matter."""
    request_id = await intake.complete(courses=[course()])
    before = (await intake.request(request_id)).facts_version

    await intake.correct(request_id, courses=[course(spelled)])

    assert (await intake.request(request_id)).facts_version == before


@pytest.mark.parametrize("what", ["withdrew_from_course", "stopped_working", "will_not_start", "other"])
async def test_what_a_student_reports_is_told_once_and_only_after_issuance(intake, what):
    """Case 81, R32."""
    request_id = await intake.complete()
    with pytest.raises(Refused):
        await intake.act(report_change, request_id, what, date(2026, 10, 1), "")
    await intake.hear(happened.issued(await intake.request(request_id)))

    for _ in range(2):
        await intake.act(report_change, request_id, what, date(2026, 10, 1), "")

    assert [one.what for one in await intake.published(StudentReported)] == [what]


async def test_a_calendar_that_moves_nothing_costs_no_place(intake):
    """Case 26: with the same terms the request stays as it is."""
    request_id = await intake.complete()
    number = (await intake.request(request_id)).receipt_number
    intake.now = later(days=1)

    await intake.hear(an_agreement(version=2))

    assert (await intake.request(request_id)).receipt_number == number
    assert len(await intake.published(RequestCompleted)) == 1
