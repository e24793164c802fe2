"""Whatever a client sends to notifier, it is told what is wrong (docs/api)."""

from cpt.web.limits import Rate
from tests.component.notifier.conftest import Notifier
from tests.hostile import fault_of, requests_of
from tests.unit.notifier.events import issued


async def test_no_hostile_request_is_answered_by_500_or_without_a_reason(notifier: Notifier, web, monkeypatch):
    """docs/api: problem+json, every field, nothing quoted."""
    monkeypatch.setitem(web.app.state._state, "person_rate", Rate(1e9))  # undoing an attribute would delete it
    await notifier.hear(issued())
    await notifier.send()
    (notice,) = await notifier.notices()
    openapi = (await web(None, "/openapi.json")).json()
    why = {"reason": "It is fine"}
    bodies = {
        "POST /api/notices/{notice_id}/bounced": {"reason": "mailbox full"},
        "POST /api/parked/{parked_id}/replay": why,
        "POST /api/parked/{parked_id}/discard": why,
        "POST /api/quarantine/{seq}/release": why,
        "POST /api/quarantine/{seq}/discard": why,
    }

    faults = {}
    for one in requests_of(openapi, {"notice_id": notice["id"], "parked_id": "1", "seq": "1"}, bodies):
        role = "adviser" if one.url.endswith("preview") else "operations"
        answer = await web(role, one.url, method=one.method, content=one.content, **one.headers)
        if fault := fault_of(answer.status_code, answer.headers.get("content-type", ""), answer.text):
            faults[one.method, one.url[:80], one.why] = f"{fault} {one.headers} {(one.content or b'')[:100]!r}"

    assert not faults, "\n".join(f"{key}: {fault}" for key, fault in faults.items())
