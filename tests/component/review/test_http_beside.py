"""Review over HTTP beside the main path: bad input, wrong people, documents, files (docs/api)."""

import hashlib
import io
import json
import zipfile

import pytest

from cpt.contracts.review import IssuanceAsked
from cpt.contracts.values import DocumentRef
from cpt.runtime.actor import ACTOR
from review import commands
from review.settings import DocumentSettings, ReviewSettings
from tests.component.review.acts import issued
from tests.factories import checked, completed, lost

LETTER = b"%PDF the letter"


def a_document(key="documents/here", content=LETTER, **fields):
    given = dict(kind="offer_letter", strm=None, size=len(content), media_type="application/pdf", name="../../x.pdf")
    return DocumentRef(object_key=key, sha256=hashlib.sha256(content).hexdigest(), **(given | fields))


@pytest.fixture
def stored(documents):
    (documents / "documents").mkdir()
    (documents / "documents" / "here").write_bytes(LETTER)
    (documents / "documents" / "altered").write_bytes(b"%PDF another")
    return (a_document(), a_document("documents/altered"), a_document("documents/gone"))


async def test_an_adviser_opens_the_very_document_that_was_accepted(review, web, stored):
    """FERPA 99.32: logged; the file name is never the student's own."""
    await review.hear(completed(documents=stored))
    async with web("adviser") as adviser:
        listed = (await adviser.get("/api/cases/r1")).json()["request"]["documents"]
        found = await adviser.get("/api/cases/r1/documents/1")
        others = [(await adviser.get(f"/api/cases/r1/documents/{n}")).status_code for n in (0, 2, 3, 4)]

    assert [(entry["n"], entry["kind"]) for entry in listed] == [(n, "offer_letter") for n in (1, 2, 3)]
    assert (found.content, found.headers["content-type"]) == (LETTER, "application/pdf")
    assert found.headers["content-disposition"] == 'inline; filename="01-offer_letter.pdf"'
    assert others == [404, 409, 404, 404]
    async with review.act() as connection:
        assert await connection.fetchval("SELECT count(*) FROM audit WHERE action = 'document_read'") == 3


async def test_the_call_and_the_command_give_the_same_archive(review, web, stored, database_url, documents, tmp_path):
    """8 CFR 214.3(g): one command; readable without our programs; every entry with its hash."""
    await issued(review, documents=stored, form=None or completed().form.model_copy(update={"employer": "<b>Acme</b>"}))
    async with review.act() as connection:
        await connection.execute("INSERT INTO colleague VALUES ('adviser-1', 'Dana Reed', NULL, true, now())")
    async with web("compliance") as compliance:
        answer = await compliance.get("/api/cases/r1/file")
    settings = ReviewSettings(postgres={"dsn": database_url}, documents=DocumentSettings(url=documents.as_uri()))
    target = tmp_path / "file.zip"
    ACTOR.set("kim")
    commands_settings, commands.ReviewSettings = commands.ReviewSettings, lambda: settings
    try:
        assert await commands.export_case_command(["r1", str(target)]) == 0
        assert await commands.export_case_command(["nobody", str(target)]) == 1
    finally:
        commands.ReviewSettings = commands_settings

    with zipfile.ZipFile(io.BytesIO(answer.content)) as one, zipfile.ZipFile(target) as other:
        assert one.namelist() == other.namelist()
        manifest = json.loads(one.read("manifest.json"))
        page = one.read("index.html").decode()
        hashes = {
            name: hashlib.sha256(one.read(name)).hexdigest() for name in one.namelist() if name != "manifest.json"
        }
    assert (manifest["documents_gone"], manifest["documents_altered"]) == (["documents/gone"], ["documents/altered"])
    assert manifest["sha256"] == hashes
    wanted = (
        "&lt;b&gt;Acme&lt;/b&gt;",
        "documents/01-offer_letter.pdf",
        "rules 1, calendar 1",
        "<bdi>Dana Reed</bdi> (adviser-1)",
    )
    assert [text for text in wanted if text not in page] == []
    assert "<b>Acme" not in page


