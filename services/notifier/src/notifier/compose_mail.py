"""A notice as the bytes of a mail: the same notice gives the same bytes (P38, case 61)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cpt.campus.clock import EASTERN
from cpt.contracts.notifier import NoticeKind
from cpt.contracts.values import Recipient
from notifier.domain import cleaned, usable_address
from notifier.mail_renderer import RenderedMail

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """Who writes: name and address of the office, the domain of our Message-IDs, and how to reach a person there."""

    office: str
    address: str
    reply_to: str
    domain: str
    phone: str = ""
    postal: str = ""
    hours: str = ""


def message_id_of(notice_id: str, sender: SenderIdentity) -> str:
    return f"<{notice_id}@{sender.domain}>"


def notice_of(message_id: str) -> str:
    """The notice that a Message-ID names, as people copy it: with or without brackets, name of the header or domain."""
    return message_id.strip().rpartition(" ")[2].strip("<>").partition("@")[0]


def compose_mail(
    rendered: RenderedMail,
    *,
    notice_id: str,
    kind: NoticeKind,
    to: Recipient,
    copies: Sequence[Recipient],
    sender: SenderIdentity,
    now: datetime,
) -> bytes:
    """Names may hold anything, addresses that no header can carry are left out (case 63); `now` is the Date header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender.office, addr_spec=sender.address)
    if sender.reply_to:
        mail["Reply-To"] = sender.reply_to
    for header, people in (("To", [to]), ("Cc", copies)):
        if mailboxes := [_mailbox(person) for person in people if usable_address(person.email)]:
            mail[header] = mailboxes
    mail["Subject"] = rendered.subject
    mail["Date"] = format_datetime(now.astimezone(EASTERN))
    mail["Message-ID"] = message_id_of(notice_id, sender)
    mail["X-CPT-Notice"] = kind
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{notice_id}")
    return mail.as_bytes()


def _mailbox(person: Recipient) -> Address:
    return Address(cleaned(person.name)[:LONGEST_NAME], addr_spec=person.email)
