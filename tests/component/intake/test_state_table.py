"""Every cell of intake's state table: state × event, of the same round and of an older one (docs/architecture.md)."""

import pytest

from intake.domain.lifecycle import Refused
from intake.student.request_manual_check import request_manual_check
from intake.student.resubmit_request import resubmit_request
from intake.student.withdraw_request import withdraw_request
from tests.component.intake import happened
from tests.component.intake.conftest import a_letter, an_agreement
from tests.state_tables import cells, states_of

OUTCOMES = ("met", "not_met", "cannot_determine", "pending")


async def a_request(intake, state, student):
    """In its second round, so that there is an older one."""
    request_id = await intake.complete(student)
    await intake.correct(request_id, student, adviser_consulted={"name": "Ann", "office": "", "on": "2026-08-20"})
    request = await intake.request(request_id)
    if state in {"assigned", "approved", "returned", "issued", "denied"}:
        await intake.hear(happened.assigned(request))
    match state:
        case "incomplete":
            await intake.hear(an_agreement(student, version=2, status="pending"))
        case "not_required":
            await intake.correct(request_id, student, paid=False)
        case "withdrawn":
            await intake.act(withdraw_request, request_id, sub=student)
        case "approved" | "issued":
            await intake.hear(happened.approved(request))
    if state in {"returned", "issued", "denied"}:
        await intake.hear(getattr(happened, state)(request))
    return await intake.request(request_id)


async def happen(intake, name, request, older):
    """The event or act of a cell."""
    if name in OUTCOMES:
        await intake.hear(happened.checked(request, name, older))
    elif name in {"agreed", "agreement_lost"}:
        status = "approved" if name == "agreed" else "withdrawn"
        await intake.hear(an_agreement(request.emplid, version=1 if older else 3, status=status))
    elif hasattr(happened, name):
        await intake.hear(getattr(happened, name)(request, older))
    else:
        await act(intake, name, request)


async def act(intake, name, request):
    about = {"sub": request.emplid}
    match name:
        case "correct":
            consulted = {"name": "Someone else", "office": "", "on": "2026-08-21"}
            await intake.correct(request.request_id, **about, adviser_consulted=consulted)
        case "upload":
            other = a_letter(job_title="Another title")
            await intake.upload(request.request_id, "handshake_contract", other, **about)
        case "please_look":
            await intake.act(request_manual_check, request.request_id, "agreement", "It is there", **about)
        case "resubmit":
            await intake.act(resubmit_request, request.request_id, "Signed now", **about)
        case "withdraw":
            await intake.act(withdraw_request, request.request_id, **about)


@pytest.mark.parametrize("state", states_of("intake"))
async def test_every_event_and_act_in_this_state(intake, state):
    """P4–P8, P23: what counts changes what is shown, what is old is history, and a student cannot disturb an adviser."""
    wrong = []
    for number, (name, older, expected) in enumerate(cells("intake", state)):
        request = await a_request(intake, state, f"3{number:07}")
        assert request.state == state

        try:
            await happen(intake, name, request, older)
            found = await intake.state(request.request_id)
        except Refused as refused:
            found = {"wrong_state": "409"}.get(refused.code)

        if found != (state if expected == "=" else expected):
            wrong.append(f"{name}{' (older)' * older}: {found} instead of {expected}")
    assert not wrong, "\n".join(wrong)
