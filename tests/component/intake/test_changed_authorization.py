"""A student asks to extend or change what was issued: prefilled, through the same gates, one change at a time (X6)."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from cpt.contracts.intake import RequestCompleted
from cpt.contracts.staff import AuthorizationChanged
from cpt.contracts.values import ChangedAuthorization, EarlierAuthorization
from intake.domain.lifecycle import Refused
from intake.spire import SpireDirectory
from intake.student.ask_for_change import ask_for_change
from tests.component.intake import happened
from tests.component.intake.conftest import MANY, NOW, STUDENT, a_letter, a_person, an_agreement
from tests.factories import ADVISER
from tests.factories import STUDENT as RECIPIENT

RUNNING = datetime(2026, 10, 5, 15, tzinfo=UTC)
LONGER = {"end_date": "2026-12-18"}
CONSULTED = {"adviser_consulted": {"name": "Prof. Ann Bell", "office": "CICS", "on": "2026-08-20"}}


async def issued(intake):
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id)))
    return request_id


async def ask_at(intake, now, request_id, changes=None, key="change-1", sub=STUDENT):
    """Beside HTTP, whose tokens do not live that long."""
    intake.now, directory = now, SpireDirectory("", "")
    given = changes or LONGER | CONSULTED
    return await ask_for_change(intake.database, directory, request_id, a_person(sub), key, given, now, MANY)


def path(request_id):
    return f"/api/requests/{request_id}/change"


async def ask(http, request_id, changes=None, key="change-1"):
    return await http.post(path(request_id), json=changes or LONGER | CONSULTED, headers={"Idempotency-Key": key})


async def complete(intake, request_id, **changed):
    await intake.hear(an_agreement(version=2, end_date=date(2026, 12, 18)))
    for kind, content in (("offer_letter", a_letter(**changed)), ("handshake_contract", None)):
        await intake.upload(request_id, kind, content)
    await intake.upload(request_id, "enrollment_proof", strm="1267")


async def test_only_what_changes_is_asked_and_the_request_goes_through_the_same_gates(intake, web):
    """X6, R44: prefilled from what was issued; letter, contract and proof come anew, then it has a place like any other."""
    earlier = await issued(intake)
    async with web("student") as http:
        answer = await ask(http, earlier)
        again = await ask(http, earlier)
        old = (await http.get(f"/api/requests/{earlier}")).json()

    view = answer.json()
    assert (answer.status_code, again.json()["request_id"]) == (201, view["request_id"])
    assert view["changes"] == {"request_id": earlier, "reference": old["reference"]}
    assert old["changed_by"] == [
        {"request_id": view["request_id"], "reference": view["reference"], "state": "incomplete"}
    ]
    assert {item["code"] for item in view["missing"]} == {
        "document.offer_letter",
        "document.handshake_contract",
        "document.enrollment_proof.1267",
    }
    await complete(intake, view["request_id"], **LONGER)
    (_, told) = await intake.published(RequestCompleted)
    assert (told.request_id, told.receipt_number) == (view["request_id"], 2)
    assert told.changes == ChangedAuthorization(request_id=earlier, reference=old["reference"])
    assert (told.facts.start_date, told.facts.end_date) == (date(2026, 9, 14), date(2026, 12, 18))


async def test_that_the_work_has_begun_is_as_it_should_be(intake):
    """R14, R47: no warning that the start has passed, and no flag; the new I-20 decides when the new days begin (A16)."""
    view = await ask_at(intake, RUNNING, await issued(intake))
    await complete(intake, view["request_id"], **LONGER)

    assert view["warnings"] == []
    assert [flag.code for flag in (await intake.published(RequestCompleted))[-1].flags] == ["hours_exactly_twenty"]


async def test_the_consultation_is_about_this_training_and_asked_again(intake, web):
    """R20."""
    earlier = await issued(intake)
    async with web("student") as http:
        view = (await ask(http, earlier, LONGER)).json()

    assert "form.adviser_consulted" in {item["code"] for item in view["missing"]}


async def test_new_dates_bring_their_terms_and_ask_for_a_course_in_each(intake, web):
    """R22, R23, A23."""
    earlier = await issued(intake)
    async with web("student") as http:
        view = (await ask(http, earlier, {"end_date": "2027-03-12"} | CONSULTED)).json()

    codes = {item["code"] for item in view["missing"]}
    assert {"form.courses", "document.enrollment_proof.1267", "document.enrollment_proof.1273"} <= codes
    assert "form.terms" not in codes


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({}, 409, "nothing_changed"),
        ({"hours_per_week": 20} | CONSULTED, 409, "nothing_changed"),
        ({"end_date": "2026-09-01"}, 422, "invalid"),
        ({"paid": "yes", "unknown": 1}, 422, "invalid"),
        ({"changes": {"request_id": "x"}}, 422, "invalid"),
    ],
)
async def test_what_changes_nothing_or_cannot_be_is_refused(intake, web, changes, status, code):
    """X6: nothing is kept of it."""
    earlier = await issued(intake)
    async with web("student") as http:
        answer = await http.post(path(earlier), json=changes, headers={"Idempotency-Key": "k"})
        mine = (await http.get("/api/requests")).json()

    assert (answer.status_code, answer.json()["code"], len(mine)) == (status, code, 1)


async def test_of_two_changes_at_once_one_is_let_in(intake, web):
    """X6: while one is open there is no second, also when both are sent in the same moment."""
    earlier = await issued(intake)
    async with web("student") as http:
        answers = await asyncio.gather(*(ask(http, earlier, key=f"key-{n}") for n in range(4)))
        view = next(answer.json() for answer in answers if answer.status_code == 201)
        late = await ask(http, earlier, key="late")
        await http.post(f"/api/requests/{view['request_id']}/withdraw")
        assert (await ask(http, earlier, key="again")).status_code == 201

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert late.json()["code"] == "change_open"
    assert view["reference"] in late.json()["detail"]


async def test_nobody_changes_another_s_a_request_without_an_i20_or_one_that_is_over(intake, web):
    """X6, X12, case 66."""
    earlier = await issued(intake)
    async with web("student") as http, web("student", sub="30099999") as other, web("adviser") as adviser:
        assert [(await ask(one, earlier)).status_code for one in (other, adviser)] == [404, 403]
        assert (await ask(http, await intake.submit(), key="k2")).json()["code"] == "wrong_state"
        with pytest.raises(Refused, match="over"):
            await ask_at(intake, datetime(2026, 12, 12, 15, tzinfo=UTC), earlier)
        intake.now = NOW
        await intake.hear(replaced(await intake.request(earlier), None))
        assert "canceled" in (await ask(http, earlier, key="k4")).json()["detail"]


def replaced(request, by, until=None):
    return AuthorizationChanged(
        request_id=request.request_id,
        round=request.round,
        receipt_number=request.receipt_number,
        reference=request.reference,
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        canceled=until is None,
        authorized_until=until,
        segments=(),
        reason="The offer was withdrawn.",
        changed_by=ADVISER,
        recipient=RECIPIENT,
        at=RUNNING,
        replaced_by=by,
    )


async def test_the_student_reads_which_authorization_counts(intake, web):
    """X6: on both pages, and a further change starts from the new one."""
    earlier = await issued(intake)
    async with web("student") as http:
        view = (await ask(http, earlier)).json()
        await complete(intake, view["request_id"], **LONGER)
        waiting = (await http.get(f"/requests/{earlier}")).text
        page = (await http.get(f"/requests/{view['request_id']}")).text
        new, old = await intake.request(view["request_id"]), await intake.request(earlier)
        left = EarlierAuthorization(
            request_id=earlier, reference=old.reference, canceled=False, until=date(2026, 10, 4)
        )
        await intake.hear(happened.issued(new, earlier=left))
        by = ChangedAuthorization(request_id=new.request_id, reference=new.reference)
        await intake.hear(replaced(old, by, date(2026, 10, 4)))
        after = (await http.get(f"/api/requests/{earlier}")).json()
        refused = await ask(http, earlier, key="k2")
        story = (await http.get(f"/api/requests/{new.request_id}")).json()["history"]

    assert "You asked to change this authorization" in waiting
    assert "December 11, 2026" in page
    assert "December 18, 2026" in page
    assert after["authorized"]["replaced_by"]["reference"] == new.reference
    assert (
        f"{new.reference} takes the place of this authorization, which ends on October 4, 2026"
        in after["history"][-1]["what"]
    )
    assert f"The earlier authorization, {old.reference}, ends on October 4, 2026" in story[-1]["what"]
    assert new.reference in refused.json()["detail"]


async def test_a_page_asks_for_what_was_chosen_filled_in_as_it_was(intake, web):
    """X6: choose, correct what is wrong, send once; a double click is one request."""
    earlier = await issued(intake)
    there = f"/requests/{earlier}/change"
    sent = {
        "part.work": "yes",
        "key": "one",
        "job_title": "Lead intern",
        "duties": "Builds arms",
        "hours_per_week": "0",
    }
    sent |= {"adviser_consulted.name": "Ann Bell", "adviser_consulted.on": "2026-08-20"}
    async with web("student") as http:
        choice = (await http.get(there)).text
        form = (await http.get(there, params={"part.work": "yes"})).text
        wrong = await http.post(there, data=sent)
        right = [await http.post(there, data=sent | {"hours_per_week": "15"}) for _ in range(2)]
        mine = (await http.get("/api/requests")).json()

    assert "What changes?" in choice
    assert 'value="20"' in form
    assert "start_date" not in form
    assert (wrong.status_code, "This must be more than 0." in wrong.text) == (422, True)
    assert right[0].headers["location"] == right[1].headers["location"] if right[1].status_code == 303 else True
    assert len(mine) == 2
    assert (await intake.request(mine[0]["request_id"])).application.employer == "Baystate Robotics Inc."
    assert (await intake.request(mine[0]["request_id"])).emplid == STUDENT
