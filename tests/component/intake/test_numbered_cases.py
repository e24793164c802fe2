"""Cases of docs/cases.md that no other file of intake is about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cpt.contracts.notifier import NoticeFailed, NoticeSent
from tests.component.intake import happened
from tests.component.intake.conftest import NOW, a_letter, an_agreement

NEW_YEARS_EVE = datetime(2027, 1, 1, 4, 30, tzinfo=UTC)  # 23:30 on 31 December 2026 in Amherst


async def test_at_half_past_eleven_on_new_years_eve_the_day_and_the_year_are_those_in_amherst(intake):
    """Case 27: received on Thursday 31 December; 1 January, the weekend and the day of receipt do not count."""
    intake.now = NEW_YEARS_EVE
    spring = dict(start_date="2027-02-08", end_date="2027-05-07", terms=["1273"])
    request_id = await intake.submit(**spring)
    for kind, strm in (("offer_letter", None), ("handshake_contract", None), ("enrollment_proof", "1273")):
        await intake.upload(request_id, kind, a_letter(**spring), strm=strm)
    await intake.hear(an_agreement(start_date=date(2027, 2, 8), end_date=date(2027, 5, 7)))

    view = await intake.view(request_id)

    assert (view.state, view.due_on) == ("complete", date(2027, 1, 8))
    assert view.reference.startswith("CPT-2026-")


@pytest.mark.parametrize(("days", "warned"), [(1, True), (10, True), (13, True), (14, False)])
async def test_a_near_start_warns_of_a_later_one_and_keeps_nobody_out_of_line(intake, days, warned):
    """Case 44, R47: in ten days, or tomorrow; the adviser sees it too."""
    intake.now = datetime(2026, 9, 14, 16, tzinfo=UTC) - timedelta(days=days)
    request_id = await intake.complete()

    view = await intake.view(request_id)

    assert view.state == "complete"
    said = [warning.message for warning in view.warnings if warning.code == "short_notice"]
    assert (
        said == ["The start, September 14, 2026, is less than two weeks away; it may have to be pushed back."] * warned
    )
    (told,) = [event for event in await intake.published() if type(event).__name__ == "RequestCompleted"]
    assert ("short_notice" in {flag.code for flag in told.flags}) is warned


async def test_a_training_in_a_year_may_be_asked_for_today(intake):
    """R48: no earliest day is set."""
    next_summer = dict(start_date="2027-06-01", end_date="2027-08-13", terms=["1275"])
    request_id = await intake.submit(**next_summer)
    for kind, strm in (("offer_letter", None), ("handshake_contract", None), ("enrollment_proof", "1275")):
        await intake.upload(request_id, kind, a_letter(**next_summer), strm=strm)
    await intake.hear(an_agreement(start_date=date(2027, 6, 1), end_date=date(2027, 8, 13)))

    view = await intake.view(request_id)
    assert (view.state, view.warnings) == ("complete", [])


async def test_spam_is_spoken_of_only_where_a_mail_left_and_did_not_come_back(intake, web):
    """Cases 62 and 64."""
    request_id = await intake.complete()
    about = dict(notice_id="n1", subject_id=request_id, kind="approved", caused_by="e1", attempts=1)
    seen = []

    async def look():
        async with web("student") as http:
            seen.append("look in Spam or Junk" in (await http.get(f"/requests/{request_id}")).text)

    for happens in (happened.checked, happened.assigned, happened.approved, happened.issued):
        await intake.hear(happens(await intake.request(request_id)))
    await look()
    await intake.hear(NoticeSent(**about, message_id="<n1@x>", at=NOW))
    await look()
    await intake.hear(NoticeFailed(**about, reason="It came back: mailbox full", at=NOW + timedelta(hours=1)))
    await look()

    assert seen == [False, True, False]
