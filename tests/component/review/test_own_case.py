"""Nobody decides about themselves (A31, case 84)."""

import re

import pytest

from cpt.contracts.intake import StudentReported
from cpt.contracts.values import Person
from cpt.messaging import Reject
from cpt.messaging.parking import park
from review.line.assign_next_case import assign_next_case
from review.line.prove_line import prove_line
from tests import authorization
from tests.component.review.acts import issued
from tests.component.review.conftest import NOW
from tests.factories import a_hit, checked, completed, facts, lost
from tests.messages import a_record, an_event

MYSELF = Person(sub="30012345", name="Ana Lima", email="ana@umass.example")
STAFF = ("adviser", "director", "compliance")


async def test_my_own_number_is_passed_by_and_the_log_says_why(review):
    """A31, P12, P14: it stays first for the others, and the proof of order holds."""
    await review.hear(checked("r1"), completed("r1", 1), checked("r2"), completed("r2", 2, facts=facts("30099999")))

    async with review.act() as connection:
        mine = await assign_next_case(connection, MYSELF, None, review.now)
        others = await assign_next_case(connection, Person(sub="adviser-2", name=None, email=None), None, review.now)
        proof = await prove_line(connection)

    assert (mine, others, proof) == ("r2", "r1", [])
    assert await review.value("SELECT actor FROM line_log WHERE cause = 'own_case'") == MYSELF.sub


async def test_my_own_pending_number_does_not_hold_the_line_for_me(review):
    await review.hear(completed("r1", 1), checked("r2"), completed("r2", 2, facts=facts("30099999")))

    async with review.act() as connection:
        assert await assign_next_case(connection, MYSELF, None, review.now) == "r2"


def addresses(calls, known):
    """Every call and page that names a case, an alert or a task."""
    for call in calls:
        method, _, path = call.partition(" ")
        if any(f"{{{name}}}" in path for name in known):
            yield method, re.sub(r"{(\w+)}", lambda found: str(known.get(found[1], 1)), path)


@pytest.mark.parametrize("role", STAFF)
async def test_every_act_of_staff_on_my_own_case_is_refused(review, web, role):
    """Case 84: over the whole list of routes, pages too; what another may do is refused to me, and logged."""
    await issued(review)
    await review.hear(
        lost("loss-1", "r1", hits=[a_hit("r1")]),
        StudentReported(request_id="r1", round=1, what="other", on=None, words="", at=NOW),
    )
    known = {
        "request_id": "r1",
        "alert_id": await review.value("SELECT alert_id FROM alert"),
        "task_id": await review.value("SELECT id FROM task"),
    }
    calls = [*authorization.calls(web.app), *authorization.pages(web.app)]
    asked = list(addresses(calls, known))
    assert len(asked) > 40

    async with web(role, MYSELF.sub) as me:
        answers = {call: await me.request(*call) for call in asked}

    let = [call for call, answer in answers.items() if answer.status_code != 403 or "own_case" not in answer.text]
    assert let == []
    assert await review.value("SELECT count(*) FROM audit WHERE action = 'own_case_refused'") == len(asked)


async def test_nobody_is_handed_their_own_case_or_alert_and_lists_do_not_show_it(review, web):
    """A31: neither by a director nor as a stand-in."""
    await issued(review)
    await review.hear(lost("loss-1", "r1", hits=[a_hit("r1")]))
    alert_id = await review.value("SELECT alert_id FROM alert")
    async with web("director") as director, web("director", MYSELF.sub) as me:
        moved = await director.post("/api/cases/r1/reassign", json={"to": MYSELF.sub})
        delegated = await director.post(f"/api/alerts/{alert_id}/delegate", json={"to": MYSELF.sub})
        lists = [(await who.get(path)).json() for who in (director, me) for path in ("/api/cases", "/api/alerts")]

    assert [(answer.status_code, answer.json()["code"]) for answer in (moved, delegated)] == [(403, "own_case")] * 2
    assert [len(found) for found in lists] == [1, 1, 0, 0]


ASKED_INSIDE = {
    "POST /api/cases/next": {},
    "POST /next": {"data": {"key": "one"}},
    "POST /hand-over": {"data": {"absent": "adviser-2", "to": "adviser-3"}},
    "POST /api/alerts/held/release": {},
    "POST /api/alerts/held/reject": {},
    "POST /alerts/held": {"data": {"act": "release"}},
    "POST /alerts/bulk": {"data": {"act": "acknowledge", "alert": ["{alert_id}"]}},
}
"""Acts whose address names no case, and how a director does them; those on SEVIS batches are in test_sevis.py."""
ROWS = "SELECT jsonb_build_array((SELECT jsonb_agg(c) FROM case_file c), (SELECT jsonb_agg(a) FROM alert a))"


@pytest.mark.parametrize("act", ASKED_INSIDE)
async def test_an_act_that_names_no_case_leaves_my_own_as_it_is_and_does_not_show_it(review, web, act):
    """A31, case 84: the same act of another director changes it, so there was something to do."""
    method, path = act.split()
    if "alerts" in act:
        await issued(review)
        await review.hear(lost("loss-1", "r1", hits=[a_hit("r1")], held="held" in act))
        async with review.act() as connection:
            await connection.execute("UPDATE alert SET state = 'confirmed' WHERE NOT held")
    else:
        await review.hear(checked("r1"), completed("r1", 1))
        if act == "POST /hand-over":
            async with review.act() as connection:
                await assign_next_case(connection, Person(sub="adviser-2", name=None, email=None), None, review.now)
    alert_id = await review.value("SELECT alert_id FROM alert") or "none"
    sent = {
        name: {key: [alert_id] if key == "alert" else value for key, value in form.items()}
        for name, form in ASKED_INSIDE[act].items()
    }
    before = await review.value(ROWS)
    async with web("director", MYSELF.sub) as me, web("director", "director-9") as another:
        answer = await me.request(method, path, **sent)
        after_me = await review.value(ROWS)
        await another.request(method, path, **sent)

    assert answer.status_code in {200, 204, 303, 403, 409}
    assert after_me == before
    assert alert_id not in answer.text
    assert await review.value(ROWS) != before


async def test_a_parked_message_of_my_request_is_for_a_colleague_on_the_page_and_by_the_api(review, web):
    """A31: the service knows whose request the key names."""
    await review.hear(checked("r1"), completed("r1", 1))
    async with review.act() as connection:
        await park(connection, review.consumer, a_record(an_event("r1")), Reject("refused"), attempts=1)
    number = await review.value("SELECT id FROM parked")
    calls = [("GET", f"/api/parked/{number}"), ("GET", f"/operations/parked/{number}")]
    for act in ("replay", "discard"):
        calls += [("POST", f"/api/parked/{number}/{act}"), ("POST", f"/operations/parked/{number}/{act}")]

    async with web("operations", MYSELF.sub) as me, web("operations", "olga") as colleague:
        answers = [await me.request(*call) for call in calls]
        discarded = await colleague.post(f"/api/parked/{number}/discard")

    assert {answer.status_code for answer in answers} == {403}
    assert all("own_case" in answer.text for answer in answers)
    assert discarded.status_code == 200