BAD = [
    ("POST", "/api/cases/r1/approve", {"flags_accepted": "all", "authorized_start": "soon", "x": 1}, 3),
    (
        "POST",
        "/api/cases/r1/return",
        {"reasons": [{"text": ""}, {"text": "a", "extra": 1}], "office_error": "maybe"},
        3,
    ),
    ("POST", "/api/cases/r1/return", {"reasons": []}, 1),
    ("POST", "/api/cases/r1/deny", {"reason": "   "}, 1),
    ("POST", "/api/cases/r1/deny", {"reason": "a\u0000b"}, 1),
    ("POST", "/api/cases/r1/give-back", {}, 1),
    ("POST", "/api/cases/r1/reassign", {"to": " "}, 1),
    ("POST", "/api/cases/r1/reassign", {"to": None}, 1),
    ("POST", "/api/cases/r1/authorization", {"change": "extend", "until": "x"}, 3),
    ("POST", "/api/cases/r1/notes", {"text": ""}, 1),
    ("POST", "/api/cases/r1/messages", {"text": "a" * 4001}, 1),
    ("GET", "/api/cases?state=lost&limit=0", None, 2),
    ("GET", "/api/alerts?state=open&limit=x", None, 2),
    ("GET", "/api/alerts/figures?month=2026-13", None, 1),
    ("POST", "/api/alerts/a1/outcome", {"outcome": "guilty", "on": "tomorrow", "words": ""}, 3),
    ("POST", "/api/alerts/a1/delegate", {"to": ""}, 1),
    ("POST", "/api/line/0/pass-over", {"reason": "x"}, 1),
    ("POST", "/api/line/99999999999999999999/pass-over", {"reason": "x"}, 1),
]


async def test_every_fault_of_a_bad_request_is_named_at_once(review, web):
    """docs/api: 422, nothing stored, every field at once."""
    await review.hear(checked(), completed())
    async with web("director") as director:
        answers = [await director.request(method, path, json=body) for method, path, body, _ in BAD]

    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    told = [
        (path, answer.status_code, len(answer.json()["errors"]))
        for (_, path, _, _), answer in zip(BAD, answers, strict=True)
    ]
    assert told == [(path, 422, faults) for _, path, _, faults in BAD]


ALERT, CASE = "/api/alerts/unknown", "/api/cases/unknown"
UNKNOWN = [
    (f"{CASE}/approve", {}),
    (f"{CASE}/deny", {"reason": "x"}),
    (f"{CASE}/return", {"reasons": [{"text": "x"}]}),
    (f"{CASE}/give-back", {"reason": "x"}),
    (f"{CASE}/reassign", {"to": "x"}),
    (f"{CASE}/authorization", {"change": "cancel", "reason": "x"}),
    (f"{CASE}/notes", {"text": "x"}),
    (f"{CASE}/messages", {"text": "x"}),
    ("/api/tasks/1/done", {}),
    (f"{CASE}/hold", {"reason": "x"}),
    (f"{CASE}/ask", None),
    (f"{ALERT}/acknowledge", {"comment": "x"}),
    (f"{ALERT}/outcome", {"outcome": "swapped"}),
    (f"{ALERT}/confirm", None),
    (f"{ALERT}/reopen", {"comment": "x"}),
    (f"{ALERT}/contact", None),
    (f"{ALERT}/delegate", {"to": "x"}),
]


async def test_what_nobody_has_is_not_found(web):
    async with web("director") as director:
        answers = {path: await director.post(path, json=body) for path, body in UNKNOWN}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}


