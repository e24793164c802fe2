"""Operations see the messages of all four services on one page."""

from datetime import timedelta

from cpt.contracts.operations import (
    EnrollmentMessagesWaiting,
    IntakeMessagesWaiting,
    NotifierMessagesWaiting,
    WaitingMessage,
)
from tests.factories import NOW

UNREADABLE = WaitingMessage(
    number=7,
    topic="campus.agreement",
    type="edu.umass.handshake.agreement-changed.v1",
    reason="data.status: Input should be 'approved'",
    since=NOW - timedelta(hours=1),
    attempts=1,
    waiting_behind=3,
)


def says(kind, *parked, at=NOW, rejected=0):
    return kind(at=at, parked=parked, parked_in_all=len(parked), rejected=rejected)


async def test_operations_see_what_waits_in_every_service(review, web):
    """P33: what each told last, whatever its clock says, who is silent, and who has never said a word."""
    await review.hear(says(IntakeMessagesWaiting, UNREADABLE, rejected=2))
    await review.hear(says(NotifierMessagesWaiting, at=NOW - timedelta(hours=1)))
    async with web("operations") as operator:
        page = (await operator.get("/operations")).text
        await review.hear(says(IntakeMessagesWaiting, at=NOW - timedelta(minutes=1)), says(EnrollmentMessagesWaiting))
        after = (await operator.get("/operations")).text

    assert "edu.umass.handshake.agreement-changed.v1" in page
    assert '<span class="badge">3 behind</span>' in page
    assert '<span class="badge bad">2</span>' in page
    assert page.count("silent since") == 1
    assert page.count("nothing yet") == 1
    assert "agreement-changed" not in after
    assert "nothing yet" not in after
