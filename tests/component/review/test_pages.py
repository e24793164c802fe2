"""What staff get from the pages beside the calls of the API."""

import csv
import io

import pytest

from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed
from tests.factories import checked, completed


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
async def test_no_cell_of_the_alerts_file_is_a_formula(review, web, first):
    """A name or a course that a student or campus typed is text for a spreadsheet, whatever it begins with."""
    await confirmed(review, student_name=f'{first}HYPERLINK("http://x.example")')
    async with web("compliance") as compliance:
        answer = await compliance.get("/alerts.csv")

    (alert,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert alert["student"].startswith(f"'{first}HYPERLINK")
    assert alert["days_left"].lstrip("-").isdigit()


async def test_a_director_is_offered_who_has_held_a_case_and_may_name_anybody(review, web):
    """Case 39: a sign-in name that was mistyped would take the case to nobody; a name that is known goes with it."""
    await review.hear(checked("r1"), completed("r1", 1))
    async with web("adviser", "adviser-5") as adviser:
        await adviser.post("/api/cases/next")
    async with web("director", "director-1") as director:
        desk, case = (await director.get("/")).text, (await director.get("/cases/r1")).text
        moved = await director.post("/cases/r1/reassign", data={"to": " director-1 "})
        back = await director.post("/hand-over", data={"absent": "director-1", "to": "new.person"})
        after = (await director.get("/")).text

    for page in (desk, case):
        assert '<option value="adviser-5">' in page
        assert '<option value="director-1">' in page
    assert (moved.headers["location"], back.headers["location"]) == ("/cases/r1?said=moved", "/?said=moved")
    assert "new.person (1 case)" in after


async def test_a_canceled_authorization_is_never_shown_as_leave_to_work(review, web):
    """X11: on the case, in the list, and in what the adviser is told that the student sees."""
    await issued(review)
    async with web("adviser") as adviser:
        before = (await adviser.get("/cases/r1")).text
        await adviser.post("/cases/r1/authorization", data={"act": "cancel", "reason": "The offer was taken back."})
        after, listed = (await adviser.get("/cases/r1")).text, (await adviser.get("/cases")).text

    assert "The student may work on the dates above" in before
    for page in (after, listed):
        assert '<span class="badge bad">Canceled</span>' in page
        assert '<span class="badge good">Issued</span>' not in page
    assert "may work on the dates above" not in after
    assert "Canceled, with your reason" in after
