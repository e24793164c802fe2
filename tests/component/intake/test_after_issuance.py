"""After the I-20: its delivery, a loss that is confirmed, an agreement that changes (A28, P23, cases 79, 80, 83)."""

import hashlib
from datetime import UTC, date, datetime

import pytest

from cpt.contracts.alerts import AlertClosed, AlertRaised, AlertReopened
from cpt.contracts.intake import AgreementLost, I20Fetched
from cpt.contracts.staff import AuthorizationChanged, ContactAsked
from cpt.contracts.values import Segment
from tests.component.intake import happened
from tests.component.intake.conftest import an_agreement
from tests.factories import ADVISER, NOW, a_hit
from tests.factories import STUDENT as RECIPIENT

SIGNED = b"%PDF-1.7 the signed I-20"
SHORTER = dict(end_date=date(2026, 11, 30))
LONGER = dict(end_date=date(2027, 5, 7))


async def issued(intake, **more):
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id), **more))
    return request_id


async def test_an_agreement_that_is_edited_and_then_withdrawn_is_told_twice(intake):
    """Case 79, P23: a later, worse change is never swallowed by an earlier one."""
    await issued(intake)

    await intake.hear(an_agreement(version=2, **SHORTER))
    await intake.hear(an_agreement(version=3, **SHORTER))
    await intake.hear(an_agreement(version=4, status="withdrawn", **SHORTER))

    told = await intake.published(AgreementLost)
    assert [(one.verdict, one.version, one.end_date) for one in told] == [
        ("changed", 2, SHORTER["end_date"]),
        ("withdrawn", 4, SHORTER["end_date"]),
    ]


async def test_an_agreement_that_held_again_is_told_of_anew(intake):
    """P23."""
    await issued(intake)

    for version, status in ((2, "withdrawn"), (3, "approved"), (4, "withdrawn")):
        await intake.hear(an_agreement(version=version, status=status))

    assert len(await intake.published(AgreementLost)) == 2


async def test_a_longer_agreement_that_still_covers_the_authorized_days_is_no_task(intake):
    """Case 80: the extension of the same job has a request of its own."""
    await issued(intake)

    await intake.hear(an_agreement(version=2, **LONGER))

    assert await intake.published(AgreementLost) == []


async def test_the_student_downloads_the_signed_i20_and_the_first_download_is_the_receipt(intake, web):
    """A28: 404 before; the owner only; told once."""
    request_id = await issued(intake)
    path = f"/api/requests/{request_id}/i20"
    async with web("student") as http, web("student", sub="30099999") as other, web("adviser") as adviser:
        assert (await http.get(path)).status_code == 404
        await _added(intake, request_id)
        answers = [await client.get(path) for client in (http, http, other, adviser)]
        page = (await http.get(f"/requests/{request_id}")).text

    assert [answer.status_code for answer in answers] == [200, 200, 404, 403]
    assert answers[0].content == SIGNED
    assert "You downloaded it on" in page
    (receipt,) = await intake.published(I20Fetched)
    assert receipt.authorization_version == 1


async def test_the_file_of_an_i20_that_was_replaced_is_given_out_no_more(intake, web):
    """A28, case 65."""
    request_id = await issued(intake)
    await _added(intake, request_id)
    await intake.hear(happened.issued(await intake.request(request_id), version=2))

    async with web("student") as http:
        assert (await http.get(f"/api/requests/{request_id}/i20")).status_code == 404


async def test_a_file_that_is_not_what_the_office_uploaded_is_not_handed_over(intake, web):
    """A28."""
    request_id = await issued(intake)
    await _added(intake, request_id, stored=b"%PDF-1.7 another")

    async with web("student") as http:
        assert (await http.get(f"/api/requests/{request_id}/i20")).status_code == 503
    assert await intake.published(I20Fetched) == []


async def _added(intake, request_id, stored=SIGNED):
    await intake.uploads.store.put("i20/1", stored)
    request = await intake.request(request_id)
    await intake.hear(happened.i20_file_added(request, sha256=hashlib.sha256(SIGNED).hexdigest()))


@pytest.mark.parametrize("severity", ["CRITICAL", "HIGH"])
async def test_while_a_loss_is_confirmed_the_page_asks_for_contact_and_gives_no_leave_to_work(intake, web, severity):
    """Case 83, R33: neutral, until the alert is closed; the I-20 stays the student's to download (A28)."""
    request_id = await issued(intake)
    await _added(intake, request_id)

    await intake.hear(_raised(request_id, severity))
    during, page = (await intake.view(request_id)).notice, await _page(web, request_id)
    await intake.hear(_closed(request_id))

    assert during == "contact_office"
    assert "Please contact our office before you work again" in page
    assert "Download the signed I-20" in page
    assert "you may work" not in page.lower()
    assert "violation" not in page.lower()
    assert (await intake.view(request_id)).notice is None


