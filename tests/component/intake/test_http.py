"""Intake over HTTP: exact answers, roles, uploads, Handshake's events (docs/api)."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from cpt.contracts.intake import RequestCompleted
from tests.component.intake import happened
from tests.component.intake.conftest import NOW, STUDENT, a_letter, an_agreement, an_application

KEY = {"Idempotency-Key": "key-1"}
PDF = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="letter.pdf"'}
AGREEMENT = {
    "specversion": "1.0",
    "id": "hs-1",
    "source": "/handshake/experiences",
    "type": "com.joinhandshake.agreement-changed.v1",
    "time": "2026-08-24T12:00:00Z",
    "data": {"emplid": STUDENT, "anything": "is judged by the consumer"},
}


async def submitted(http, key="key-1", **changed):
    answer = await http.post("/api/requests", json=an_application(**changed), headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_request_from_the_form_to_its_place_in_line(intake, web):
    """The main path, as a student's client sees it."""
    async with web("student") as http:
        view = await submitted(http)
        path = f"/api/requests/{view['request_id']}"
        assert (view["state"], view["receipt_number"], view["due_on"], view["place_in_line"]) == (
            "incomplete",
            None,
            None,
            None,
        )
        for kind in ("offer_letter", "handshake_contract", "enrollment_proof"):
            term = {"term": "1267"} if kind == "enrollment_proof" else {}
            answer = await http.put(f"{path}/documents/{kind}", content=a_letter(), headers=PDF, params=term)
            assert answer.status_code == 200, answer.text
        await intake.hear(an_agreement())

        view = (await http.get(path)).json()

    assert (view["state"], view["receipt_number"], view["due_on"], view["place_in_line"]) == (
        "complete",
        1,
        "2026-08-31",
        1,
    )
    assert view["history"][0] == {"at": "2026-08-24T14:00:00Z", "what": "The request was submitted", "by": "student"}


async def test_the_same_key_and_body_get_the_same_answer_also_at_the_same_moment(intake, web):
    """Case 43: a double click is one request."""
    async with web("student") as http:
        answers = await asyncio.gather(*(submitted(http) for _ in range(5)))
        assert all(answer == answers[0] for answer in answers)
        assert len((await http.get("/api/requests")).json()) == 1

        other = await http.post("/api/requests", json=an_application(job_title="Cook"), headers=KEY)
        assert (other.status_code, other.json()["code"]) == (409, "key_used_before")
        none = await http.post("/api/requests", json=an_application())
        assert (none.status_code, none.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("adviser", 403)])
async def test_who_may_not_submit_is_told_so_before_a_missing_key_is_named(web, role, status):
    """docs/api: no token 401, wrong role 403."""
    async with web(role) as http:
        answer = await http.post("/api/requests", json=an_application())

    assert answer.status_code == status


async def test_every_faulty_field_is_named_at_once_and_nothing_is_stored(intake, web):
    """docs/api: wrong types, unknown fields and an end before the start."""
    wrong = an_application(
        hours_per_week="many",
        start_date="September",
        paid="yes",
        route="other",
        priority="urgent",
        employer_address={"street": 12},
        terms=[1267],
    ) | {"adviser_consulted": {"on": "2026-08-20", "mood": "good"}}
    async with web("student") as http:
        answer = await http.post("/api/requests", json=wrong, headers=KEY)
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {
            "hours_per_week",
            "start_date",
            "paid",
            "route",
            "priority",
            "employer_address.street",
            "terms.0",
            "courses.0.strm",
            "adviser_consulted.mood",
        }
        swapped = an_application(start_date="2026-12-11", end_date="2026-09-14", paid=1)
        answer = await http.post("/api/requests", json=swapped, headers=KEY)
        assert {error["field"] for error in answer.json()["errors"]} == {"end_date", "paid"}
        assert (await http.get("/api/requests")).json() == []


@pytest.mark.parametrize("hours", ["20", "20.5", " 20 ", True])
async def test_hours_are_a_number_and_no_text(web, hours):
    """docs/api: wrong type 422; decimals are numbers."""
    async with web("student") as http:
        answer = await http.post("/api/requests", json=an_application(hours_per_week=hours), headers=KEY)
        fine = await http.post("/api/requests", json=an_application(hours_per_week=37.5), headers=KEY)
        patch = await http.patch(f"/api/requests/{fine.json()['request_id']}", json={"hours_per_week": hours})

    assert [error["field"] for error in answer.json()["errors"]] == ["hours_per_week"]
    assert (answer.status_code, fine.status_code, patch.status_code) == (422, 201, 422)


