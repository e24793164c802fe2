"""What every request consists of, whatever its route (docs/rules.md)."""

from datetime import UTC, date, datetime

import pytest

from cpt.contracts.campus import AgreementChanged
from cpt.contracts.envelope import Envelope
from tests.component.intake.conftest import NOW, STUDENT, an_agreement

COOP_PAPERS = ("coop_permission_form", "coop_registration_email")


@pytest.mark.parametrize("route", ["required", "credit", "coop"])
async def test_no_route_goes_without_an_offer_letter(intake, route):
    """R1."""
    request_id = await intake.submit(route=route)
    await intake.hear(an_agreement())
    for kind in ("handshake_contract", *COOP_PAPERS):
        await intake.upload(request_id, kind)
    await intake.upload(request_id, "enrollment_proof", strm="1267")

    assert await intake.missing(request_id) == {"document.offer_letter"}
    assert await intake.state(request_id) == "incomplete"


async def test_what_is_missing_delays_a_request_and_never_denies_it(intake):
    """R12, R45: one item is enough to wait, and the request goes on the moment it is there."""
    request_id = await intake.with_papers()
    assert await intake.state(request_id) == "incomplete"
    assert (await intake.request(request_id)).receipt_number is None

    await intake.hear(an_agreement())

    assert await intake.state(request_id) == "complete"


async def test_a_request_without_a_route_waits_for_one(intake):
    """R15: one of the three is declared; which one the machine never guesses."""
    request_id = await intake.complete(route=None)
    assert await intake.missing(request_id) == {"form.route"}

    await intake.correct(request_id, route="required")

    assert await intake.state(request_id) == "complete"


@pytest.mark.parametrize("status", ["pending", "needs_review", "declined"])
async def test_a_coop_whose_contract_the_hub_has_not_approved_waits(intake, status):
    """R17."""
    request_id = await intake.submit(route="coop")
    for kind in ("offer_letter", "handshake_contract", *COOP_PAPERS):
        await intake.upload(request_id, kind)
    await intake.hear(an_agreement(kind="coop", status=status))
    assert await intake.missing(request_id) == {f"agreement.{status}"}

    await intake.hear(an_agreement(kind="coop", version=2))

    assert await intake.state(request_id) == "complete"


@pytest.mark.parametrize("route", ["required", "credit", "coop"])
async def test_everybody_needs_an_approved_agreement(intake, route):
    """R34, case 48."""
    request_id = await intake.submit(route=route)
    for kind in ("offer_letter", "handshake_contract", *COOP_PAPERS):
        await intake.upload(request_id, kind)
    await intake.upload(request_id, "enrollment_proof", strm="1267")

    assert await intake.missing(request_id) == {"agreement.missing"}


async def test_each_overlapped_term_needs_its_own_proof_of_enrollment(intake):
    """R27."""
    request_id = await intake.submit(start_date="2026-08-01", terms=["1265", "1267"])
    await intake.upload(request_id, "enrollment_proof", strm="1267")

    missing = await intake.missing(request_id)
    assert "document.enrollment_proof.1265" in missing
    assert "document.enrollment_proof.1267" not in missing


@pytest.mark.parametrize("terms", [[], ["1265"], ["1265", "1267"]])
async def test_the_form_names_exactly_the_terms_of_its_dates(intake, terms):
    """R43, R22."""
    request_id = await intake.submit(terms=terms)
    assert "form.terms" in await intake.missing(request_id)

    await intake.correct(request_id, terms=["1267"])

    assert "form.terms" not in await intake.missing(request_id)


async def test_letter_contract_and_proof_are_the_three_uploads(intake):
    """R44; a co-op has its two papers for the third (R37)."""
    assert await _papers_missing(intake, "credit") == {"offer_letter", "handshake_contract", "enrollment_proof.1267"}
    assert await _papers_missing(intake, "coop") == {"offer_letter", "handshake_contract", *COOP_PAPERS}


async def _papers_missing(intake, route):
    missing = await intake.missing(await intake.submit(route=route))
    return {code.removeprefix("document.") for code in missing if code.startswith("document.")}


@pytest.mark.parametrize("consulted", [None, {"name": "", "office": "", "on": "2026-08-20"}, {"name": "Ann Bell"}])
async def test_a_student_says_whom_they_consulted_and_when(intake, consulted):
    """R20: an attestation, shown to the adviser and judged by nobody else."""
    request_id = await intake.submit()
    await intake.correct(request_id, adviser_consulted=consulted)

    assert "form.adviser_consulted" in await intake.missing(request_id)


async def test_a_consultation_to_come_is_none_until_the_student_says_so_after_it(intake):
    """R20: consulted first; R46: what is not right delays and is not refused. 8 p.m. in Amherst is the next day in UTC."""
    request_id = await intake.with_papers()
    await intake.hear(an_agreement())
    meeting = {"name": "Ann Bell", "office": "", "on": "2026-08-26"}
    await intake.correct(request_id, adviser_consulted=meeting)
    assert await intake.missing(request_id) == {"form.adviser_consulted"}

    intake.now = datetime(2026, 8, 26, 0, 30, tzinfo=UTC)
    await intake.correct(request_id, adviser_consulted=meeting)
    assert await intake.missing(request_id) == {"form.adviser_consulted"}

    intake.now = datetime(2026, 8, 26, 16, tzinfo=UTC)
    await intake.correct(request_id, adviser_consulted=meeting)
    assert (await intake.view(request_id)).state == "complete"


async def test_an_agreement_from_another_system_than_handshake_counts_alike(intake):
    """A19, R35: the event is the port; this adapter puts SPIRE's learning requests into it, in words of their own."""
    request_id = await intake.with_papers()
    asked = {"request_nbr": "77", "emplid": STUDENT, "site": "Baystate Robotics Inc.", "begin": NOW.date()}

    async def tell(row_version, stage):
        agreed = learning_request(asked | {"row_version": row_version, "stage": stage, "end": date(2026, 12, 11)})
        told = Envelope(f"elr-{row_version}", "/spire/experiential-learning", type=agreed.TYPE, time=NOW, event=agreed)
        async with intake.database.transaction() as connection:
            await intake.consumer.handle(connection, [told])
        return await intake.state(request_id)

    stages = ["With faculty sponsor", "Approved", "Canceled by student"]
    assert [await tell(version, stage) for version, stage in enumerate(stages, 1)] == [
        "incomplete",
        "complete",
        "incomplete",
    ]
    assert await intake.missing(request_id) == {"agreement.withdrawn"}


def learning_request(row):
    """An adapter: what SPIRE's Experiential Learning Request says, as the agreement it stands for."""
    stages = {"With faculty sponsor": "pending", "Approved": "approved", "Canceled by student": "withdrawn"}
    return AgreementChanged(
        agreement_id=f"ELR-{row['request_nbr']}",
        emplid=row["emplid"],
        kind="internship",
        status=stages[row["stage"]],
        employer=row["site"],
        start_date=row["begin"],
        end_date=row["end"],
        version=row["row_version"],
    )
