"""Each notice leaves once, in order, and its end is told honestly (P37, P38; cases 61, 62)."""

import asyncio
from uuid import uuid4

import pytest

from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.values import MissingItem, Recipient
from infra.devstack.patience import stretched
from tests.component.notifier.conftest import Notifier
from tests.component.notifier.mail_server import MailServer
from tests.unit.notifier.events import ADVISER, COMPLIANCE, MEI, REQUEST, alerted, completed, held, issued

END_WAITERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def until(condition):
    """Polls with a deadline."""
    async with asyncio.timeout(stretched(10)):
        while not await condition():  # noqa: ASYNC110 the condition is asked of a database
            await asyncio.sleep(0.02)


async def test_a_due_notice_leaves_and_is_told(notifier: Notifier, mail_server: MailServer):
    await notifier.hear(issued())

    assert await notifier.send() == 1
    assert await notifier.send() == 0

    (mail,), (sent,) = mail_server.received, await notifier.published()
    assert mail.to == [MEI.email]
    assert mail.message["X-CPT-Notice"] == "approved"
    assert mail.message["Message-ID"] == sent.message_id
    assert isinstance(sent, NoticeSent)
    assert (sent.subject_id, sent.kind, sent.caused_by, sent.attempts) == (REQUEST, "approved", "event-1", 1)


BREAK = "\r\nBcc: all@b.example\r\nX-CPT-Notice: denied\r\n.\r\nMAIL FROM:<x@b.example>"


@pytest.mark.parametrize("event", [issued, held, completed])
async def test_line_breaks_of_people_add_no_header_no_recipient_and_no_mail(
    event, notifier: Notifier, mail_server: MailServer
):
    """Case 63, on the wire: names, employers, places and reasons hold whatever somebody typed."""
    broken = MissingItem(code="a", message=f"No{BREAK}", who_can_fix=f"Me{BREAK}", where=f"There{BREAK}")
    typed = {
        "employer": f"Evil{BREAK}",
        "location": f"Here{BREAK}",
        "signed_by": f"Ana{BREAK}",
        "missing": [broken, broken],
    }
    fitting = {name: value for name, value in typed.items() if name in event().model_fields_set}
    mei = Recipient(name=f"Mei{BREAK}", email=MEI.email)
    await notifier.hear(event(), event(request_id=str(uuid4()), recipient=mei, **fitting))
    while await notifier.send():
        pass

    plain, hostile = (mail.message for mail in mail_server.received)
    assert [mail.to for mail in mail_server.received] == [[MEI.email]] * 2
    assert hostile.keys() == plain.keys()
    assert [hostile[name] for name in ("Subject", "X-CPT-Notice")] == [
        plain[name] for name in ("Subject", "X-CPT-Notice")
    ]


async def test_exactly_one_approval_email_although_the_issuance_is_told_twice(notifier: Notifier, mail_server):
    """Case 61."""
    await notifier.hear(issued(), event_id="e1")
    await notifier.send()
    await notifier.hear(issued(), event_id="e1")
    await notifier.hear(issued(), event_id="e2")
    await notifier.send()

    assert len(mail_server.received) == 1


async def test_a_temporary_refusal_is_tried_again_after_a_pause_with_the_same_bytes(notifier: Notifier, mail_server):
    mail_server.rcpt["*"] = "451 4.3.0 later"
    await notifier.hear(issued())
    (written,) = [notice["message"] for notice in await notifier.notices()]
    await notifier.send()
    assert await notifier.send() == 0

    notifier.pass_time(minutes=1)
    mail_server.rcpt.clear()
    await notifier.send()

    assert [mail.content for mail in mail_server.received] == [written]
    assert [sent.attempts for sent in await notifier.published()] == [2]


