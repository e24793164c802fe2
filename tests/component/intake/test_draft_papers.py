"""Papers before the form is sent: part of the task list, and of the request once it is."""

from datetime import timedelta

import pytest

from intake.case.draw_pictures import draw_pictures
from intake.case.retain_requests import Retention
from tests.component.intake.conftest import a_letter, an_application

FORM = an_application()
TYPED = {
    "employer": {
        "employer": FORM["employer"],
        **{f"employer_address.{k}": v for k, v in FORM["employer_address"].items()},
    },
    "work": {name: str(FORM[name]) for name in ("job_title", "duties", "hours_per_week")},
    "dates": {name: FORM[name] for name in ("start_date", "end_date")},
    "place": {f"work_location.{k}": v for k, v in FORM["work_locations"][0].items()},
}


@pytest.fixture
async def http(web):
    async with web("student") as client:
        yield client


async def value(intake, query):
    async with intake.database.connection() as connection:
        return await connection.fetchval(query)


async def uploaded(http, kind, content=None, **more):
    files = {"file": (f"{kind}.pdf", a_letter() if content is None else content, "application/pdf")}
    return await http.post("/draft/documents", data={"kind": kind, "part": "1", **more}, files=files)


async def test_a_paper_that_came_before_the_answers_is_compared_when_they_are_sent(intake, http):
    """R2, R27, A1: nothing is uploaded twice; the letter's facts are found as if it had come afterwards."""
    first = await uploaded(http, "offer_letter")
    for slug, typed in TYPED.items():
        await http.post(f"/requests/new/{slug}", data=typed)
    await uploaded(http, "enrollment_proof", term="1267")
    tasks = (await http.get("/requests/new")).text
    sent = await http.post("/requests/new")
    view = (await http.get("/api/requests")).json()[0]

    assert first.headers["location"] == "/requests/new?said=received&kind=offer_letter#part-paper-1"
    assert tasks.count('<span class="badge good">Received</span>') == 2
    assert sent.headers["location"].endswith("?said=sent")
    missing = {item["code"] for item in view["missing"]}
    assert "document.handshake_contract" in missing
    assert not {
        code
        for code in missing
        if code.startswith(("document.offer", "document.enrollment", "letter.start", "letter.job"))
    }
    assert await value(intake, "SELECT count(*) FROM draft_document") == 0
    assert await value(intake, "SELECT count(*) FROM document WHERE current") == 2
    assert await value(intake, "SELECT letter IS NOT NULL FROM request")


async def test_a_file_that_is_replaced_or_never_sent_leaves_the_store(intake, http):
    """Case 70: an upload counts for a day, its object goes at once; what a dropped draft left goes after a day."""
    await uploaded(http, "handshake_contract")
    await uploaded(http, "handshake_contract", a_letter(job_title="Cook"))
    replaced = await value(intake, "SELECT count(*) FROM doomed_object")
    async with intake.database.transaction() as connection:
        await connection.execute("DELETE FROM draft")
    await Retention(intake.database, intake.uploads.store, 5).step(intake.now)
    kept = await value(intake, "SELECT count(*) FROM draft_document")
    await Retention(intake.database, intake.uploads.store, 5).step(intake.now + timedelta(days=2))
    await Retention(intake.database, intake.uploads.store, 5).step(intake.now + timedelta(days=2))

    assert (replaced, kept) == (1, 2)
    assert await value(intake, "SELECT count(*) FROM draft_document") == 0
    assert await value(intake, "SELECT count(*) FROM doomed_object") == 0


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "empty"), (b"%PDF-1.7 broken", "cannot be opened"), (None, "Choose a file")]
)
async def test_a_file_that_does_not_count_says_why_where_it_was_chosen(http, content, why):
    """Case 35."""
    answer = (
        await http.post("/draft/documents", data={"kind": "offer_letter"})
        if content is None
        else await uploaded(http, "offer_letter", content)
    )
    page = (await http.get(answer.headers["location"].partition("#")[0])).text

    assert "This file was not received" in page
    assert why in page
    assert "Received</span>" not in page


async def test_a_draft_of_another_student_gets_nothing(intake, web, http):
    """Papers belong to the student who uploaded them."""
    await uploaded(http, "offer_letter")
    async with web("student", "30055555") as other:
        page = (await other.get("/requests/new")).text
        await other.post("/requests/new/work", data=TYPED["work"])
        await other.post("/requests/new")

    assert "Received</span>" not in page
    assert await value(intake, "SELECT count(*) FROM document") == 0
    assert await value(intake, "SELECT count(*) FROM draft_document") == 1


async def test_a_pdf_from_before_gets_pictures_of_its_pages(intake, objects):
    """R2: whoever decides sees every document in the viewer; what has pictures is passed over."""
    await intake.upload(await intake.submit())
    for picture in objects.rglob("*.page-*.png"):
        picture.unlink()

    assert await draw_pictures(intake.database, intake.uploads) == (1, 0)
    assert await draw_pictures(intake.database, intake.uploads) == (0, 0)
    assert list(objects.rglob("*.page-1.png"))
