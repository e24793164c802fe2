"""Whatever a client sends to review, it is told what is wrong, and review is none the worse for it (docs/api)."""

from itertools import chain

import httpx2
import pytest

from cpt.web.limits import Rate
from review.app import build_web
from tests.component.review.acts import assigned, issued
from tests.factories import lost
from tests.hostile import fault_of, forms_of, in_process, requests_of

WHY = {"reason": "It is fine"}


@pytest.fixture
async def server(review, web_settings, campus, applications, monkeypatch):
    """`await server(request)` answers, with a token that may do everything and no limit of rate."""
    lent = applications.lent(build_web, web_settings, lambda: review.now)
    async with lent as app, in_process(app) as client, httpx2.AsyncClient(base_url=campus.url) as issuer:
        monkeypatch.setitem(app.state._state, "person_rate", Rate(1e9))  # undoing an attribute would delete it
        everybody = {"sub": "adviser-1", "roles": ["adviser", "director", "operations"]}
        token = (await issuer.post("/demo/token", json=everybody)).json()["access_token"]

        async def ask(one):
            headers = {"Authorization": f"Bearer {token}", **one.headers}
            return await client.request(one.method, one.url, headers=headers, content=one.content)

        ask.openapi = (await client.get("/openapi.json")).json()
        yield ask


async def an_alert(review):
    await review.hear(lost())
    return await review.value("SELECT alert_id FROM alert")


async def faults_of(server, requests, *, page=False):
    faults = {}
    for one in requests:
        answer = await server(one)
        if fault := fault_of(answer.status_code, answer.headers.get("content-type", ""), answer.text, page=page):
            faults[one.method, one.url[:80], one.why] = f"{fault} {one.headers} {(one.content or b'')[:100]!r}"
    return "\n".join(f"{key}: {fault}" for key, fault in faults.items())


async def test_no_hostile_request_is_answered_by_500_or_without_a_reason(review, server):
    """docs/api: problem+json, every field, nothing quoted."""
    await issued(review, request_id="issued", number=1)
    await assigned(review, number=2)
    text, document = {"text": "Called the Hub"}, {"sha256": "a" * 64, "name": "i20.pdf"}
    i20 = {"document": document, "issued_on": "2026-09-01", "signed_by": "Kim Lee", "sevis_confirmed": True}
    case, alert = "POST /api/cases/{request_id}/", "POST /api/alerts/{alert_id}/"
    bodies = {
        f"{case}approve": {"authorized_start": "2026-09-21", "reason": "Later", "flags_accepted": ["short_notice"]},
        f"{case}return": {"reasons": [{"text": "Name the town", "item": "letter.location"}], "office_error": False},
        f"{case}deny": WHY,
        f"{case}give-back": WHY,
        f"{case}reassign": {"to": "adviser-2"},
        f"{case}i20": {**i20, "employer": "Baystate", "course_relevance": "Robots", "remarks": "None"},
        f"{case}authorization": {"change": "shorten", "until": "2026-11-30", "reason": "It ends early"},
        f"{case}courses": {
            "courses": [{"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "698", "class_nbr": "1"}],
            "comment": "So",
        },
        "PUT /api/cases/{request_id}/i20/file": None,
        f"{case}notes": text,
        f"{case}messages": text,
        "POST /api/tasks/{task_id}/done": {"comment": "Seen"},
        f"{case}hold": WHY,
        f"{case}unhold": WHY,
        "POST /api/line/{receipt_number}/pass-over": WHY,
        f"{alert}acknowledge": {"comment": "Seen"},
        f"{alert}outcome": {"outcome": "cpt_ended_early", "on": "2026-09-02", "comment": "It ended"},
        f"{alert}reopen": {"comment": "Not yet"},
        f"{alert}loss": {"comment": "It is"},
        f"{alert}delegate": {"to": "adviser-2"},
        "PUT /api/sevis/user-id": {"user_id": "dsodemo001"},
        "POST /api/sevis/batches": {
            "adds": [{"request_id": "r1", "employer": "Baystate", "course_relevance": "Robots", "remarks": "None"}],
            "cancels": ["issued"],
            "campus": "Amherst",
        },
        "POST /api/sevis/batches/{batch_id}/discard": {"reason": "Wrong", "not_uploaded": True},
        "POST /api/sevis/answers": None,
        **{f"POST /api/parked/{{parked_id}}/{act}": WHY for act in ("replay", "discard")},
        **{f"POST /api/quarantine/{{seq}}/{act}": WHY for act in ("release", "discard")},
    }
    known = {"request_id": "r1", "number": "1", "task_id": "1", "receipt_number": "7", "parked_id": "1", "seq": "1"}
    known |= {"alert_id": await an_alert(review), "batch_id": "CPT26090100001"}

    assert not await faults_of(server, requests_of(server.openapi, known, bodies))
    after = {path: does for path, does in server.openapi["paths"].items() if path.endswith(("/i20", "/authorization"))}
    assert not await faults_of(server, requests_of({"paths": after}, {"request_id": "issued"}, bodies))


async def test_no_hostile_form_of_a_page_is_answered_by_500(review, server):
    await assigned(review)
    case, alert = "/cases/r1", f"/alerts/{await an_alert(review)}"
    fields = {
        "/next": ["key"],
        "/hand-over": ["absent", "to"],
        f"{case}/approve": ["flag", "authorized_start"],
        f"{case}/notes": ["text"],
        f"{case}/messages": ["text"],
        f"/tasks/{2**63}": ["comment"],
        "/tasks/1": ["comment", "back"],
        f"{case}/hold": ["reason", "act"],
        f"{case}/authorization": ["act", "until"],
        f"{case}/i20": ["sha256", "issued_on", "sevis_confirmed"],
        f"{case}/return": ["reason", "office_error"],
        f"{case}/reassign": ["to"],
        "/line/7/pass-over": ["reason"],
        f"/line/{2**63}/pass-over": ["reason"],
        "/alerts/held": ["act"],
        "/sevis/user-id": ["user_id"],
        "/sevis/batches": ["act", "add", "cancel", "campus", "employer.r1"],
        "/sevis/batches/CPT26090100001/discard": ["reason", "not_uploaded"],
        "/sevis/answers": ["file"],
        f"{alert}/acknowledge": ["comment"],
        f"{alert}/outcome": ["outcome", "on"],
        f"{alert}/delegate": ["to"],
        f"{alert}/reopen": ["comment"],
        f"{alert}/loss": ["comment"],
        f"{case}/courses": ["course", "comment"],
        f"{case}/i20/file": ["file"],
    }

    forms = chain.from_iterable(forms_of(path, names) for path, names in fields.items())
    assert not await faults_of(server, forms, page=True)