async def test_no_later_setting_changes_what_a_second_attempt_sends(notifier: Notifier, mail_server):
    mail_server.rcpt["*"] = "451 later"
    await notifier.hear(issued())
    (written,) = [notice["message"] for notice in await notifier.notices()]
    await notifier.send()
    notifier.settings = notifier.settings.model_copy(
        update={"notifier": notifier.settings.notifier.model_copy(update={"office": "Another office"})}
    )

    mail_server.rcpt.clear()
    notifier.pass_time(days=1)
    await notifier.send()

    assert mail_server.received[0].content == written


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_refusal_for_good_fails_the_notice_without_quoting_the_address(notifier: Notifier, mail_server, where):
    """Case 62."""
    answer = f"550 5.1.1 <{MEI.email}> is nobody here"
    mail_server.rcpt, mail_server.fate = ({"*": answer}, "ok") if where == "rcpt" else ({}, answer)
    await notifier.hear(issued())
    await notifier.send()
    notifier.pass_time(days=1)
    assert await notifier.send() == 0

    (failed,) = await notifier.published()
    assert isinstance(failed, NoticeFailed)
    assert "550 5.1.1" in failed.reason
    assert MEI.email not in failed.reason
    assert mail_server.received == []


async def test_an_unreachable_server_is_tried_again_for_days_and_then_told(notifier: Notifier, mail_server):
    await mail_server.stop()
    await notifier.hear(issued())
    tries = 0
    while await notifier.send():
        tries += 1
        notifier.pass_time(hours=2)

    (failed,) = await notifier.published()
    assert isinstance(failed, NoticeFailed)
    assert failed.attempts == tries > 30
    assert "Not delivered within 3 days" in failed.reason
    await mail_server.start()


@pytest.mark.parametrize("fate", ["cut", "hang"])
async def test_an_end_without_an_answer_is_recorded_as_unknown_and_repeated_alike(
    notifier: Notifier, mail_server, fate
):
    """SMTP cannot be exactly-once: the second copy has the same bytes and Message-ID, and the record says so."""
    notifier.with_smtp(time_limit=0.5)
    mail_server.fate = fate
    await notifier.hear(issued())
    await notifier.send()
    (notice,) = await notifier.notices()
    assert (notice["state"], notice["unknown_outcomes"]) == ("due", 1)
    assert "unknown" in notice["last_answer"]

    mail_server.fate = "ok"
    notifier.pass_time(minutes=1)
    await notifier.send()

    first, second = mail_server.received
    assert first.content == second.content
    assert await notifier.states() == ["sent"]


async def test_a_connection_that_ends_while_the_outcome_is_recorded_costs_no_second_copy(notifier, mail_server):
    """P37: the lease is not left to run out by somebody who is still there."""
    await notifier.hear(issued())
    mail_server.answering.clear()
    sending = asyncio.create_task(notifier.send())
    await until(mail_server.has_mail)
    async with notifier.database.transaction() as other:
        await other.execute("SELECT FROM notice FOR UPDATE")
        mail_server.answering.set()
        await until(notifier.somebody_waits_for_a_row)
        await other.execute(END_WAITERS)
    await sending

    (notice,) = await notifier.notices()
    assert (notice["state"], notice["unknown_outcomes"], len(mail_server.received)) == ("sent", 0, 1)


async def test_copies_of_unknown_fate_are_bounded(notifier: Notifier, mail_server):
    mail_server.fate = "cut"
    await notifier.hear(issued())
    while await notifier.send():
        notifier.pass_time(hours=2)

    (failed,) = await notifier.published()
    assert len(mail_server.received) == notifier.settings.notifier.unknown_limit
    assert "may have arrived" in failed.reason


async def test_a_crash_between_acceptance_and_commit_repeats_the_same_bytes(notifier: Notifier, mail_server):
    """Case 61, P37: the mail server has the mail, the record is still waiting for its row, the process dies."""
    notifier.with_smtp(time_limit=1)
    await notifier.hear(issued())
    mail_server.answering.clear()
    dying = asyncio.create_task(notifier.send())
    await until(mail_server.has_mail)
    async with notifier.database.transaction() as other:
        await other.execute("SELECT 1 FROM notice FOR UPDATE")
        mail_server.answering.set()

        await until(notifier.somebody_waits_for_a_row)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
    assert len(mail_server.received) == 1

    async def sent_again():
        return await notifier.send() == 1

    await until(sent_again)

    first, second = mail_server.received
    assert first.content == second.content
    (notice,) = await notifier.notices()
    assert (notice["state"], notice["attempts"], notice["unknown_outcomes"]) == ("sent", 2, 1)
    assert len(await notifier.published()) == 1


