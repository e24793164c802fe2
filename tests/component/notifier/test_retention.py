"""Mails are kept for the years that the office sets, and no longer (8 CFR 214.3(g), case 70)."""

import asyncio
from datetime import timedelta

import pytest

from cpt.contracts.staff import LegalHoldChanged
from cpt.runtime.retention import retention_command
from notifier.retain_notices import retain_notices
from tests.unit.notifier.events import NOW, REQUEST, alerted, blind, completed, enveloped, escalated, issued, messaged

LATER = NOW.replace(year=2031) + timedelta(minutes=1)


def hold(request_id=REQUEST, *, held=True):
    return LegalHoldChanged(request_id=request_id, round=1, receipt_number=17, held=held, at=NOW)


async def sent(notifier, *events):
    await notifier.hear(*events)
    while await notifier.send():
        continue


async def retained(notifier, now=LATER, **options):
    return len(await retain_notices(notifier.database, now, 5, **options))


async def kinds(notifier):
    return [notice["kind"] for notice in await notifier.notices()]


async def audited(notifier):
    async with notifier.database.connection() as connection:
        rows = await connection.fetch("SELECT actor, action, subject, detail FROM audit ORDER BY id")
    return [tuple(row) for row in rows if row["actor"] in {"retention", "review"}]


async def test_five_years_after_its_event_a_mail_is_gone(notifier, nobody):
    """8 CFR 214.3(g): whether it left or not; the record counts them."""
    await sent(notifier, completed(), issued(recipient=nobody), blind())
    notifier.pass_time(minutes=5)
    await sent(notifier, messaged())

    assert await retained(notifier, LATER - timedelta(minutes=2)) == 0
    assert await retained(notifier, dry_run=True) == 3
    assert len(await notifier.notices()) == 4
    assert await retained(notifier) == 3
    assert await retained(notifier) == 0
    assert await kinds(notifier) == ["message"]
    assert await audited(notifier) == [("retention", "notices_purged", "notices", {"notices": 3, "years": 5})]


@pytest.mark.parametrize(("years", "gone_in"), [(5, 2031), (3, 2029)])
async def test_the_office_sets_for_how_many_years_mails_are_kept(notifier, years, gone_in):
    """8 CFR 214.3(g): three at least, five unless the office sets otherwise."""
    await sent(notifier, completed())

    assert await retain_notices(notifier.database, LATER.replace(year=gone_in - 1), years) == []
    assert len(await retain_notices(notifier.database, LATER.replace(year=gone_in), years)) == 1


async def test_a_mail_that_has_not_left_is_never_deleted(notifier):
    """8 CFR 214.3(g): however old its event is."""
    await notifier.hear(completed())

    assert await retained(notifier, LATER.replace(year=2060)) == 0


async def test_a_legal_hold_keeps_the_mails_of_its_request_until_it_is_lifted(notifier):
    """Case 70: and what it frees is kept until its years are over."""
    await sent(notifier, completed(), completed(request_id="another"))
    await notifier.hear(hold())

    assert await retained(notifier) == 1
    assert await kinds(notifier) == ["acknowledgement"]
    await notifier.hear(hold(held=False))
    assert await retained(notifier, LATER.replace(year=2030)) == 0
    assert await retained(notifier) == 1
    acts = [action for _, action, _, _ in await audited(notifier)]
    assert acts == ["legal_hold_placed", "notices_purged", "legal_hold_lifted", "notices_purged"]


async def test_an_alert_and_its_escalations_are_kept_by_a_hold_on_any_of_its_requests(notifier):
    """Case 70: an escalation names no request, its alert does."""
    alert = alerted()
    held = alert.authorizations[-1].request_id
    await sent(notifier, alert, escalated())
    await notifier.hear(hold(held))

    assert await retained(notifier) == 0
    await notifier.hear(hold(held, held=False), hold("another"))
    assert await retained(notifier) == 2


async def test_a_mail_about_nobody_knows_which_request_is_kept_by_any_hold(notifier):
    """Case 70: notices from before the column, and an escalation whose alert nobody here has heard of."""
    await sent(notifier, escalated())
    await notifier.hear(hold("another"))

    assert await retained(notifier) == 0
    await notifier.hear(hold("another", held=False))
    assert await retained(notifier) == 1


async def test_a_hold_that_is_being_told_is_waited_for(notifier):
    """Case 70."""
    await sent(notifier, completed())
    async with notifier.database.transaction() as consumer:
        await notifier.consumer.handle(consumer, [enveloped(hold(), "hold")])
        step = asyncio.create_task(retained(notifier))
        while not await notifier.somebody_waits_for_a_row():
            continue

    assert await step == 0


@pytest.mark.parametrize(("words", "said"), [(["--dry-run"], "would be"), ([], "were")])
async def test_the_command_names_what_it_deletes(notifier, capsys, words, said):
    """Case 70: it runs with the rights of the worker."""
    await sent(notifier, completed())
    (notice,) = await notifier.notices()
    settings = notifier.settings.model_copy(update={"clock_offset": timedelta(days=3000).total_seconds()})

    assert await retention_command("notifier", lambda: settings, "notices", retain_notices)(words) == 0

    assert capsys.readouterr().out.splitlines()[-2:] == [notice["id"], f"1 notices {said} deleted."]
    assert len(await notifier.notices()) == len(words)
