"""The mail catcher keeps what it accepts and shows it decoded (docs/connect.md)."""

from email.message import EmailMessage

import aiosmtplib
import httpx2
import pytest
import uvloop

from infra.campus.server import running_campus
from infra.campus.settings import HOST, Settings


@pytest.fixture(scope="module")
async def campus(tmp_path_factory):
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=tmp_path_factory.mktemp("campus"))
    async with running_campus(settings) as running:
        yield running


@pytest.fixture
async def web(campus):
    async with httpx2.AsyncClient(base_url=campus.url) as client:
        yield client
        await client.put("/demo/faults", json={"mail": {"mode": "ok"}})


def a_mail(to, subject="Complete", text="Grüße, 学生\nline two\n", html=None, kind="acknowledgement"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "isss@campus.example", to, subject
    message["Message-ID"], message["X-CPT-Notice"] = "<1.a@cpt>", kind
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def send(campus, message, **options):
    await aiosmtplib.send(message, hostname=HOST, port=campus.smtp_port, **options)


async def test_a_mail_is_shown_decoded_with_the_kind_of_its_notice(campus, web):
    await send(campus, a_mail("a@student.example", "Für Sie", html="<p>Grüße</p>", kind="delay"))

    [mail] = (await web.get("/demo/mail", params={"to": "A@student.example"})).json()

    assert mail.pop("received_at") > "2026"
    assert len(mail.pop("sha256")) == 64
    assert mail == {
        "message_id": "<1.a@cpt>",
        "to": "a@student.example",
        "sender": "isss@campus.example",
        "subject": "Für Sie",
        "text": "Grüße, 学生\nline two\n",
        "html": "<p>Grüße</p>\n",
        "kind": "delay",
    }


async def test_a_mail_without_html_has_an_empty_text_there(campus, web):
    await send(campus, a_mail("b@student.example"))

    [mail] = (await web.get("/demo/mail?to=b@student.example")).json()

    assert mail["html"] == ""


async def test_each_recipient_has_the_mail_and_the_newest_stands_last(campus, web):
    await send(campus, a_mail("c@office.example", "first"), recipients=["c@office.example", "d@office.example"])
    await send(campus, a_mail("c@office.example", "second"))

    mails = (await web.get("/demo/mail")).json()

    assert [(mail["to"][0], mail["subject"]) for mail in mails if mail["to"].endswith("@office.example")] == [
        ("c", "first"),
        ("d", "first"),
        ("c", "second"),
    ]


@pytest.mark.parametrize(("mode", "code"), [("refuse", 550), ("busy", 451)])
async def test_a_mailbox_can_be_made_to_refuse(campus, web, mode, code):
    """Case 62"""
    await web.put("/demo/faults", json={"mail": {"mode": mode}})

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(campus, a_mail("bounced@student.example"))

    assert refused.value.recipients[0].code == code
    assert (await web.get("/demo/mail?to=bounced@student.example")).json() == []


async def test_a_person_finds_and_reads_the_mail_and_its_html_stays_inert(campus, web):
    await send(
        campus, a_mail("e@student.example", "<b>Read me</b>", "the text", "<script>alert(1)</script><p>the html</p>")
    )

    box = await web.get("/mail?to=e@student.example")
    n = box.text.split('href="/mail/')[1].split('"')[0]
    page, html = await web.get(f"/mail/{n}"), await web.get(f"/mail/{n}/html")

    assert "&lt;b&gt;Read me&lt;/b&gt;" in box.text
    assert "the text" in page.text
    assert "<script>" not in page.text
    assert "<p>the html</p>" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]


async def test_a_mail_that_never_came_is_not_found(web):
    assert (await web.get("/mail/9999")).status_code == 404
    assert (await web.get("/mail/0")).status_code == 404


def test_a_cut_off_mail_is_kept_and_nobody_is_told(tmp_path):
    """P37: also on the event loop of the real process, whose transports are of no asyncio class."""

    async def cut() -> int:
        settings = Settings(port=0, smtp_port=0, kafka="", state_dir=tmp_path)
        async with running_campus(settings) as campus, httpx2.AsyncClient(base_url=campus.url) as web:
            await web.put("/demo/faults", json={"mail": {"mode": "cut"}})
            with pytest.raises(aiosmtplib.SMTPServerDisconnected):
                await send(campus, a_mail("cut@student.example"))
            return len((await web.get("/demo/mail")).json())

    assert uvloop.run(cut()) == 1
