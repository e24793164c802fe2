"""A mail that came back after a server had accepted it."""

import json

import pytest

from notifier.record_bounce import NothingCameBackError, record_bounce
from notifier.show_notices import NoSuchNotice
from tests.component.notifier.conftest import Notifier
from tests.unit.notifier.events import MEI, NOW, issued


async def bounce(notifier: Notifier, notice_id, reason="mailbox full"):
    async with notifier.database.transaction() as connection:
        await record_bounce(connection, notice_id, "ops-1", reason, NOW)


async def test_a_bounce_makes_a_sent_notice_fail_once(notifier: Notifier):
    """Case 62: NoticeFailed tells the adviser; what has not left cannot come back."""
    await notifier.hear(issued())
    (notice,) = await notifier.notices()
    with pytest.raises(NothingCameBackError, match="has not left yet"):
        await bounce(notifier, notice["id"])
    await notifier.send()

    for _ in range(2):
        await bounce(notifier, notice["id"])

    assert await notifier.states() == ["failed"]
    assert [type(event).__name__ for event in await notifier.published()] == ["NoticeSent", "NoticeFailed"]


async def test_what_failed_before_it_left_cannot_come_back(notifier: Notifier, mail_server):
    """Case 62: the caller hears why, and nothing is recorded."""
    mail_server.rcpt[MEI.email] = "550 5.1.1 no"
    await notifier.hear(issued())
    await notifier.send()
    (notice,) = await notifier.notices()

    with pytest.raises(NothingCameBackError, match=r"before any server accepted it: .*550 5\.1\.1"):
        await bounce(notifier, notice["id"])
    with pytest.raises(NoSuchNotice):
        await bounce(notifier, "none")

    assert [type(event).__name__ for event in await notifier.published()] == ["NoticeFailed"]


@pytest.mark.parametrize(
    "address",
    [
        "mei@umass.example",
        "<mei@umass.example>:",
        'mailto:"mei li"@umass.example',
        "bounce+mei=umass.example@x",
        "mei＠u",
    ],
)
async def test_no_address_of_a_reason_goes_into_the_record_or_an_event(notifier: Notifier, address):
    """FERPA (domain §1.3): mail systems quote the address, and SEVIS ids are masked as everywhere."""
    await notifier.hear(issued())
    await notifier.send()
    (notice,) = await notifier.notices()

    await bounce(notifier, notice["id"], f"550 5.1.1 {address} N0001234567 unknown")

    (notice,) = await notifier.notices()
    async with notifier.database.connection() as connection:
        (audited,) = await connection.fetch("SELECT detail FROM audit WHERE action = 'notice_bounced'")
    kept = json.dumps(
        [notice["last_answer"], audited["detail"], (await notifier.published())[-1].reason], ensure_ascii=False
    )
    assert kept.count("550 5.1.1") == 3
    assert not [part for part in ("mei", "@", "＠", "0001234567") if part in kept]
