"""What a student's changes do, before and after a number was drawn."""

import pytest
from pydantic import ValidationError

from cpt.contracts.intake import RequestCompleted, RequestHeld, RequestSubmitted
from intake.domain.lifecycle import Refused
from intake.student.request_manual_check import request_manual_check
from intake.student.withdraw_request import withdraw_request
from tests.component.intake import happened
from tests.component.intake.conftest import a_letter, an_agreement

SPRING = {"start_date": "2026-09-14", "end_date": "2027-02-20"}


async def test_a_change_while_complete_costs_the_number_though_nothing_is_missing(intake):
    """P4, A3."""
    request_id = await intake.complete()

    await intake.correct(request_id, adviser_consulted={"name": "Ann", "office": "", "on": "2026-08-20"})

    assert await intake.names() == ["RequestSubmitted", "RequestCompleted", "RequestHeld", "RequestCompleted"]
    (held,), again = await intake.published(RequestHeld), (await intake.published(RequestCompleted))[-1]
    assert (held.cause, held.round, held.receipt_number) == ("facts", 1, 1)
    assert (again.round, again.receipt_number, again.reinstated) == (2, 2, False)


async def test_a_correction_that_changes_nothing_costs_nothing(intake):
    request_id = await intake.complete()

    await intake.correct(request_id, job_title="Robotics intern", hours_per_week=20.0)
    await intake.upload(request_id, "offer_letter")

    assert await intake.published(RequestHeld) == []


async def test_a_change_of_the_facts_asks_for_a_new_check_and_forgets_the_old_one(intake):
    """P4: a finding for other dates counts as not answered."""
    request_id = await intake.complete()
    await intake.hear(happened.checked(await intake.request(request_id), "not_met"))
    assert await intake.missing(request_id) == {"enrollment.1267.not_enrolled"}

    await intake.correct(request_id, **SPRING, terms=["1267", "1271", "1273"])

    assert [told.facts.facts_version for told in await intake.published(RequestSubmitted)] == [1, 2]
    assert await intake.missing(request_id) == {
        "form.courses",
        "letter.end_date",
        "document.enrollment_proof.1271",
        "document.enrollment_proof.1273",
    }


async def test_from_assignment_on_the_student_is_sent_to_the_adviser(intake):
    """P4: 409 with the advice to ask the adviser to return the case."""
    request_id = await intake.complete()
    await intake.hear(happened.assigned(await intake.request(request_id)))

    with pytest.raises(Refused, match="Ask the adviser to return it"):
        await intake.correct(request_id, job_title="Another")


async def test_the_letter_is_compared_again_with_every_correction(intake):
    """R11, R46: and with every new letter; incorrect information delays the request like missing information."""
    request_id = await intake.with_papers(job_title="Intern")
    assert await intake.missing(request_id) == {"agreement.missing"}
    await intake.correct(request_id, job_title="Submarine captain", hours_per_week=12)
    assert await intake.missing(request_id) == {"agreement.missing", "letter.job_title", "letter.hours_per_week"}

    await intake.upload(request_id, content=a_letter(job_title="Submarine captain", hours_per_week=12))

    assert await intake.missing(request_id) == {"agreement.missing"}


async def test_a_letter_the_machine_misreads_goes_to_an_adviser_with_a_flag(intake):
    """docs/architecture.md: a machine finding never locks a student out."""
    await intake.hear(an_agreement())
    request_id = await intake.with_papers(job_title="Intern")
    await intake.correct(request_id, job_title="Submarine captain")

    await intake.act(request_manual_check, request_id, "letter", "It is in the drawing")

    (told,) = [one for one in await intake.published(RequestCompleted) if one.round == 2]
    (flag,) = [flag for flag in told.flags if flag.code == "letter_disputed"]
    assert "job_title" in flag.message
    assert "It is in the drawing" in flag.message


async def test_a_new_letter_is_not_covered_by_the_dispute_about_the_old_one(intake):
    request_id = await intake.with_papers()
    await intake.correct(request_id, job_title="Submarine captain")
    await intake.act(request_manual_check, request_id, "letter", "It is in the drawing")

    await intake.upload(request_id, content=a_letter(job_title="Cook"))

    assert "letter.job_title" in await intake.missing(request_id)


