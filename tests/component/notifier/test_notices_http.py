"""Staff see which mails left and which did not (docs/api, case 62)."""

import pytest

from tests.component.notifier.conftest import Notifier
from tests.unit.notifier.events import FACTS, MEI, REQUEST, completed, issued, returned


@pytest.mark.parametrize("role", ["adviser", "director", "compliance", "operations"])
async def test_staff_see_the_notices_of_a_request(notifier: Notifier, web, role):
    await notifier.hear(issued(), completed(request_id="another"))
    await notifier.send()

    (notice,) = (await web(role, f"/api/notices?subject_id={REQUEST}")).json()

    assert (notice["kind"], notice["state"], notice["recipient"]) == ("approved", "sent", MEI.email)
    assert notice["attempts"] == 1
    assert "accepted" in notice["last_answer"]


async def test_a_failed_notice_is_found_with_its_reason(notifier: Notifier, web, mail_server):
    """Case 62."""
    mail_server.rcpt[MEI.email] = "550 5.1.1 no"
    await notifier.hear(issued())
    await notifier.send()

    (notice,) = (await web("adviser", "/api/notices?state=failed")).json()

    assert "550 5.1.1" in notice["last_answer"]


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("student", 403), ("registrar", 403)])
async def test_nobody_else_sees_notices(web, role, status):
    assert (await web(role, "/api/notices")).status_code == status


async def test_an_adviser_reads_the_mail_and_it_is_logged_who_did(notifier: Notifier, web):
    await notifier.hear(issued())
    (notice,) = await notifier.notices()

    mail = (await web("adviser", f"/api/notices/{notice['id']}/preview")).json()

    assert mail["subject"] == "Your CPT is approved: your I-20 has been issued"
    assert "Dear Mei Li," in mail["text"]
    assert mail["html"].startswith("<!DOCTYPE html>")
    async with notifier.database.connection() as connection:
        assert await connection.fetchval("SELECT actor FROM audit WHERE action = 'notice_read'") == "someone"


async def test_operations_do_not_read_what_mails_say(notifier: Notifier, web):
    """Need to know (8 CFR 214.3(g))."""
    await notifier.hear(issued())
    (notice,) = await notifier.notices()

    assert (await web("operations", f"/api/notices/{notice['id']}/preview")).status_code == 403


async def test_a_notice_that_does_not_exist_is_404(web):
    answer = await web("adviser", "/api/notices/none/preview")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_operations_record_a_bounce_and_the_adviser_finds_it_failed(notifier: Notifier, web):
    """Case 62: telling it twice changes nothing; what has not left cannot come back: 409 says so."""
    await notifier.hear(issued())
    (notice,) = await notifier.notices()
    path, body = f"/api/notices/{notice['id']}/bounced", {"reason": "mailbox full"}

    refused = await web("operations", path, body=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert "has not left yet" in refused.json()["detail"]
    await notifier.send()
    assert [(await web("operations", path, body=body)).status_code for _ in range(2)] == [204, 204]

    (failed,) = (await web("adviser", "/api/notices?state=failed")).json()
    assert failed["last_answer"] == "It came back: mailbox full"
    async with notifier.database.connection() as connection:
        assert await connection.fetch("SELECT actor FROM audit WHERE action = 'notice_bounced'") == [("someone",)]


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("student", 403), ("adviser", 403), ("operations", 404)])
async def test_only_operations_record_a_bounce(web, role, status):
    assert (await web(role, "/api/notices/none/bounced", body={"reason": "mailbox full"})).status_code == status


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": 5}, {"reason": "a\r\nb"}, {"reason": "x", "more": 1}, []]
)
async def test_a_bounce_without_a_reason_of_one_line_is_refused(web, body):
    answer = await web("operations", "/api/notices/none/bounced", body=body)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_operations_see_on_one_page_what_waits_and_what_failed(notifier: Notifier, web, nobody):
    await notifier.hear(issued(), completed(request_id="another", recipient=nobody))

    page = (await web("operations", "/", Accept="text/html")).text

    assert "Unfinished notices" in page
    assert "No usable email address" in page
    assert MEI.email not in page


async def test_probes_and_parked_messages_answer(web):
    assert (await web(None, "/readyz")).status_code == 200
    assert (await web("operations", "/api/parked")).json() == []


async def test_nobody_reads_or_writes_about_notices_of_their_own_request(notifier: Notifier, web):
    """A31, case 84: by the completed request that names them, every notice of that request; another's stays open."""
    mine = completed(request_id="mine")
    other = issued(facts=mine.facts.model_copy(update={"emplid": "39999999"}))
    await notifier.hear(mine, returned(request_id="mine"), other)
    me = mine.facts.emplid
    ids = [notice["id"] for notice in await notifier.notices() if notice["subject_id"] == "mine"]
    await notifier.send()

    listed = {who: (await web("operations", "/api/notices", sub=who)).json() for who in (me, "someone")}
    assert [len(found) for found in listed.values()] == [1, 3]
    for notice_id in ids:
        read = await web("director", f"/api/notices/{notice_id}/preview", sub=me)
        bounced = await web("operations", f"/api/notices/{notice_id}/bounced", body={"reason": "full"}, sub=me)
        assert [(one.status_code, one.json()["code"]) for one in (read, bounced)] == [(403, "own_case")] * 2
        assert (await web("director", f"/api/notices/{notice_id}/preview")).status_code == 200


async def test_whose_request_the_key_of_a_message_names_is_known(notifier):
    """A31: an operator who is a student decides about no message of their own request."""
    await notifier.hear(issued())

    async with notifier.database.transaction() as connection:
        asked = [
            await notifier.consumer.is_about(connection, *one)
            for one in ((REQUEST, FACTS.emplid), (REQUEST, "30099999"), ("another", FACTS.emplid))
        ]

    assert asked == [True, False, False]
