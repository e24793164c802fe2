"""Authorizations from before this system are watched from the day they are imported (P16, P22)."""

from datetime import date

from tests.component.enrollment_sync.told import (
    a_row,
    authorization_changed,
    changed,
    imported,
    issued,
    term_withdrawn,
)


async def test_an_imported_student_who_is_enrolled_causes_no_alert_and_a_later_drop_one(sync):
    """R32, P22: the first SPIRE read is the baseline; what is lost after it is told once."""
    await sync.shows(a_row())
    await sync.hear(imported())
    await sync.check()
    assert [answer.outcome for answer in await sync.answers("i1")] == ["met"]
    assert await sync.losses() == []

    await sync.hear(changed(seq=20))
    await sync.hear(changed(seq=20))
    await sync.after(minutes=20)

    (loss,) = await sync.losses()
    assert (loss.request_id, loss.cause) == ("i1", "dropped")
    assert loss.authorizations[0].segments[-1].end_date == date(2026, 12, 11)


async def test_a_loss_from_before_the_import_is_an_alert_never_a_silence(sync):
    """P22: evaluated at once, on the first read."""
    await sync.shows(a_row(status="D", reason="DROP", units="0.00", source_seq=12))
    await sync.hear(imported())
    await sync.check()

    (loss,) = await sync.losses()
    assert loss.request_id == "i1"


async def test_a_student_who_was_never_enrolled_is_an_alert(sync):
    """P22, R33: a person judges."""
    await sync.shows()
    await sync.hear(imported())
    await sync.check()

    assert len(await sync.losses()) == 1


async def test_a_student_watched_already_loses_both_authorizations_by_one_act(sync):
    """P25: an imported authorization beside one of this system; one act, one loss."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(imported())
    await sync.check()

    await sync.hear(term_withdrawn())

    told = await sync.losses()
    assert {loss.request_id for loss in told} == {"r1", "i1"}
    assert len({loss.loss_id for loss in told}) == 1


async def test_the_same_import_heard_again_changes_nothing(sync):
    """P1, P31: an authorization of the same version is history, also when it comes under another id."""
    await sync.shows(a_row())
    await sync.hear(imported(), imported())
    await sync.check()
    told = len(await sync.published())
    await sync.hear(imported())
    await sync.check()

    assert len(await sync.published()) == told


async def test_a_canceled_import_is_watched_no_longer(sync):
    """P28."""
    await sync.shows(a_row())
    await sync.hear(imported())
    await sync.check()
    await sync.hear(authorization_changed("i1"))
    await sync.hear(changed())

    assert await sync.losses() == []


async def test_a_corrected_i20_of_an_imported_case_is_the_one_that_is_watched(sync):
    """Case 65."""
    await sync.shows(a_row())
    await sync.hear(imported(), issued("i1", version=2))
    await sync.check()
    await sync.hear(changed())

    (loss,) = await sync.losses()
    assert loss.authorizations[0].authorization_version == 2
