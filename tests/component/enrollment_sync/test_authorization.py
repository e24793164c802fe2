"""Who may call what in enrollment-sync, cell by cell (docs/authorization.md)."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from enrollment_sync.code_sets import form_of, shipped_codes
from tests import authorization
from tests.component.enrollment_sync.test_http import a_cloud_event
from tests.component.enrollment_sync.test_integration_broker import ROW, xml

CALENDAR = json.loads(files("cpt.campus").joinpath("illustrative_calendar.json").read_text("utf-8"))
SAID = {
    "POST /campus/events": {"json": a_cloud_event(), "headers": {"Content-Type": "application/cloudevents+json"}},
    "POST /campus/events/validate": {
        "json": a_cloud_event(),
        "headers": {"Content-Type": "application/cloudevents+json"},
    },
    "POST /campus/integration-broker": {"content": xml(ROW), "headers": {"Content-Type": "application/xml"}},
    "GET /campus/events": {"params": {"source": "/spire/enrollment", "id": "ev-1"}},
    "PUT /api/codes": {"json": form_of(replace(shipped_codes(), version=2))},
    "PUT /api/calendar": {"json": CALENDAR | {"version": CALENDAR["version"] + 1}},
}


@pytest.fixture
async def ask(web, as_role):
    async def ask(role, sub, method, path, **words):
        if role:
            words = words | {"headers": words.get("headers", {}) | await as_role(role, sub)}
        return await web.request(method, path, **words)

    return ask


@pytest.fixture
def seed(administrator):
    async def seed(call, owner):
        parked_id, seq = [await administrator.fetchval(row) for row in authorization.parked_rows("enrollment-sync")]
        return {"own": "nothing", "strm": "1267", "parked_id": parked_id, "seq": seq}

    return seed


async def test_every_call_answers_each_role_as_the_table_says(app, ask, seed):
    """Interfaces, exact answers: 401 without a token, 403 for a wrong role."""
    table, nobody = await authorization.answers(app, ask, seed, SAID)

    authorization.assert_documented("enrollment-sync", table)
    assert set(nobody.values()) == {401}


async def test_every_page_opens_for_the_roles_of_the_table(app, ask):
    table, nobody = await authorization.page_answers(app, ask)

    authorization.assert_documented("enrollment-sync, pages", table)
    assert set(nobody.values()) <= {303, 401}