async def test_a_result_without_the_lease_is_not_written(notifier: Notifier, mail_server):
    """P37: the lease ran out while the server was slow; whoever claimed the notice next speaks for it."""
    notifier.with_smtp(time_limit=1)
    await notifier.hear(issued())
    mail_server.fate = "hang"
    slow = asyncio.create_task(notifier.send())
    await until(mail_server.has_mail)
    async with notifier.database.connection() as connection:
        await connection.execute("UPDATE notice SET lease_until = now() - interval '1 second'")
    mail_server.fate = "ok"
    assert await notifier.send() == 1
    await slow

    (notice,) = await notifier.notices()
    assert (notice["state"], notice["attempts"]) == ("sent", 2)
    assert [type(event) for event in await notifier.published()] == [NoticeSent]


async def test_an_earlier_notice_to_the_same_person_goes_first(notifier: Notifier, mail_server):
    """P38: also while it waits for its next attempt; another request's notice passes by."""
    mail_server.rcpt[MEI.email] = "451 later"
    other = Recipient(name="Ravi", email="ravi@student.example")
    await notifier.hear(held())
    await notifier.send()
    mail_server.rcpt.clear()
    await notifier.hear(issued(), completed(request_id="another", recipient=other))

    await notifier.send()
    assert [mail.message["X-CPT-Notice"] for mail in mail_server.received] == ["acknowledgement"]

    notifier.pass_time(minutes=1)
    await notifier.send()
    await notifier.send()
    assert [mail.message["X-CPT-Notice"] for mail in mail_server.received] == ["acknowledgement", "delay", "approved"]


async def test_a_failed_notice_holds_back_no_later_one(notifier: Notifier, mail_server):
    """P38: finished is sent or failed."""
    mail_server.fate = "554 5.7.1 no"
    await notifier.hear(held(), issued())
    await notifier.send()
    mail_server.fate = "ok"
    await notifier.send()

    assert await notifier.states() == ["failed", "sent"]


async def test_two_workers_never_send_the_same_notice(notifier: Notifier, mail_server):
    await notifier.hear(*(issued(request_id=f"r{n}") for n in range(12)))

    await asyncio.gather(*(notifier.send() for _ in range(4)))
    await notifier.send()

    assert len(mail_server.received) == len({mail.message["Message-ID"] for mail in mail_server.received}) == 12


async def test_several_mails_leave_side_by_side_up_to_the_bound(notifier: Notifier, mail_server):
    notifier.with_smtp(concurrency=3)
    mail_server.expected_at_once = 3
    await notifier.hear(*(issued(request_id=f"r{n}") for n in range(6)))

    assert await notifier.send() == 3
    assert await notifier.send() == 3

    assert mail_server.most_at_once == 3


async def test_an_alert_is_one_message_to_the_queue_with_a_copy_to_the_adviser(notifier: Notifier, mail_server):
    await notifier.hear(alerted())
    await notifier.send()

    (mail,) = mail_server.received
    assert mail.to == [COMPLIANCE, ADVISER.email]
    assert (COMPLIANCE in mail.message["To"], ADVISER.email in mail.message["Cc"]) == (True, True)


async def test_a_refused_copy_does_not_stop_the_alert(notifier: Notifier, mail_server):
    mail_server.rcpt[ADVISER.email] = "550 5.1.1 gone"
    await notifier.hear(alerted())
    await notifier.send()

    (notice,) = await notifier.notices()
    assert notice["state"] == "sent"
    assert "copy was refused (550 5.1.1)" in notice["last_answer"]


@pytest.mark.parametrize("changes", [dict(username="cpt"), dict(security="starttls"), dict(security="tls")])
async def test_a_server_that_does_not_let_us_in_costs_no_notice(notifier: Notifier, mail_server, changes):
    """Wrong settings are for operations to mend; the notice leaves then."""
    notifier.with_smtp(time_limit=1, **changes)
    await notifier.hear(issued())

    await notifier.send()

    assert await notifier.states() == ["due"]
    assert mail_server.received == []
