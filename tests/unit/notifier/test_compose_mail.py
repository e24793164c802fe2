"""The bytes of a mail: always the same, and safe whatever a name holds (case 61, case 63)."""

from email import message_from_bytes, policy

import pytest

from cpt.contracts.values import Recipient
from notifier.compose_mail import SenderIdentity, compose_mail
from notifier.domain import usable_address
from notifier.mail_renderer import RenderedMail
from tests.unit.notifier.events import ADVISER, MEI, NOW

SENDER = SenderIdentity("International Programs Office", "cpt@ipo.example", "ask@ipo.example", "cpt.example")
RENDERED = RenderedMail("Your CPT is approved", "Dear 李,\n\nwork.\n", "<p>Dear 李</p>")


def composed(to=MEI, copies=(), rendered=RENDERED):
    return compose_mail(rendered, notice_id="0199", kind="approved", to=to, copies=copies, sender=SENDER, now=NOW)


def test_the_same_notice_gives_the_same_bytes():
    assert composed() == composed()


def test_the_headers_are_those_of_the_notice():
    mail = message_from_bytes(composed(copies=[ADVISER]), policy=policy.default)

    assert {name: mail[name] for name in ("Message-ID", "X-CPT-Notice", "Date", "Subject", "Auto-Submitted")} == {
        "Message-ID": "<0199@cpt.example>",
        "X-CPT-Notice": "approved",
        "Date": "Thu, 10 Sep 2026 11:04:00 -0400",
        "Subject": "Your CPT is approved",
        "Auto-Submitted": "auto-generated",
    }
    assert (mail["From"], mail["Cc"]) == (
        "International Programs Office <cpt@ipo.example>",
        "Ana Ortiz <ana.ortiz@ipo.example>",
    )
    assert mail["Reply-To"] == "ask@ipo.example"


def test_text_comes_before_html_and_both_keep_their_letters():
    mail = message_from_bytes(composed(), policy=policy.default)

    plain, html = mail.iter_parts()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]
    assert "李" in plain.get_content()
    assert "李" in html.get_content()


@pytest.mark.parametrize(
    "name",
    [
        "Mei\r\nBcc: all@b.example",
        "Mei\nX-CPT-Notice: denied",
        'Mei "the, <best>" Li; (x)',
        "Ł" * 300,
        "محمد\u202e evil",
        "",
    ],
)
def test_no_name_adds_a_header_or_a_recipient(name):
    raw = composed(to=Recipient(name=name, email=MEI.email))
    mail = message_from_bytes(raw, policy=policy.default)

    assert [address.addr_spec for address in mail["To"].addresses] == [MEI.email]
    assert mail["Bcc"] is None
    assert mail.get_all("X-CPT-Notice") == ["approved"]
    assert all(len(line) < 999 and line.isascii() for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    "address",
    [None, "", "mei", "mei@", "@b.example", "a@b.example, c@d.example", "a b@c.example", "a@b.example\n", "ł@b.example",
     "a@b.example\r\nBcc: c@d.example", "<a@b.example>", "a" * 250 + "@b.example"],
)  # fmt: skip
def test_an_address_that_no_header_can_carry_is_none(address):
    assert usable_address(address) is None


def test_a_usual_address_is_usable():
    assert usable_address("mei.li+cpt@student.umass.example") == "mei.li+cpt@student.umass.example"
