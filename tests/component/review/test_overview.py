"""What a director steers by, and the files for a spreadsheet."""

import csv
import io
import re
from datetime import timedelta

from cpt.contracts.values import Person
from review.line.assign_next_case import assign_next_case
from review.overview.show_overview import export_cases
from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed
from tests.factories import NOW, checked, completed, facts

ASSIGNED_STATES = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)


async def test_a_director_sees_load_age_volume_and_what_is_late(review, web):
    """R50, R51: who holds what, what is late or at risk, how much came in and how fast it left."""
    await issued(review)
    await review.hear(checked("r2"), completed("r2", 2, facts=facts("30000002"), due_on=NOW.date() - timedelta(days=1)))
    await review.hear(checked("r3"), completed("r3", 3, facts=facts("30000003")))
    async with review.act() as connection:
        await assign_next_case(connection, Person(sub="adviser-7", name="Noor Haddad", email=None), None, review.now)
    async with web("director") as director, web("adviser") as adviser:
        page = (await director.get("/overview")).text
        refused = [(await adviser.get(path)).status_code for path in ("/overview", "/cases.csv")]

    assert "Noor Haddad" in page
    assert '<a href="/cases?due=late&amp;sort=due"><span class="badge bad">1</span></a>' in page
    assert '<td class="number" data-label="Completed">3</td>' in page
    assert '<td class="number" data-label="Issued">1</td>' in page
    assert by_college(page, "College of Engineering") == "1 1 0 0 0"
    assert by_college(page, "MS Computer Science") == "1 1 0 0 0"
    assert "Sep 14, 2026" in page, "what starts in the next two weeks"
    assert refused == [403, 403]


def by_college(page, name):
    """The figures beside a college or a program: approved, issued, returned, denied, and the median days to the I-20."""
    row = next(row for row in page.split("</tr>") if f"<bdi>{name}</bdi>" in row)
    return " ".join(re.findall(r'<td class="number"[^>]*>([^<]*)</td>', row))


async def test_a_college_that_spire_does_not_name_is_not_guessed(review, web):
    await issued(review)
    async with review.act() as connection:
        await connection.execute("UPDATE enrollment_check SET answer = answer #- '{student,college}'")
    async with web("director") as director:
        page = (await director.get("/overview")).text

    assert page.count("SPIRE names none") == 1


async def test_files_hold_words_and_eastern_times_and_nothing_of_the_reader(review, web):
    """A spreadsheet is read by people: no codes, no UTC; never one's own case (A31)."""
    await issued(review)
    await confirmed(review)
    async with web("director") as director, web("director", "30012345") as own:
        cases = (await director.get("/cases.csv")).text
        alerts = (await director.get("/alerts.csv")).text
        none = (await own.get("/cases.csv")).text

    (case,) = csv.DictReader(io.StringIO(cases, newline=""))
    (alert,) = csv.DictReader(io.StringIO(alerts, newline=""))
    assert (case["State"], case["Route"], case["Complete since"]) == ("Issued", "For credit", "2026-09-01 10:00 ET")
    assert (case["Student"], case["First day"], case["Adviser"]) == ("Ana Lima", "2026-09-14", "Dana Reed")
    assert (alert["strm"], alert["state"], alert["received_at"]) == ("Fall 2026", "Confirmed", "2026-09-01 10:00 ET")
    assert list(csv.DictReader(io.StringIO(none, newline=""))) == []


async def test_a_slow_reader_of_all_cases_holds_no_connection_and_is_in_the_record(review):
    """FERPA 99.32: also of an export that breaks off after its first line."""
    await issued(review)
    exporting = export_cases(review.database, Person(sub="director-1", name=None, email=None), review.now)
    first = await anext(exporting)

    assert first["emplid"] == "30012345"
    assert await review.value(ASSIGNED_STATES) == 0
    assert await review.value("SELECT count(*) FROM audit WHERE action = 'cases_exported'") == 1
    await exporting.aclose()