@pytest.mark.parametrize("severity", ["MEDIUM", "LOW"])
async def test_what_needs_no_talk_shows_no_banner(intake, severity):
    """A24, A33: a replaced course or a load line disturbs nobody's work."""
    request_id = await issued(intake)

    await intake.hear(_raised(request_id, severity))

    assert (await intake.view(request_id)).notice is None


def _asked(request_id):
    return ContactAsked(
        **dict(request_id=request_id, round=1, receipt_number=1, reference="CPT-2026-000001", alert_id="a1"),
        employer="Baystate Robotics Inc.",
        course="COMPSCI 698",
        effective_on=date(2026, 9, 1),
        sent_by=ADVISER,
        recipient=RECIPIENT,
        at=NOW,
    )


async def test_contact_that_was_asked_for_stands_until_the_alert_is_closed_in_whatever_order_it_is_heard(intake):
    """Case 83, P1: the two come on different keys."""
    request_id = await issued(intake)
    asked = _asked(request_id)

    await intake.hear(asked)
    assert (await intake.view(request_id)).notice == "contact_office"
    await intake.hear(_closed(request_id))
    await intake.hear(asked)

    assert (await intake.view(request_id)).notice is None


@pytest.mark.parametrize(("severity", "asked"), [("CRITICAL", False), ("MEDIUM", True), ("LOW", False)])
async def test_an_alert_that_is_opened_again_brings_the_banner_back(intake, severity, asked):
    """Case 83, R33: where it stood before, and nowhere else."""
    request_id = await issued(intake)
    await intake.hear(_raised(request_id, severity))
    if asked:
        await intake.hear(_asked(request_id))
    stood = (await intake.view(request_id)).notice
    await intake.hear(_closed(request_id))

    await intake.hear(_reopened(request_id, severity))

    assert (await intake.view(request_id)).notice == stood == (None if severity == "LOW" else "contact_office")


async def test_days_that_are_gone_are_no_leave_to_work(intake, web):
    """A28."""
    request_id = await issued(intake, start=date(2026, 8, 10))
    await _added(intake, request_id)
    running = await _page(web, request_id)
    await intake.hear(_ended(await intake.request(request_id), date(2026, 8, 21)))

    over = await _page(web, request_id)

    assert "only after you have received the I-20 with the CPT endorsement" in running
    assert "COMPSCI 698" in running
    assert "The days of this authorization are over." in over
    assert "you may work" not in over.lower()
    assert "Download the signed I-20" in over


def _ended(request, on):
    return AuthorizationChanged(
        request_id=request.request_id,
        round=request.round,
        receipt_number=1,
        reference=request.reference,
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        canceled=False,
        authorized_until=on,
        segments=(Segment(strm="1265", start_date=date(2026, 8, 10), end_date=on),),
        reason="The project ended.",
        changed_by=ADVISER,
        recipient=RECIPIENT,
        at=NOW,
    )


async def _page(web, request_id):
    async with web("student") as http:
        return (await http.get(f"/requests/{request_id}")).text


def _raised(request_id, severity):
    return AlertRaised(
        alert_id="a1",
        loss_id="loss-1",
        severity=severity,
        overdue=False,
        emplid="30012345",
        student_name="Ana Lima",
        sevis_id_masked=None,
        authorizations=(a_hit(request_id),),
        strm="1267",
        course="COMPSCI 698",
        cause="dropped",
        effective_on=date(2026, 9, 1),
        received_at=NOW,
        detected_at=NOW,
        report_by=date(2026, 9, 22),
        days_left=21,
        assigned_adviser=None,
        confirmed_without_spire=False,
    )


def _closed(request_id):
    at = datetime(2026, 9, 3, 14, tzinfo=UTC)
    told = dict(loss_id="loss-1", request_ids=(request_id,), outcome="re_enrolled")
    return AlertClosed(alert_id="a1", **told, authorized_until=None, canceled=False, at=at)


def _reopened(request_id, severity):
    at = datetime(2026, 9, 4, 14, tzinfo=UTC)
    return AlertReopened(alert_id="a1", loss_id="loss-1", request_ids=(request_id,), severity=severity, at=at)