CLOSED_DOORS = [
    ("compliance", "/api/cases/r1/approve", {}),
    ("compliance", "/api/cases/r1/authorization", {"change": "cancel", "reason": "x"}),
    ("compliance", "/api/cases/r1/messages", {"text": "x"}),
    ("student", "/api/cases/r1/notes", {"text": "x"}),
    ("operations", "/api/cases/r1/notes", {"text": "x"}),
    ("adviser", "/api/cases/r1/reassign", {"to": "x"}),
    ("adviser", "/api/cases/r1/hold", {"reason": "x"}),
    ("compliance", "/api/cases/r1/hold", {"reason": "x"}),
    ("adviser", "/api/alerts/held/release", None),
    ("compliance", "/api/alerts/held/reject", None),
    ("adviser", "/api/alerts/a1/reopen", {"comment": "x"}),
    ("operations", "/api/alerts/a1/acknowledge", {"comment": "x"}),
    ("compliance", "/api/alerts/a1/outcome", {"outcome": "reported_in_sevis", "on": "2026-09-01", "comment": "x"}),
    ("registrar", "/api/cases/next", None),
]


async def test_each_act_is_open_to_its_roles_alone(web):
    """R33: outcomes that are acts in SEVIS are a DSO's; case 66."""
    told = []
    for role, path, body in CLOSED_DOORS:
        async with web(role) as http:
            answer = await http.post(path, json=body)
        told.append((role, path, answer.status_code, answer.json()["code"]))

    assert told == [(role, path, 403, "forbidden") for role, path, _ in CLOSED_DOORS]


async def test_notes_of_the_staff_are_read_by_staff_alone(review, web):
    """A20."""
    await review.hear(completed())
    async with web("adviser") as adviser:
        noted = (await adviser.post("/api/cases/r1/notes", json={"text": "Ask for the contract"})).json()
    async with web("student", "30012345") as student:
        refused = await student.get("/api/cases/r1")

    assert (noted["notes"][0]["text"], refused.status_code) == ("Ask for the contract", 403)


async def test_two_advisers_who_ask_at_once_get_two_cases_or_nothing(review, web):
    """A5, R51, R52: one number, one adviser; nobody is served out of order."""
    await review.hear(checked(), completed())
    async with web("adviser", "a1") as one, web("adviser", "a2") as other:
        answers = [await one.post("/api/cases/next"), await other.post("/api/cases/next")]
        taken = (await one.get("/api/cases/r1")).json()["held_by"]
        refused = await other.post("/api/cases/r1/deny", json={"reason": "x"})

    assert [answer.status_code for answer in answers] == [200, 204]
    assert (taken, refused.json()["code"]) == ("a1", "not_yours")


async def test_the_same_decision_twice_is_made_once(review, web):
    """A stale page: the second one is told that the case has moved on."""
    await review.hear(checked(), completed())
    async with web("adviser") as adviser:
        await adviser.post("/api/cases/next")
        answers = [await adviser.post("/api/cases/r1/deny", json={"reason": "x"}) for _ in range(2)]

    assert [(a.status_code, a.json().get("code")) for a in answers] == [(200, None), (409, "wrong_state")]


async def test_a_later_start_is_checked_in_every_way_at_once(review, web):
    """R49: before the request, or without a reason, nothing is approved."""
    await review.hear(checked(), completed())
    async with web("adviser") as adviser:
        await adviser.post("/api/cases/next")
        late = await adviser.post("/api/cases/r1/approve", json={"authorized_start": "2027-01-01"})
        early = await adviser.post("/api/cases/r1/approve", json={"authorized_start": "2026-09-01"})

    assert {error["field"] for error in late.json()["errors"]} == {"authorized_start", "reason"}
    assert [error["code"] for error in early.json()["errors"]] == ["before_the_request"]


async def test_an_authorization_is_canceled_over_http_with_every_fault_named(review, web):
    """X11."""
    await issued(review)
    path = "/api/cases/r1/authorization"
    async with web("adviser") as adviser:
        wrong = [
            await adviser.post(path, json={"change": "shorten", "reason": "x"}),
            await adviser.post(path, json={"change": "cancel", "until": "2026-10-01", "reason": "x"}),
        ]
        done = await adviser.post(path, json={"change": "cancel", "reason": "The offer is gone"})
        again = await adviser.post(path, json={"change": "cancel", "reason": "The offer is gone"})

    assert [answer.json()["errors"][0]["field"] for answer in wrong] == ["until", "until"]
    assert (done.json()["authorization"]["canceled"], again.json()["code"]) == (True, "wrong_state")


