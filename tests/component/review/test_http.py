"""Review over HTTP: roles, exact answers, and the pages on the same use cases (docs/api)."""

import io
import json
import zipfile

import pytest

from cpt.contracts.review import CaseAssigned, IssuanceAsked
from cpt.contracts.values import DocumentRef, LetterFact, LetterLine
from tests.factories import a_form, a_hit, checked, completed, lost

I20 = {
    "document": {"sha256": "a" * 64, "name": "i20.pdf"},
    "issued_on": "2026-09-01",
    "signed_by": "Kim Lee, PDSO",
    "sevis_confirmed": True,
}


async def test_a_case_goes_from_next_to_issued(review, web):
    """docs/api: every POST answers with the whole case; the gates answer 409 with their code."""
    await review.hear(checked(), completed())
    async with web("adviser") as adviser:
        taken = (await adviser.post("/api/cases/next")).json()
        assert (taken["state"], taken["held_by"], taken["receipt_number"]) == ("assigned", "adviser-1", 1)
        refused = await adviser.post("/api/cases/r1/approve", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "check_pending")
        await review.hear(checked(check_no=2, asked_by=[(await review.published(CaseAssigned))[0].id]))
        assert (await adviser.post("/api/cases/r1/approve", json={})).json()["state"] == "approved"
        assert (await adviser.post("/api/cases/r1/i20", json=I20)).json()["code"] == "check_pending"
        await review.hear(checked(check_no=3, asked_by=[(await review.published(IssuanceAsked))[0].id]))
        issued = (await adviser.post("/api/cases/r1/i20", json=I20)).json()
        assert (issued["state"], issued["segments"][0]["start_date"]) == ("issued", "2026-09-14")
        assert (await adviser.post("/api/cases/next")).status_code == 204
        (entry,) = (await adviser.get("/api/line/assignments")).json()
        assert set(entry) == {"receipt_number", "request_id", "adviser", "assigned_at", "unverified"}


@pytest.mark.parametrize(("hours", "shown"), [("20.0", 20), ("17.5", 17.5)])
async def test_hours_are_numbers_as_they_were_in_the_form(review, web, hours, shown):
    """docs/api: `hours_per_week` is a number; an unpaid offer would not be here (R13)."""
    await review.hear(completed(form=a_form(hours_per_week=hours)), lost(hits=[a_hit(hours=hours)]))
    async with web("director") as director:
        case = (await director.get("/api/cases/r1")).json()
        (alert,) = (await director.get("/api/alerts")).json()

    assert (case["hours"]["per_week"], case["request"]["hours_per_week"]) == (shown, shown)
    assert case["request"]["paid"] is True
    assert alert["authorizations"][0]["hours"]["per_week"] == shown


async def test_the_record_of_assignments_is_complete_unless_a_limit_is_asked_for(review, web):
    """docs/api."""
    await review.hear(checked(), completed(), checked("r2"), completed("r2", 2))
    async with web("adviser") as adviser:
        for _ in range(2):
            await adviser.post("/api/cases/next")
        found = [(await adviser.get(f"/api/line/assignments{query}")).json() for query in ("", "?limit=1")]

    assert [[entry["receipt_number"] for entry in record] for record in found] == [[1, 2], [1]]


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        (None, "GET", "/api/cases", 401),
        ("student", "GET", "/api/cases", 403),
        ("student", "POST", "/api/cases/next", 403),
        ("compliance", "POST", "/api/cases/next", 403),
        ("compliance", "GET", "/api/alerts", 200),
        ("student", "GET", "/api/alerts", 403),
        ("operations", "GET", "/api/line", 200),
        ("operations", "GET", "/api/parked", 200),
        ("adviser", "GET", "/api/parked", 403),
        ("adviser", "GET", "/api/cases/unknown", 404),
        ("compliance", "GET", "/api/alerts/unknown", 404),
        ("adviser", "POST", "/api/line/1/pass-over", 403),
    ],
)
async def test_each_door_opens_to_its_roles_alone(web, role, method, path, status):
    async with web(role) as http:
        answer = await http.request(method, path, json={"reason": "x"} if method == "POST" else None)

    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