async def test_an_empty_form_is_taken_and_everything_named(intake, web):
    """docs/api: absent or empty is missing, not refused."""
    empty = {"employer": " ", "start_date": "", "hours_per_week": None, "route": "", "work_locations": []}
    async with web("student") as http:
        answer = await http.post("/api/requests", json=empty, headers=KEY)

    assert answer.status_code == 201
    assert {item["code"] for item in answer.json()["missing"]} == {
        *(f"form.{field}" for field in an_application() if field != "already_started"),
        *(f"document.{kind}" for kind in ("offer_letter", "handshake_contract", "enrollment_proof")),
        "agreement.missing",
    }


async def test_someone_elses_request_does_not_exist(intake, web):
    """Case 66; advisers may read and not change."""
    request_id = await intake.submit()
    async with web("student", "39999999") as other:
        for method, rest in [("GET", ""), ("PATCH", ""), ("PUT", "/documents/offer_letter"), ("POST", "/withdraw")]:
            body = {"content": a_letter()} if method == "PUT" else {} if method == "GET" else {"json": {}}
            answer = await other.request(method, f"/api/requests/{request_id}{rest}", **body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await other.get("/api/requests")).json() == []
    async with web("adviser", "adviser-1") as adviser:
        assert (await adviser.get(f"/api/requests/{request_id}")).status_code == 200
        assert len((await adviser.get("/api/requests")).json()) == 1
        assert (await adviser.post(f"/api/requests/{request_id}/withdraw")).status_code == 403
    async with web("compliance", "c-1") as compliance:
        assert (await compliance.get(f"/api/requests/{request_id}")).status_code == 403
    async with web() as nobody:
        assert (await nobody.get("/api/requests")).status_code == 401


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty"),
        (b"%PDF-1.7 and then nothing a PDF has", 422, "unreadable"),
        (b"GIF89a a picture of a letter", 415, "wrong_type"),
        (b"%PDF-" + b"x" * 250_000, 413, "oversize"),
        (b"%PDF-" + b"x" * 400_000, 413, "too_large"),
    ],
)
async def test_a_file_that_does_not_count_is_refused_with_the_reason(intake, web, content, status, code):
    """Case 35: it is not an item received."""
    async with web("student") as http:
        view = await submitted(http)
        answer = await http.put(f"/api/requests/{view['request_id']}/documents/offer_letter", content=content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "document.offer_letter" in await intake.missing(view["request_id"])


async def test_a_refused_or_repeated_upload_leaves_no_object_behind(intake, web, tmp_path):
    async with web("student") as http:
        view = await submitted(http)
        for content in (b"nothing", a_letter(), a_letter()):
            await http.put(f"/api/requests/{view['request_id']}/documents/offer_letter", content=content)

    kept = [file for file in (tmp_path / "objects").rglob("*") if file.is_file()]
    assert len([file for file in kept if file.suffix != ".png"]) == 1  # beside it lie the pictures of its pages


async def test_an_unknown_kind_or_term_is_refused(intake, web):
    async with web("student") as http:
        view = await submitted(http, start_date="2026-09-14", end_date="2027-02-20")
        path = f"/api/requests/{view['request_id']}/documents"
        assert (await http.put(f"{path}/passport", content=a_letter())).status_code == 422
        for term in ({}, {"term": "9999"}):
            answer = await http.put(f"{path}/enrollment_proof", content=a_letter(), params=term)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "term")


async def test_a_correction_names_every_fault_and_keeps_what_is_not_named(intake, web):
    async with web("student") as http:
        path = f"/api/requests/{(await submitted(http, hours_per_week=12))['request_id']}"
        wrong = await http.patch(path, json={"end_date": "2026-01-01", "hours_per_week": 0, "shoe_size": 9})
        assert {error["field"] for error in wrong.json()["errors"]} == {"end_date", "hours_per_week", "shoe_size"}

        fine = await http.patch(path, json={"hours_per_week": 18.5})

    assert fine.status_code == 200
    application = (await intake.request(fine.json()["request_id"])).application
    assert (float(application.hours_per_week), application.job_title) == (18.5, "Robotics intern")


