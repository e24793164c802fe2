"""The mail catcher: a real SMTP server that keeps what it accepts, one item for each recipient."""

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.campus.clock import Clock
from infra.campus.faults import MailMode
from infra.campus.settings import HOST

TARPIT_SECONDS = 25.0  # longer than a patient sender waits
ANSWERS: dict[MailMode, str] = {
    "ok": "250 2.0.0 kept",
    "tarpit": "250 2.0.0 kept",
    "cut": "250 2.0.0 kept",
    "down": "421 4.3.2 closing",
    "refuse": "550 5.1.1 no such mailbox",
    "busy": "451 4.3.0 try again later",
}


@dataclass(frozen=True, slots=True)
class Mail:
    message_id: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    kind: str
    received_at: datetime
    sha256: str = ""
    """Of the bytes as they came, so that two copies can be told apart."""


@dataclass  # without slots: the mail server looks into every member of its handler
class MailCatcher:
    """`received` is oldest first; `mode` is a fault that a person or a test may set."""

    clock: Clock
    received: list[Mail] = field(default_factory=list)
    mode: MailMode = "ok"
    _server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """`hostname` is given since the library would ask the resolver for it, which can take seconds."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="campus.localhost", enable_SMTPUTF8=True), HOST, port
        )

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    @property
    def listening(self) -> bool:
        return self._server is not None and self._server.is_serving()

    def sent_to(self, address: str | None) -> list[Mail]:
        return [mail for mail in self.received if not address or mail.to.casefold() == address.casefold()]

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls hooks by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.mode == "tarpit":
            await asyncio.sleep(TARPIT_SECONDS)
        if self.mode in ("ok", "tarpit", "cut"):
            envelope.rcpt_tos.append(address)
        return ANSWERS[self.mode]

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        now = self.clock.now()
        sha256 = hashlib.sha256(content).hexdigest()
        self.received.extend(replace(read_mail(message, to, now), sha256=sha256) for to in envelope.rcpt_tos)
        if self.mode == "cut":
            cast("asyncio.WriteTransport", server.transport).abort()  # kept, but nobody is told
        return ANSWERS["ok"]


def read_mail(message: EmailMessage, recipient: str, received_at: datetime) -> Mail:
    return Mail(
        message_id=_as_sent(message, "message-id"),
        to=recipient,
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        kind=_as_sent(message, "x-cpt-notice"),
        received_at=received_at,
    )


def _as_sent(message: EmailMessage, name: str) -> str:
    """The library's reader of Message-ID fails on odd ones, so that the sender would see an error of ours."""
    return next((str(value).strip() for header, value in message.raw_items() if header.casefold() == name), "")


def _body(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    part: Any = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except LookupError:  # a character set nobody knows: the mail is shown as far as it can be read
        return bytes(part.get_payload(decode=True)).decode("utf-8", "replace")
