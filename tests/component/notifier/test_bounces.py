"""A mail that came back after a server had accepted it."""

import json
from urllib.parse import urlencode

import pytest

from notifier.record_bounce import NothingCameBackError, record_bounce
from notifier.show_notices import NoSuchNotice
from tests.component.notifier.conftest import Notifier
from tests.unit.notifier.events import MEI, NOW, completed, issued, returned


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
    """FERPA (8 CFR 214.3(g)): mail systems quote the address, and SEVIS ids are masked as everywhere."""
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


async def test_operations_record_a_returned_mail_on_the_page_by_its_message_id(notifier: Notifier, web):
    """Case 62: they have the returned mail and nothing else; what is typed wrong stands there again with the reason."""
    await notifier.hear(issued(), completed(request_id="another"))
    await notifier.send()
    notice, _ = await notifier.notices()

    answers = [await sent(web, f"Message-ID: {notice['message_id']}", "550 5.2.2 mailbox full") for _ in range(2)]
    unknown = await sent(web, "<none@cpt.example>", "550 <no>")
    empty = await sent(web, "", " ")
    page = (await web("operations", "/?said=bounced")).text

    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, "/?said=bounced")] * 2
    assert "It came back: 550 5.2.2 mailbox full" in page
    assert "Recorded." in page
    assert (unknown.status_code, empty.status_code) == (422, 422)
    assert "No notice has this Message-ID." in unknown.text
    assert 'value="550 &lt;no&gt;"' in unknown.text
    assert empty.text.count("Error: </span>Fill this in.") == 2
    assert await notifier.states() == ["failed", "sent"]


async def test_the_page_says_why_a_notice_cannot_have_come_back(notifier: Notifier, web):
    """Case 62."""
    await notifier.hear(issued())
    (notice,) = await notifier.notices()

    answer = await sent(web, notice["message_id"], "550 no")

    assert answer.status_code == 422
    assert "This notice has not left yet, so it cannot have come back." in answer.text


async def test_nobody_records_a_bounce_of_their_own_request(notifier: Notifier, web):
    """A31: a colleague does."""
    mine = completed(request_id="mine")
    await notifier.hear(mine, returned(request_id="mine"))
    await notifier.send()
    notice = next(one for one in await notifier.notices() if one["state"] == "sent")

    refused = await sent(web, notice["message_id"], "550 no", sub=mine.facts.emplid)
    states = await notifier.states()
    taken = await sent(web, notice["message_id"], "550 no")

    assert refused.status_code == 403
    assert "own request" in refused.text
    assert "failed" not in states
    assert taken.status_code == 303


async def sent(web, message_id, reason, **who):
    typed = urlencode({"message_id": message_id, "reason": reason})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return await web("operations", "/bounced", method="POST", content=typed, **form, **who)