async def test_an_adviser_at_work_is_not_disturbed(intake, web):
    """P4: 409 wrong_state."""
    async with web("student") as http:
        path = f"/api/requests/{(request_id := await intake.complete())}"
        await intake.hear(happened.assigned(await intake.request(request_id)))
        for answer in (
            await http.patch(path, json={"job_title": "Cook"}),
            await http.put(f"{path}/documents/offer_letter", content=a_letter(job_title="Cook")),
            await http.post(f"{path}/please-look", json={"at": "letter", "why": "It is there"}),
            await http.post(f"{path}/resubmit", json={"note": "Done"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
            assert "Ask the adviser to return it" in answer.json()["detail"]


async def test_the_students_name_comes_from_spire_and_else_from_the_token(intake, web, campus):
    """A SPIRE that is away keeps nobody from submitting."""
    profile = dict(
        emplid=STUDENT,
        name="Ana Maria Lima",
        email="ana@umass.example",
        acad_career="GRAD",
        program="MS",
        level="masters",
        program_end_date="2027-05-31",
        english_language_program=False,
        prior_fulltime_terms=2,
        fulltime_cpt_days=0,
    )
    async with httpx2.AsyncClient(base_url=campus.url) as demo, web("student") as http:
        await demo.put(f"/demo/students/{STUDENT}", json=profile)
        known = await submitted(http)
        await demo.put("/demo/faults", json={"spire": {"mode": "down"}})
        unknown = await submitted(http, "key-2")
        await demo.put("/demo/faults", json={"spire": {"mode": "ok"}})

    assert (await intake.request(known["request_id"])).student.name == "Ana Maria Lima"
    assert (await intake.request(unknown["request_id"])).student.name != ""


@pytest.mark.parametrize("kind", ["structured", "batched", "binary"])
async def test_handshakes_events_over_http_go_the_way_of_kafka(intake, web, kind):
    """P36: their own id, source, time and key; 202 once durable."""
    async with web("handshake", "handshake") as http:
        match kind:
            case "structured":
                sent = {"json": AGREEMENT, "headers": {"Content-Type": "application/cloudevents+json"}}
            case "batched":
                sent = {"json": [AGREEMENT], "headers": {"Content-Type": "application/cloudevents-batch+json"}}
            case _:
                names = {f"ce-{name}": value for name, value in AGREEMENT.items() if name != "data"}
                sent = {"json": AGREEMENT["data"], "headers": names}
        answer = await http.post("/campus/events", **sent)

    assert answer.status_code == 202
    async with intake.database.connection() as connection:
        (row,) = await connection.fetch("SELECT event_id, topic, key, headers FROM outbox")
    assert (row["event_id"], row["topic"], row["key"]) == ("hs-1", "campus.agreement", STUDENT)
    assert (row["headers"]["ce_source"], row["headers"]["ce_time"]) == (AGREEMENT["source"], AGREEMENT["time"])


async def test_a_malformed_envelope_is_refused_with_every_fault(intake, web):
    """docs/api; students may not send events at all."""
    broken = {**AGREEMENT, "id": "", "time": "yesterday", "specversion": "9"}
    headers = {"Content-Type": "application/cloudevents+json"}
    async with web("handshake", "handshake") as http:
        answer = await http.post("/campus/events", json=broken, headers=headers)
    async with web("student") as student:
        assert (await student.post("/campus/events", json=AGREEMENT, headers=headers)).status_code == 403

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"id", "time", "specversion"}


async def test_a_number_drawn_over_http_is_told_with_the_letters_file_name(intake, web):
    await intake.hear(an_agreement())
    async with web("student") as http:
        path = f"/api/requests/{(await submitted(http))['request_id']}/documents"
        for kind in ("enrollment_proof", "offer_letter", "handshake_contract"):
            name = "attachment; filename*=UTF-8''..%2F..%2Fna%C3%AFve%20file.pdf"
            await http.put(f"{path}/{kind}", content=a_letter(), headers={"Content-Disposition": name})

    (told,) = await intake.published(RequestCompleted)
    assert {paper.name for paper in told.documents} == {"naïve file.pdf"}


async def test_after_five_business_days_the_page_says_still_in_work_and_no_spam_advice_without_a_mail(intake, web):
    """Case 64, R54."""
    intake.now = NOW - timedelta(days=14)
    late = await intake.complete()
    intake.now = NOW
    in_time = await intake.complete("30099999")
    async with web("student") as http, web("student", "30099999") as other:
        page = (await http.get(f"/requests/{late}")).text
        assert "your I-20 is still being processed" not in (await other.get(f"/requests/{in_time}")).text

    assert "your I-20 is still being processed" in page
    assert "look in Spam or Junk" not in page


async def test_whose_request_the_key_of_a_message_names_is_known(intake):
    """A31: an operator who is a student decides about no message of their own request."""
    request_id = await intake.submit()

    async with intake.database.transaction() as connection:
        asked = [
            await intake.consumer.is_about(connection, *one)
            for one in ((request_id, STUDENT), (request_id, "30099999"), ("another", STUDENT))
        ]

    assert asked == [True, False, False]
