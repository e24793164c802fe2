"""One delivery over SMTP, and an honest account of how it ended."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from cpt.crash_points import reached
from cpt.runtime import metrics
from notifier.domain import ServerReply
from notifier.settings import SmtpSettings

ACCEPTED = "The mail server accepted the message."
CUT_OFF = "The outcome is unknown: the connection ended after the message was handed over."
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
LOGIN_REQUIRED = 530
QUIT_SECONDS = 1.0  # politeness after the fact


class Mailer:
    """Speaks to the mail server of the settings, in a connection of its own for each delivery."""

    def __init__(self, settings: SmtpSettings, *, sender: str, greeting: str) -> None:
        self._settings, self._sender, self._greeting = settings, sender, greeting

    async def deliver(self, message: bytes, recipient: str, copies: Sequence[str]) -> ServerReply:
        """Never longer than the time limit; the first recipient decides, a refused copy is only mentioned."""
        began = time.monotonic()
        delivery = _Delivery(self._client(), self._sender)
        reply = await delivery.attempt(message, recipient, copies, self._settings.time_limit)
        metrics.CAMPUS_CALLS.labels("smtp", reply.outcome).observe(time.monotonic() - began)
        return reply

    def _client(self) -> SMTP:
        smtp = self._settings
        return SMTP(
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.username or None,
            password=smtp.password.get_secret_value() if smtp.username else None,
            local_hostname=self._greeting,
            timeout=smtp.time_limit,
            use_tls=smtp.security == "tls",
            start_tls={"auto": None, "starttls": True}.get(smtp.security, False),
        )


class _Delivery:
    """What a failure means depends on how far it came: refused ourselves, refused the mail, or nobody knows."""

    def __init__(self, client: SMTP, sender: str) -> None:
        self._client, self._sender = client, sender
        self._admitted = self._handed_over = False

    async def attempt(self, message: bytes, recipient: str, copies: Sequence[str], limit: float) -> ServerReply:
        try:
            async with asyncio.timeout(limit):
                refused = await self._converse(message, recipient, copies)
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=QUIT_SECONDS)
        except SMTPResponseException as error:
            return self._refusal(error)
        except (SMTPException, OSError) as error:  # a time-out is an OSError too
            if self._handed_over:
                return ServerReply("unknown", CUT_OFF)
            return ServerReply("deferred", f"The mail server could not be reached ({type(error).__name__}).")
        finally:
            self._client.close()
        return ServerReply("accepted", f"{ACCEPTED} {refused}".strip())

    async def _converse(self, message: bytes, recipient: str, copies: Sequence[str]) -> str:
        await self._client.connect()
        self._admitted = True
        await self._client.mail(self._sender)
        await self._client.rcpt(recipient)
        refused = [code for copy in copies if (code := await self._copy_refused(copy))]
        self._handed_over = True
        await self._client.data(message)
        reached("after_end_of_data")
        return f"A copy was refused ({', '.join(refused)})." if refused else ""

    async def _copy_refused(self, address: str) -> str:
        try:
            await self._client.rcpt(address)
        except SMTPRecipientRefused as error:
            return _code(error)
        return ""

    def _refusal(self, error: SMTPResponseException) -> ServerReply:
        whom = "this address" if isinstance(error, SMTPRecipientRefused) else "the message"
        if not self._admitted or error.code == LOGIN_REQUIRED:  # a person mends the settings, then the notice leaves
            return ServerReply("deferred", f"The mail server does not let this service send ({_code(error)}).")
        if 500 <= error.code <= 599:
            return ServerReply("refused", f"The mail server refused {whom} ({_code(error)}).")
        if 400 <= error.code <= 499:
            return ServerReply("deferred", f"The mail server put {whom} off ({_code(error)}).")
        return (
            ServerReply("unknown", CUT_OFF)
            if self._handed_over
            else ServerReply("deferred", f"No answer ({_code(error)}).")
        )


def _code(error: SMTPResponseException) -> str:
    """Codes only: the words of a server often quote the address."""
    enhanced = _ENHANCED.match(error.message)
    return f"{error.code} {enhanced[1]}" if enhanced else str(error.code)
