"""After a restore from a backup that is older than what was told (P39)."""

from enrollment_sync.checks.restore_told import restore_told
from tests.component.enrollment_sync.told import a_row, added, changed, submitted


async def restored(sync, losses, check_no=40):
    async with sync.database.transaction() as connection:
        return await restore_told(connection, check_no, losses, "terminal:kim", sync.now)


async def lost_and_forgotten(sync, administrator):
    """A loss that was told, and a database that knows neither the loss nor the event that showed it."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(changed())
    told = await sync.losses()
    await administrator.execute(
        "DELETE FROM loss_hit; DELETE FROM loss; DELETE FROM enrollment_row; DELETE FROM term_floor"
    )
    await sync.shows(a_row(status="D", reason="DROP", units="0.00", source_seq=20))
    await sync.empty()
    return told


async def test_a_loss_that_was_told_is_not_told_again_after_a_restore(sync, administrator):
    """P25: exactly one alert, also when SPIRE's read finds it anew."""
    told = await lost_and_forgotten(sync, administrator)

    assert await restored(sync, told) == 1
    await sync.check()
    assert await sync.losses() == []


async def test_a_restored_loss_is_regained_under_its_own_id(sync, administrator):
    """P26."""
    told = await lost_and_forgotten(sync, administrator)
    await restored(sync, told)
    await sync.check()

    await sync.shows(a_row(source_seq=30))
    await sync.hear(added(seq=30))

    (regained,) = await sync.regains()
    assert regained.loss_id == told[0].loss_id


async def test_a_restored_loss_that_is_known_adds_nothing(sync):
    """P25: the backup knew it."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(changed())

    assert await restored(sync, await sync.losses()) == 0


async def test_checks_go_on_above_every_number_that_was_told(sync):
    """P3: a lower number is history for whoever hears it; known watches and new ones, each told again."""
    await sync.shows(a_row())
    await sync.issue()
    await restored(sync, [], check_no=40)
    await sync.hear(submitted("r2"))
    await sync.check()

    assert (await sync.answers("r1"))[0].check_no == 41
    assert (await sync.answers("r2"))[0].check_no == 41
