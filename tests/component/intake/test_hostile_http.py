"""Whatever a client sends to intake, it is told what is wrong, and intake is none the worse for it (docs/api)."""

from itertools import chain

import httpx2
import pytest

from cpt.web.limits import Rate
from intake.app import build_web
from tests.component.intake.conftest import STUDENT, an_application
from tests.hostile import fault_of, forms_of, in_process, requests_of


@pytest.fixture
async def server(intake, web_settings, campus, applications, monkeypatch):
    """`await server(role, request)` answers, with a token of that role and no limit of rate."""
    lent = applications.lent(build_web, web_settings, lambda: intake.now)
    async with lent as app, in_process(app) as client, httpx2.AsyncClient(base_url=campus.url) as issuer:
        monkeypatch.setitem(app.state._state, "person_rate", Rate(1e9))  # undoing an attribute would delete it
        tokens = {}
        for role in ("student", "handshake", "operations"):
            got = await issuer.post("/demo/token", json={"sub": STUDENT, "roles": [role]})
            tokens[role] = got.json()["access_token"]

        async def ask(role, one):
            headers = {"Authorization": f"Bearer {tokens[role]}", **one.headers}
            return await client.request(one.method, one.url, headers=headers, content=one.content)

        ask.openapi = (await client.get("/openapi.json")).json()
        yield ask


def role_of(url):
    if url.startswith("/campus"):
        return "handshake"
    return "operations" if url.startswith(("/api/parked", "/api/quarantine", "/operations")) else "student"


AGREEMENT = {
    "specversion": "1.0",
    "id": "hs-1",
    "source": "/handshake/experiences",
    "type": "com.joinhandshake.agreement-changed.v1",
    "time": "2026-08-24T12:00:00Z",
    "subject": "s",
    "data": {"emplid": STUDENT},
}


async def test_no_hostile_request_is_answered_by_500_or_without_a_reason(intake, server):
    """docs/api: problem+json, every field, nothing quoted."""
    request_id = await intake.submit()
    note, why = {"note": "Done"}, {"reason": "It is fine"}
    bodies = {
        "POST /api/requests": an_application(),
        "PATCH /api/requests/{request_id}": {"hours_per_week": 20, "work_locations": [{"city": "Springfield"}]},
        "PUT /api/requests/{request_id}/documents/{kind}": None,
        "POST /api/requests/{request_id}/change": {"end_date": "2026-12-18"},
        "POST /api/requests/{request_id}/please-look": {"at": "letter", "why": "It is there"},
        "POST /api/requests/{request_id}/resubmit": note,
        "POST /api/requests/{request_id}/report": {"what": "other", "on": "2026-09-14", "words": "New desk"},
        "POST /api/requests/{request_id}/acknowledge": {"code": "fulltime_cpt_twelve_months"},
        "POST /api/requests/{request_id}/answer": {"text": "Yes"},
        "POST /campus/events": AGREEMENT,
        "POST /campus/events/validate": AGREEMENT,
        "POST /api/parked/{parked_id}/replay": why,
        "POST /api/parked/{parked_id}/discard": why,
        "POST /api/quarantine/{seq}/release": why,
        "POST /api/quarantine/{seq}/discard": why,
    }
    known = {"request_id": request_id, "kind": "offer_letter", "parked_id": "1", "seq": "1"}

    assert not await faults_of(server, requests_of(server.openapi, known, bodies))


async def faults_of(server, requests, *, page=False):
    faults = {}
    for one in requests:
        answer = await server(role_of(one.url), one)
        if fault := fault_of(answer.status_code, answer.headers.get("content-type", ""), answer.text, page=page):
            faults[one.method, one.url[:80], one.why] = f"{fault} {one.headers} {(one.content or b'')[:100]!r}"
    return "\n".join(f"{key}: {fault}" for key, fault in faults.items())


async def test_no_hostile_form_of_a_page_is_answered_by_500(intake, server):
    request_id = await intake.submit()
    fields = {
        "/requests/new": [],
        "/requests/new/employer": ["employer", "employer_address.city"],
        "/requests/new/dates": ["start_date", "already_started"],
        f"/requests/{request_id}/form/work": ["hours_per_week", "duties"],
        f"/requests/{request_id}/form/dates": ["start_date", "already_started"],
        f"/requests/{request_id}/documents": ["kind", "term", "file"],
        f"/requests/{request_id}/please-look": ["at", "why"],
        f"/requests/{request_id}/resubmit": ["note"],
        f"/requests/{request_id}/report": ["what", "on", "words"],
        f"/requests/{request_id}/acknowledge": ["code"],
        f"/requests/{request_id}/answer": ["text"],
        "/form/place/faults": ["work_location.street", "work_location.same"],
        "/operations/parked/1/discard": ["reason"],
        f"/operations/parked/{2**63}/discard": ["reason"],
    }

    forms = chain.from_iterable(forms_of(path, names) for path, names in fields.items())
    assert not await faults_of(server, forms, page=True)