@pytest.mark.parametrize(
    ("item", "left"), [("document.handshake_contract", set()), ("form.job_title", {"return.1"}), (None, {"return.1"})]
)
async def test_a_returned_item_is_cleared_by_changing_what_it_names(intake, item, left):
    """P6: a reason that names nothing is cleared by a resubmission only."""
    request_id = await intake.complete()
    await intake.hear(happened.returned(await intake.request(request_id), item=item))

    await intake.upload(request_id, "handshake_contract", a_letter(job_title="A signed contract"))

    assert await intake.missing(request_id) == left


async def test_unpaid_training_leaves_the_process_and_comes_back_when_corrected(intake):
    """R13, case 32: neither approved nor denied."""
    request_id = await intake.complete()
    await intake.correct(request_id, paid=False)
    view = await intake.view(request_id)
    assert (view.state, view.receipt_number, view.missing) == ("not_required", None, [])

    await intake.correct(request_id, paid=True)

    assert (await intake.view(request_id)).receipt_number == 2
    (held,) = await intake.published(RequestHeld)
    assert [item.code for item in held.missing] == ["form.paid"]


async def test_the_end_must_not_lie_before_the_start_that_is_there_already(intake):
    """docs/api: 422 and nothing stored."""
    request_id = await intake.submit()

    with pytest.raises(ValidationError):
        await intake.correct(request_id, end_date="2026-09-01", job_title="Another")

    assert (await intake.request(request_id)).application.job_title == "Robotics intern"


async def test_a_withdrawal_is_a_wish_from_assignment_on(intake):
    """P8: review decides; asking twice is asking once."""
    request_id = await intake.complete()
    await intake.hear(happened.assigned(await intake.request(request_id)))

    await intake.act(withdraw_request, request_id)
    await intake.act(withdraw_request, request_id)
    assert (await intake.state(request_id), (await intake.names())[2:]) == ("assigned", ["RequestWithdrawn"])

    await intake.hear(happened.withdrawn(await intake.request(request_id)))
    assert await intake.state(request_id) == "withdrawn"


async def test_issued_wins_over_a_withdrawal_in_either_order(intake):
    """P8."""
    request_id = await intake.complete()
    request = await intake.request(request_id)
    await intake.act(withdraw_request, request_id)

    await intake.hear(happened.issued(request), happened.withdrawn(request))

    assert await intake.state(request_id) == "issued"


async def test_coop_papers_stand_for_the_enrollment_proof_and_for_nothing_else(intake):
    """R21, R37–R40: both, not either."""
    request_id, other = await intake.submit(route="coop"), await intake.submit(route="coop")
    await intake.upload(other, "coop_registration_email")
    assert "document.coop_permission_form" in await intake.missing(other)
    await intake.upload(request_id, "coop_permission_form")
    assert "document.coop_registration_email" in await intake.missing(request_id)

    await intake.upload(request_id, "coop_registration_email")

    assert {code for code in await intake.missing(request_id) if code.startswith("document.")} == {
        "document.offer_letter",
        "document.handshake_contract",
    }


async def test_externship_paperwork_fills_the_slot_of_the_enrollment_proof(intake):
    """R41, A10: and is no route."""
    request_id = await intake.submit(route=None)

    await intake.upload(request_id, "externship_paperwork")

    missing = await intake.missing(request_id)
    assert "form.route" in missing
    assert not any("enrollment_proof" in code for code in missing)


async def test_training_whose_compensation_is_unpaid_leaves_the_process_though_paid_was_ticked(intake):
    """R13, case 32: the words decide, and a correction leads back; no amount may stand beside them."""
    request_id = await intake.complete()
    await intake.correct(request_id, compensation="Unpaid")
    view = await intake.view(request_id)
    (held,) = await intake.published(RequestHeld)
    assert (view.state, view.receipt_number, view.missing) == ("not_required", None, [])
    assert [warning.code for warning in view.warnings] == ["not_required"]
    assert [item.code for item in held.missing] == ["form.compensation"]

    await intake.correct(request_id, compensation="$24.00 per hour, transit pass, unpaid lunch break")

    assert (await intake.view(request_id)).state == "incomplete"
    assert await intake.missing(request_id) == {"letter.compensation"}
