"""A mail that came back after a server had accepted it."""

import pytest

from notifier.record_bounce import record_bounce
from notifier.show_notices import NoSuchNotice
from tests.component.notifier.conftest import Notifier
from tests.unit.notifier.events import NOW, issued


async def test_a_bounce_makes_a_sent_notice_fail_once(notifier: Notifier):
    """Case 62: NoticeFailed tells the adviser; what has not left cannot come back."""
    await notifier.hear(issued())
    (notice,) = await notifier.notices()
    async with notifier.database.transaction() as connection:
        with pytest.raises(NoSuchNotice):
            await record_bounce(connection, notice["id"], "ops-1", "mailbox full", NOW)
    await notifier.send()

    for _ in range(2):
        async with notifier.database.transaction() as connection:
            await record_bounce(connection, notice["id"], "ops-1", "mailbox full", NOW)

    assert await notifier.states() == ["failed"]
    assert [type(event).__name__ for event in await notifier.published()] == ["NoticeSent", "NoticeFailed"]