async def test_the_i20_keeps_what_was_typed_into_sevis(review, web):
    """Domain 3.7, additive fields of POST …/i20."""
    await issued(review)
    i20 = {
        "document": {"sha256": "c" * 64, "name": "i20.pdf"},
        "issued_on": "2026-09-01",
        "signed_by": "Kim Lee",
        "sevis_confirmed": True,
    }
    async with web("adviser") as adviser:
        long = await adviser.post("/api/cases/r1/i20", json=i20 | {"remarks": "x" * 251, "course_relevance": "x" * 251})
        assert {error["field"] for error in long.json()["errors"]} == {"remarks", "course_relevance"}
        asked = await adviser.post("/api/cases/r1/i20", json=i20 | {"remarks": "Desk B"})
        assert asked.json()["code"] == "check_pending"
        question = (await review.published(IssuanceAsked))[-1].id
        await review.hear(checked(check_no=4, asked_by=[question]))
        done = (await adviser.post("/api/cases/r1/i20", json=i20 | {"remarks": "Desk B"})).json()
        sheet = (await adviser.get("/api/cases/r1/data-sheet")).json()

    assert (done["authorization"]["version"], sheet["remarks"], sheet["recorded"]) == (2, "Desk B", True)


async def test_reading_the_board_is_logged_once_and_not_each_time_it_follows_itself(review, web):
    """FERPA 99.32: a person looks, the page's own renewal does not."""
    await review.hear(completed(), lost())
    async with web("compliance") as compliance:
        (alert,) = (await compliance.get("/api/alerts")).json()
        for headers in ({}, {"X-Cpt-Live": "1"}, {"X-Cpt-Live": "1"}):
            await compliance.get("/alerts", headers=headers)
            await compliance.get(f"/alerts/{alert['alert_id']}", headers=headers)
    async with review.act() as connection:
        rows = await connection.fetch("SELECT action FROM audit WHERE actor = 'compliance-1' ORDER BY id")

    assert [row["action"] for row in rows] == ["alert_read", "alert_read", "alert_read"]


async def test_an_alert_is_given_to_a_stand_in_on_its_page_which_names_the_term(review, web):
    """R33: an adviser on leave; never dropped."""
    await review.hear(completed(), lost())
    async with web("compliance") as compliance:
        (alert,) = (await compliance.get("/api/alerts")).json()
        path = f"/alerts/{alert['alert_id']}"
        answers = [(await compliance.post(f"{path}/delegate", data={"to": to})).status_code for to in (" ", "s.stand")]
        page = (await compliance.get(path)).text

    assert answers == [422, 303]
    assert "s.stand is a backup from now on." in page
    assert "Fall 2026, class" in page


async def test_reading_is_logged_for_cases_and_alerts_lists_included(review, web):
    """FERPA 99.32: who read what, and when."""
    await review.hear(completed(), lost())
    async with web("compliance") as compliance:
        (alert,) = (await compliance.get("/api/alerts")).json()
        await compliance.get(f"/api/alerts/{alert['alert_id']}")
        await compliance.get("/api/cases")
        await compliance.get("/api/cases/r1")
    async with review.act() as connection:
        rows = await connection.fetch("SELECT action FROM audit WHERE actor = 'compliance-1' ORDER BY id")

    assert [row["action"] for row in rows] == ["alert_read", "alert_read", "cases_listed", "case_read"]


async def test_an_adviser_is_shown_the_alerts_of_their_own_cases_alone(review, web):
    """docs/api: a DSO where assigned; not theirs is 404."""
    await issued(review)
    await review.hear(lost())
    async with web("adviser", "adviser-1") as assigned, web("adviser", "adviser-2") as other:
        (mine,) = (await assigned.get("/api/alerts")).json()
        path = f"/api/alerts/{mine['alert_id']}"
        answers = [await other.get(path), await other.post(f"{path}/acknowledge", json={"comment": "x"})]
        none = (await other.get("/api/alerts")).json()

    assert ([answer.status_code for answer in answers], none) == ([404, 404], [])
