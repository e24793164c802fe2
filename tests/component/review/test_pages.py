"""What staff get from the pages beside the calls of the API."""

import csv
import io
import re
from contextlib import contextmanager
from datetime import timedelta

import asyncpg
import pytest

from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed
from tests.factories import a_hit, checked, completed, lost


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


async def test_the_board_of_an_adviser_says_whose_alerts_it_shows(review, web):
    """R33: that none of one's own students has one is no word about all of them; the figures for a file are theirs too."""
    await issued(review)
    await confirmed(review)
    pages = {}
    for role, sub in (("adviser", "adviser-1"), ("adviser", "adviser-2"), ("compliance", None)):
        async with web(role, *([sub] if sub else [])) as person:
            pages[sub or role] = (await person.get("/alerts")).text, (await person.get("/alerts.csv")).text

    assert "1 alert is open for your students" in pages["adviser-1"][0]
    assert "0 alerts of other advisers’ students are open and not shown here" in pages["adviser-1"][0]
    assert pages["adviser-2"][0].count("None of your students has an open alert") == 2
    assert "1 alert of other advisers’ students is open and not shown here" in pages["adviser-2"][0]
    assert "No alert is open" not in pages["adviser-2"][0]
    assert "1 alert is open, 1 not acknowledged" in pages["compliance"][0]
    rows = {who: len(list(csv.DictReader(io.StringIO(file, newline="")))) for who, (_, file) in pages.items()}
    assert rows == {"adviser-1": 1, "adviser-2": 0, "compliance": 1}


async def test_case_and_alert_lead_to_each_other_and_the_list_shows_it(review, web):
    """R33: a case with an open alert is no case like the others."""
    await issued(review)
    await confirmed(review)
    alert_id = await review.value("SELECT alert_id FROM alert")
    async with web("director") as director:
        case, listed, alert = [
            (await director.get(path)).text for path in ("/cases/r1", "/cases", f"/alerts/{alert_id}")
        ]

    assert f'<a href="/alerts/{alert_id}">' in case
    assert 'href="/cases/r1"' in alert
    assert "1 open alert" in listed


NUMBERS = 225
COPIES = """
INSERT INTO case_file (request_id, state, round, receipt_number, completion, facts_version)
SELECT 'copy-' || n, CASE WHEN n % 2 = 0 THEN 'pending' ELSE 'returned' END, 1, n,
       jsonb_set(completion, '{facts,emplid}', to_jsonb('4' || lpad(n::text, 7, '0'))), 1
  FROM case_file CROSS JOIN generate_series(2, $1) AS n WHERE request_id = 'r1'
"""


async def test_every_case_is_reachable_from_the_list_the_newest_first(review, web):
    """R51: no list ends in silence; the pages, their counts and their addresses agree, and no row asks anything."""
    await review.hear(checked("r1"), completed("r1", 1))
    async with review.act() as connection:
        await connection.execute(COPIES, NUMBERS)
    async with web("director") as director:
        first = (await director.get("/cases")).text
        pages = [(await director.get("/cases", params={"page": n})).text for n in range(1, 7)]
        returned = (await director.get("/cases?state=returned")).text
        beyond = (await director.get("/cases?page=9999")).text
        with counted() as short:
            await director.get("/cases?page=6")
        with counted() as long:
            await director.get("/cases?page=1")
        refused = await director.get("/cases?page=0")

    found = [int(number) for page in pages for number in re.findall(r'data-label="Number">(\d+)<', page)]
    assert found == list(range(NUMBERS, 0, -1))
    assert "Newest first: 1 to 40." in first
    assert f">All {NUMBERS}<" in first
    assert 'href="/cases?state=returned&amp;page=2" rel="next"' in returned
    assert "225, the end of the list" in pages[-1]
    assert "The list ends before this page." in beyond
    assert (len(short), refused.status_code) == (len(long), 422)


@contextmanager
def counted():
    """The statements that are sent meanwhile."""
    sent, fetch = [], asyncpg.Connection._execute

    async def counting(self, query, *args, **options):
        sent.append(query)
        return await fetch(self, query, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_execute", counting)
        yield sent


async def test_what_was_detected_on_its_effective_day_took_no_hours(review, web):
    """P25: an effective date has no hour, so the time since it is counted in days."""
    await confirmed(review, effective_on=review.now.date())
    async with web("director") as director:
        same = (await director.get("/figures")).text
    await review.hear(lost("late", effective_on=review.now.date() - timedelta(days=3), hits=[a_hit("r9")]))
    await review.hear(lost("later", effective_on=review.now.date() - timedelta(days=3), hits=[a_hit("r9")]))
    async with web("director") as director:
        later = (await director.get("/figures")).text

    assert 'data-label="Effective to detected">same day<' in same
    assert 'data-label="Effective to detected">3 days<' in later


LIVE = {
    "/alerts": ("watch", "filters", "board"),
    "/": ("standing", "today", "my-cases", "my-tasks"),
    "/cases/r1": ("badges", "notices", "tiles", "findings", "story"),
}


@pytest.mark.parametrize("path", LIVE)
async def test_what_changes_together_is_followed_together(review, web, path):
    """A number beside a list that has moved on is false: every region of the page follows the same answer."""
    await issued(review)
    async with web("director", "adviser-1") as director:
        page = (await director.get(path)).text

    for region in LIVE[path]:
        assert re.search(rf'id="{region}"[^>]* data-live="\d', page), region
