"""What became of the requests of a month: a page, a file, one mail to the director."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from cpt.contracts.review import ReturnReason
from cpt.contracts.staff import ReportPrepared
from review.cases.decide_case import return_case
from review.cases.record_i20 import IssuedDocument
from review.reports.send_report import send_report
from review.reports.show_report import show_report
from tests.component.review.acts import assigned, issued, record
from tests.factories import ADVISER, completed, facts

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
FIRST_MORNING = datetime(2026, 10, 1, 12, tzinfo=UTC)  # a Thursday, 8:00 in Amherst
HOUR = 7


async def returned(review, request_id, number, **fields):
    await assigned(review, request_id, number, facts=facts("30000002"), **fields)
    reasons = [ReturnReason(text="Sign it", item="letter.salary"), ReturnReason(text="Who supervises?")]
    async with review.act() as connection:
        await return_case(connection, request_id, ADVISER, reasons, review.now, office_error=False)


async def figures(review, month=SEPTEMBER):
    async with review.act() as connection:
        return await show_report(connection, month)


async def test_a_month_counts_what_became_complete_and_what_was_decided_by_program(review):
    """R50: turnaround from complete to the first I-20, and how often by the due day."""
    await issued(review)
    await returned(review, "r2", 2)

    report = await figures(review)

    told = {name: report.total[name] for name in ("completed", "approved", "issued", "in_time", "returned", "denied")}
    assert told == dict(completed=2, approved=1, issued=1, in_time=1, returned=1, denied=0)
    assert [(one["program"], one["completed"]) for one in report.programs] == [("MS Computer Science", 2)]
    assert {one["item"]: one["times"] for one in report.reasons} == {"letter.salary": 1, "in words only": 1}


async def test_what_was_issued_again_counts_once_and_what_was_late_is_not_in_time(review):
    await issued(review, due_on=review.now.date() - timedelta(days=1))
    await record(review, IssuedDocument("b" * 64, "i20-2.pdf", date(2026, 9, 1), "Kim Lee, PDSO"))
    await review.value("INSERT INTO decision (request_id, at, actor, decision, inputs) SELECT request_id, at, actor, decision, inputs FROM decision WHERE decision = 'issued' RETURNING id")  # fmt: skip

    report = await figures(review)

    assert (report.total["issued"], report.total["in_time"]) == (1, 0)


async def test_a_month_begins_and_ends_at_midnight_in_amherst(review):
    review.now = datetime(2026, 10, 1, 3, 59, tzinfo=UTC)
    await review.hear(completed("r1", 1))
    review.now = datetime(2026, 10, 1, 4, tzinfo=UTC)
    await review.hear(completed("r2", 2, facts=facts("30000002")))

    assert [(await figures(review, month)).total["completed"] for month in (SEPTEMBER, OCTOBER)] == [1, 1]


async def test_the_director_is_told_once_on_the_first_business_day(review):
    """A7: after the hour, and of the month before."""
    await issued(review)
    times = [FIRST_MORNING - timedelta(hours=2), FIRST_MORNING, FIRST_MORNING + timedelta(days=1)]
    told = [await send_report(review.database, HOUR, now) for now in times]

    assert told == [0, 1, 0]
    (sent,) = await review.published(ReportPrepared)
    assert (sent.event.month, sent.event.issued, sent.event.in_time) == (SEPTEMBER, 1, 1)


@pytest.mark.parametrize("now", [datetime(2026, 11, 1, 14, tzinfo=UTC), FIRST_MORNING])
async def test_nobody_is_told_on_a_day_off_or_of_a_month_without_requests(review, now):
    """November 1, 2026 is a Sunday."""
    if now != FIRST_MORNING:
        review.now = datetime(2026, 10, 5, 14, tzinfo=UTC)
        await review.hear(completed("r1", 1))

    assert await send_report(review.database, HOUR, now) == 0
    assert await review.published(ReportPrepared) == []


async def test_a_director_alone_sees_the_page_and_takes_the_file(review, web):
    await issued(review)
    await returned(review, "r2", 2)
    async with web("director") as director, web("adviser") as adviser:
        page = (await director.get("/report?month=2026-09")).text
        rows = list(csv.DictReader(io.StringIO((await director.get("/report.csv?month=2026-09")).text, newline="")))
        wrong = [(await director.get(f"/report?month={month}")).status_code for month in ("2026-13", "soon", "2099-01")]
        refused = [(await adviser.get(path)).status_code for path in ("/report", "/report.csv")]

    assert "Requests in September 2026" in page
    assert '<td class="number" data-label="Returned">1</td>' in page
    assert [(row["By"], row["Name"], row["Returned"]) for row in rows] == [
        ("all", "", "1"),
        ("program", "MS Computer Science", "1"),
        ("reason of a return", "In words only", "1"),
        ("reason of a return", "Letter salary", "1"),
    ]
    assert rows[0]["By the due day"] == "1"
    assert (wrong, refused) == ([422, 422, 422], [403, 403])
