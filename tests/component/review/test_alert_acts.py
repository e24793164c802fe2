"""Whose an alert is, and who may be named for it, holds for every act, on the pages as in the API."""

import pytest

from tests import authorization
from tests.component.review.test_authorization import SAID
from tests.factories import checked, completed, lost


def _acts(app):
    """Every POST on one alert, by a form or by JSON."""
    calls = authorization.calls(app) + authorization.pages(app)
    return [call.removeprefix("POST ") for call in calls if call.startswith("POST") and "{alert_id}/" in call]


@pytest.fixture
async def alert(review, web):
    """An alert on a case that adviser-1 holds."""
    await review.hear(checked(), completed())
    async with web("adviser", "adviser-1") as adviser:
        await adviser.post("/api/cases/next")
    await review.hear(lost())
    return await review.value("SELECT alert_id FROM alert")


async def test_no_act_touches_an_alert_that_is_another_advisers(review, web, alert):
    """R33: a DSO where assigned; to all others it does not exist, whatever they send."""
    before = await review.value("SELECT to_jsonb(alert) FROM alert")
    acts = _acts(web.app)
    async with web("adviser", "adviser-2") as other:
        answers = {path: await other.post(path.format(alert_id=alert), **_said(path)) for path in acts}

    assert len(acts) == 14
    told = {path: answer.status_code for path, answer in answers.items()}
    assert told == {path: 403 if path.endswith("/reopen") else 404 for path in acts}
    assert await review.value("SELECT to_jsonb(alert) FROM alert") == before


def _said(path):
    return (
        SAID.get(f"POST {path}", {})
        if path.startswith("/api/")
        else {"data": SAID.get(f"POST /api{path}", {}).get("json", {})}
    )


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "bell\x07", "a" * 201])
async def test_a_stand_in_is_a_sign_in_name_on_one_line(web, alert, name):
    """The form takes what the API takes; 400 for what no browser sends."""
    async with web("compliance") as compliance:
        answers = [
            await compliance.post(f"/api/alerts/{alert}/delegate", json={"to": name}),
            await compliance.post(f"/alerts/{alert}/delegate", data={"to": name}),
        ]
        page = (await compliance.get(f"/alerts/{alert}")).text

    assert {answer.status_code for answer in answers} <= {400, 422}
    assert "stands in from now on" not in page


async def test_whoever_has_held_a_case_is_offered_as_a_stand_in(web, alert):
    """R33: a name that is mistyped would give the alert to nobody."""
    async with web("compliance") as compliance:
        offered = (await compliance.get(f"/alerts/{alert}")).text
        await compliance.post(f"/alerts/{alert}/delegate", data={"to": " adviser-2 "})
    async with web("adviser", "adviser-2") as stand_in:
        seen = await stand_in.get(f"/alerts/{alert}")

    assert '<option value="adviser-1">' in offered
    assert "<dd>adviser-2</dd>" in seen.text


async def test_what_a_role_may_not_do_is_not_offered_and_what_is_done_says_when(review, web, alert):
    """R33: compliance records no act of a DSO; the notice that left today is not offered again; people have names."""
    async with web("compliance") as compliance, web("adviser", "adviser-1") as adviser:
        await review.hear(checked(outcome="not_met", check_no=9))
        offered = {who: (await http.get(f"/alerts/{alert}")).text for who, http in (("c", compliance), ("a", adviser))}

    for code in ("cpt_ended_early", "reported_in_sevis", "authorized_withdrawal"):
        assert f'<option value="{code}">' not in offered["c"]
        assert f'<option value="{code}">' in offered["a"]
    assert '<option value="data_error">' in offered["c"]
    assert "<title>Alert: Ana Lima" in offered["c"]


async def test_a_form_that_a_script_sends_is_told_where_to_go_and_a_refusal_names_its_field(web, alert):
    """The person stays on the page with what was typed; without a script the same answers are pages."""
    said = {"outcome": "cpt_ended_early"}
    async with web("adviser", "adviser-1") as adviser:
        asked = {"X-Cpt-Form": "1", "Accept": "text/html"}
        refused = await adviser.post(f"/alerts/{alert}/outcome", data=said, headers=asked)
        page = (await adviser.get(f"/alerts/{alert}")).text
        taken = await adviser.post(f"/alerts/{alert}/outcome", data={"outcome": "duplicate"}, headers=asked)

    assert refused.status_code == 422
    assert 'data-field="on"' in refused.text
    assert "<span data-message>Enter the last day of work.</span>" in refused.text
    assert (taken.status_code, taken.headers["x-cpt-to"]) == (204, f"/alerts/{alert}?said=recorded")
    assert "location" not in taken.headers
    assert '<form method="post" data-here' in page
