"""The university's mail server: outside of the system, so tests stand in for it with a real one on loopback."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP

from infra.devstack.patience import stretched


@dataclass
class Mail:
    to: list[str]
    content: bytes

    @property
    def message(self):
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class MailServer:
    """`rcpt` answers for addresses, `fate` is what happens once a message has been received whole:
    ok, cut (the connection), hang (no answer), or a reply of its own; while not `answering` it keeps quiet;
    messages wait for each other until `expected_at_once` are here side by side.
    """

    received: list[Mail] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    fate: str = "ok"
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    most_at_once: int = 0
    expected_at_once: int = 0
    options: dict = field(default_factory=dict)
    port: int = 0
    _now: int = 0
    _met: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None

    async def start(self):
        self.answering.set()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.example", **self.options), "127.0.0.1", self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    async def has_mail(self):
        return bool(self.received)

    async def handle_RCPT(  # noqa: N802 aiosmtpd calls hooks by this name
        self, _server, _session, envelope, address, _options
    ):
        answer = self.rcpt.get(address) or self.rcpt.get("*") or "250 ok"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 as above
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        if self._now == self.expected_at_once:
            self._met.set()
        if self.expected_at_once:
            await asyncio.wait_for(self._met.wait(), stretched(60))
        self._now -= 1
        if self.fate[0].isdigit() and not self.fate.startswith("250"):
            return self.fate
        self.received.append(Mail(list(envelope.rcpt_tos), envelope.content))
        await self.answering.wait()
        if self.fate == "hang":
            await asyncio.Event().wait()
        if self.fate == "cut":
            server.transport.abort()
        return "250 2.0.0 kept"
