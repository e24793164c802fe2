"""From the form to a number in line."""

from datetime import date

from cpt.contracts.intake import RequestCompleted, RequestStatusChanged
from tests.component.intake.conftest import STUDENT, an_agreement


async def test_a_request_with_everything_gets_its_number_at_once(intake):
    """R42, A2, P9: the last item that arrives sets the place."""
    request_id = await intake.with_papers()
    assert await intake.missing(request_id) == {"agreement.missing"}

    await intake.hear(an_agreement())

    (told,) = await intake.published(RequestCompleted)
    assert (told.request_id, told.round, told.receipt_number, told.check_no) == (request_id, 1, 1, 0)
    assert (told.agreement.agreement_id, told.due_on) == (f"HS-{STUDENT}", date(2026, 8, 31))
    assert {paper.kind for paper in told.documents} == {"offer_letter", "handshake_contract", "enrollment_proof"}
    assert {fact.outcome for fact in told.letter} == {"found"}
    assert all(fact.lines and fact.lines[0].bottom > fact.lines[0].top for fact in told.letter)
    assert (told.recipient.name, told.facts.facts_version) == ("Ana Lima", 1)
    assert await intake.names() == ["RequestSubmitted", "RequestCompleted"]


async def test_every_missing_thing_is_named_at_once(intake):
    """R11, R63."""
    request_id = await intake.submit(job_title="", paid=None, terms=[])

    assert await intake.missing(request_id) == {
        "form.courses",
        "form.job_title",
        "form.paid",
        "form.terms",
        "document.offer_letter",
        "document.handshake_contract",
        "document.enrollment_proof.1267",
        "agreement.missing",
    }


async def test_each_missing_paper_says_who_can_bring_it_and_where(intake):
    """R63, R38, R40: the department and the career hub hold what a co-op student cannot make."""
    request_id = await intake.submit(route="coop")

    missing = {item.code: (item.who_can_fix, item.where) for item in (await intake.request(request_id)).missing}

    uploads = "the uploads of your request"
    assert missing["document.offer_letter"] == ("you", uploads)
    assert missing["document.coop_permission_form"] == ("you and your department", uploads)
    assert missing["document.coop_registration_email"] == (
        "the Career Development Hub (internships@umass.edu)",
        uploads,
    )
    assert all(who and where for who, where in missing.values())


async def test_staff_are_told_how_a_request_stands_until_it_is_complete(intake):
    """R11, R63: what is missing for this student is the most frequent question of an office; each change tells it anew."""
    request_id = await intake.submit()
    first = await intake.published(RequestStatusChanged)
    await intake.submit()
    for version in (1, 2):
        await intake.hear(an_agreement(version=version))
    told = [one for one in await intake.published(RequestStatusChanged) if one.request_id == request_id]

    (begun,) = first
    assert (begun.status, begun.student_name, begun.emplid) == ("incomplete", "Ana Lima", STUDENT)
    assert {item.code for item in begun.missing} == await intake.missing(request_id) | {"agreement.missing"}
    assert len(told) == 2, "told again only where it stands otherwise"
    assert "agreement.missing" not in {item.code for item in told[-1].missing}


async def test_a_complete_request_is_told_as_complete_alone(intake):
    await intake.with_papers()
    before = await intake.published(RequestStatusChanged)
    await intake.hear(an_agreement())

    assert before[-1].missing
    assert await intake.published(RequestStatusChanged) == before
