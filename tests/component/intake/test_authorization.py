"""Who may call what in intake, cell by cell (docs/authorization.md)."""

from itertools import count

import pytest

from tests import authorization
from tests.component.intake.conftest import a_letter, an_application
from tests.component.intake.test_http import AGREEMENT, PDF

REQUEST = "/api/requests/{request_id}"
SAID = {
    f"PATCH {REQUEST}": {"json": {"job_title": "Intern"}},
    f"PUT {REQUEST}/documents/{{kind}}": {"content": a_letter(), "headers": PDF},
    f"POST {REQUEST}/please-look": {"json": {"at": "letter", "why": "so"}},
    f"POST {REQUEST}/resubmit": {"json": {"note": "so"}},
    f"POST {REQUEST}/report": {"json": {"what": "stopped_working"}},
    f"POST {REQUEST}/acknowledge": {"json": {"code": "so"}},
    f"POST {REQUEST}/answer": {"json": {"text": "so"}},
    "POST /campus/events": {"json": AGREEMENT, "headers": {"Content-Type": "application/cloudevents+json"}},
    "POST /campus/events/validate": {
        "json": AGREEMENT,
        "headers": {"Content-Type": "application/cloudevents+json"},
    },
    "GET /campus/events": {"params": {"source": AGREEMENT["source"], "id": AGREEMENT["id"]}},
}


@pytest.fixture
def ask(web):
    keys = count()

    async def ask(role, sub, method, path, **words):
        if (method, path) == ("POST", "/api/requests") or path.endswith("/change"):
            words = {"json": an_application(), "headers": {"Idempotency-Key": f"key-of-{next(keys)}"}}
        async with web(role, sub) as client:
            return await client.request(method, path, **words)

    return ask


@pytest.fixture
def seed(intake):
    async def seed(call, owner):
        request_id = await intake.submit(owner)
        async with intake.database.transaction() as connection:
            parked_id, seq = [await connection.fetchval(row) for row in authorization.parked_rows("intake")]
        return {
            "own": request_id,
            "request_id": request_id,
            "kind": "offer_letter",
            "parked_id": parked_id,
            "seq": seq,
        }

    return seed


async def test_every_call_answers_each_role_as_the_table_says(ask, seed, web):
    """Interfaces, exact answers: 401 without a token, 403 for a wrong role, 404 for what is another's (case 66)."""
    table, nobody = await authorization.answers(web.app, ask, seed, SAID)

    authorization.assert_documented("intake", table)
    assert set(nobody.values()) == {401}


async def test_every_page_opens_for_the_roles_of_the_table(ask, web):
    table, nobody = await authorization.page_answers(web.app, ask)

    authorization.assert_documented("intake, pages", table)
    assert set(nobody.values()) <= {303, 401}