async def test_every_wrong_field_of_an_i20_is_named_at_once(review, web):
    await review.hear(checked(), completed())
    async with web("adviser") as adviser:
        answer = await adviser.post("/api/cases/r1/i20", json={"document": {"sha256": "x"}, "sevis_confirmed": False})

    assert answer.status_code == 422
    named = {error["field"] for error in answer.json()["errors"]}
    assert named == {"document.sha256", "document.name", "issued_on", "signed_by", "sevis_confirmed"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("cases/r1/i20", I20 | {"issued_on": 1788220800}, "issued_on"),
        ("cases/r1/i20", I20 | {"issued_on": "2026-09-01T00:00:00Z"}, "issued_on"),
        ("cases/r1/i20", I20 | {"sevis_confirmed": 1}, "sevis_confirmed"),
        ("cases/r1/approve", {"authorized_start": 1788220800, "reason": "Late"}, "authorized_start"),
        ("cases/r1/return", {"reasons": [{"text": "Unclear"}], "office_error": "yes"}, "office_error"),
        ("cases/r1/authorization", {"change": "shorten", "until": 1788220800, "reason": "x"}, "until"),
        ("alerts/a1/outcome", {"outcome": "reported_in_sevis", "on": 1788220800, "comment": "x"}, "on"),
    ],
)
async def test_a_number_is_no_date_and_a_word_no_yes(review, web, path, body, field):
    """docs/api: wrong type 422, before anything is looked up."""
    async with web("director") as director:
        answer = await director.post(f"/api/{path}", json=body)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


async def test_an_i20_of_tomorrow_is_refused(review, web):
    await review.hear(checked(), completed())
    async with web("adviser") as adviser:
        answer = await adviser.post("/api/cases/r1/i20", json=I20 | {"issued_on": "2026-09-02"})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "issued_on"


async def test_an_alert_is_shown_with_the_full_emplid_and_a_masked_sevis_id(review, web):
    await review.hear(lost())
    async with web("compliance") as compliance:
        (alert,) = (await compliance.get("/api/alerts?state=suspected")).json()

    assert (alert["student"]["emplid"], alert["student"]["sevis_id"]) == ("30012345", "•••••••5678")
    assert (alert["report_by"], alert["days_left"]) == ("2026-09-22", 21)


async def test_pages_ask_for_the_sign_in_and_the_api_never_redirects(web):
    async with web() as nobody:
        page = await nobody.get("/", headers={"Accept": "text/html"})
        api = await nobody.get("/api/cases", headers={"Accept": "text/html"})

    assert (page.status_code, page.headers["location"].startswith("/signin")) == (303, True)
    assert api.status_code == 401


@pytest.mark.parametrize("path", ["/", "/line", "/cases/r1", "/alerts"])
async def test_the_pages_render(review, web, path):
    await review.hear(checked(), completed(), lost())
    async with web("director") as director:
        page = await director.get(path)

    assert page.status_code == 200
    assert "<main" in page.text


async def test_the_case_file_holds_everything_and_says_what_is_gone(review, web, documents):
    """8 CFR 214.3(g): one command; a hash for each entry; the export is logged."""
    (documents / "documents").mkdir()
    (documents / "documents" / "here").write_bytes(b"%PDF letter")
    refs = [
        DocumentRef(
            kind="offer_letter",
            strm=None,
            object_key=f"documents/{key}",
            sha256="0" * 64,
            size=11,
            media_type="application/pdf",
            name="../x",
        )
        for key in ("here", "gone")
    ]
    await review.hear(checked(), completed(documents=tuple(refs)))
    async with web("compliance") as compliance:
        answer = await compliance.get("/api/cases/r1/file")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("documents/01-offer_letter.pdf") == b"%PDF letter"

    assert manifest["documents_gone"] == ["documents/gone"]
    assert {"case.json", "audit.json", "line_log.json", "alerts.json"} <= manifest["sha256"].keys()
    async with review.act() as connection:
        assert await connection.fetchval("SELECT actor FROM audit WHERE action = 'case_exported'") == "compliance-1"


async def test_the_case_says_where_the_letter_states_each_fact_and_marks_it(review, web, documents):
    """R11, A30: the adviser verifies at a glance what a machine found."""
    line = LetterLine(page=1, line=7, text="You start on 9/14/2026.", top=0.2, left=0.1, bottom=0.22, right=0.5)
    told = (
        LetterFact(fact="start_date", outcome="found", doubt="", lines=(line,)),
        LetterFact(fact="location", outcome="unverifiable", doubt="", lines=()),
    )
    paper = DocumentRef(
        kind="offer_letter",
        strm=None,
        object_key="documents/l",
        sha256="a" * 64,
        size=3,
        media_type="application/pdf",
        name="letter.pdf",
    )
    (documents / "documents").mkdir()
    (documents / "documents" / "l.page-1.png").write_bytes(b"png")
    await review.hear(completed(letter=told, documents=(paper,)))
    async with web("director") as director:
        case = (await director.get("/api/cases/r1")).json()
        page = (await director.get("/cases/r1")).text

    assert case["letter"][0]["lines"] == [line.model_dump()]
    assert "Page 1, line 7: “You start on 9/14/2026.”" in page
    assert "Only a person can read it." in page
    assert '<rect x="0.1" y="0.2"' in page
