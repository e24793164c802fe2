"""The form's pages: what is wrong is said where it was typed, nothing typed is lost, and going back asks nothing."""

import pytest

from cpt.contracts.staff import OfficeTextChanged
from cpt.contracts.values import Person
from tests.component.intake.conftest import NOW
from tests.letters.factory import form

MAILING = {f"employer_address.{name}": text for name, text in form()["employer_address"].items()}
TOMORROW = "2026-08-25"


@pytest.fixture
async def http(web):
    async with web("student") as client:
        yield client


WRONG = {
    "work": ({"hours_per_week": "0"}, "This must be more than 0."),
    "dates": ({"start_date": "2026-12-11", "end_date": "2026-09-14"}, "The end date is before the start date."),
    "place": ({"work_location.street": "Remote", "work_location.city": "Amherst"}, "must be a street address"),
    "route": (
        {"adviser_consulted.name": "Ann Bell", "adviser_consulted.on": TOMORROW},
        "still to come",
    ),
}


@pytest.mark.parametrize("slug", WRONG)
async def test_a_wrong_answer_is_refused_where_it_was_typed_by_a_page_that_can_be_reloaded(http, slug):
    """R46, R20, A1: a redirect to a page with the fault and the typed text, so that going back sends nothing again."""
    typed, words = WRONG[slug]
    sent = await http.post(f"/requests/new/{slug}", data=typed)
    page = await http.get(sent.headers["location"])

    assert (sent.status_code, page.status_code) == (303, 200)
    assert sent.headers["location"] == f"/requests/new/{slug}?wrong=1"
    assert words in page.text
    assert 'aria-invalid="true"' in page.text
    assert all(f'value="{text}"' in page.text for text in typed.values())


@pytest.mark.parametrize("slug", WRONG)
async def test_the_same_words_are_said_while_it_is_typed_and_nothing_is_kept(http, slug):
    """R46."""
    typed, words = WRONG[slug]
    faults = (await http.post(f"/form/{slug}/faults", data=typed)).json()
    page = await http.get(f"/requests/new/{slug}")

    assert len(faults) == 1
    assert words in next(iter(faults.values()))
    assert set(faults) <= set(typed)
    assert not [text for text in typed.values() if f'value="{text}"' in page.text]


async def test_what_is_absent_is_no_fault_of_a_step(http):
    """P4: it is named later, all at once."""
    for slug in ("employer", "work", "dates", "pay", "place", "route", "courses"):
        assert (await http.post(f"/form/{slug}/faults", data={"employer": ""})).json() == {}


async def test_wrong_is_not_counted_as_missing(http):
    """R11: the list before sending tells one from the other, and leads to each."""
    await http.post("/requests/new/place", data=WRONG["place"][0])
    check = (await http.get("/requests/new/check")).text
    tasks = (await http.get("/requests/new")).text

    assert '<a href="/requests/new/place?wrong=1">Where you will work: A work location must be' in check
    assert check.count("A work location must be") == 1
    assert '<a href="/requests/new/employer">The name of the employer is missing.</a>' in check
    assert "Needs a correction" in tasks
    assert 'Upload<span class="unseen"> offer letter</span>' in tasks


async def test_the_work_place_may_be_the_mailing_address_and_follows_it(http, intake):
    """R9: typed once; it stays the same when the mailing address is corrected before sending."""
    await http.post("/requests/new/employer", data={"employer": "Baystate Robotics"} | MAILING)
    await http.post("/requests/new/place", data={"work_location.same": "true"})
    shown = (await http.get("/requests/new/place")).text
    await http.post(
        "/requests/new/employer",
        data={"employer": "Baystate Robotics"} | MAILING | {"employer_address.street": "99 Elm St"},
    )
    sent = await http.post("/requests/new")
    request = await intake.request(sent.headers["location"].rpartition("/")[2].partition("?")[0])

    assert "checked" in shown.partition('name="work_location.same"')[2].partition(">")[0]
    assert [place.street for place in request.application.work_locations] == ["99 Elm St"]
    assert request.submitted_at == NOW


async def test_the_start_page_and_a_request_say_what_the_office_wrote(http, intake):
    """R63: escaped, with the links that stand in it; the newest version counts."""
    request_id = await intake.submit()
    writer = Person(sub="director-1", name="Kim Lee", email=None)
    for version, text in ((2, "Closed on Friday <b>!</b>"), (1, "Open on Friday")):
        told = {"version": version, "text": text, "changed_by": writer, "at": NOW}
        await intake.hear(OfficeTextChanged(about="page.start", **told))
    await intake.hear(
        OfficeTextChanged(about="page.request", version=1, text="https://isss.example", changed_by=writer, at=NOW)
    )
    start = (await http.get("/")).text
    page = (await http.get(f"/requests/{request_id}")).text

    assert "Closed on Friday &lt;b&gt;!&lt;/b&gt;" in start
    assert "Open on Friday" not in start
    assert '<a href="https://isss.example"' in page
