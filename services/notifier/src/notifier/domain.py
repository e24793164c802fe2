"""The state of a notice after a delivery attempt, and what makes a text safe in a mail."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any, Literal

NoticeState = Literal["due", "sending", "sent", "failed"]
Outcome = Literal["accepted", "deferred", "refused", "unknown"]

NO_ADDRESS = "No usable email address is known for this person."
LEASE_RAN_OUT = "The outcome is unknown: the sending process ended before it could record it."
JITTER = 0.2

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ADDRESS = re.compile(r'"[^"]*"[@＠﹫]\S*|\S*[@＠﹫]\S*')
_SEVIS_ID = re.compile(r"\bN\d{6}(\d{4})\b")


@dataclass(frozen=True, slots=True)
class ServerReply:
    """`words` quote no address; `unknown`: the connection broke after the mail was sent, so it may have been accepted."""

    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`pauses` are seconds; the last one is repeated until `days` have passed since the first attempt."""

    pauses: tuple[float, ...]
    days: float
    unknown_limit: int


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """`due_at` is set exactly when the notice stays due; `words` is what the record keeps."""

    state: NoticeState
    due_at: datetime | None
    words: str


def after_attempt(
    reply: ServerReply,
    *,
    attempts: int,
    unknown_before: int,
    first_tried_at: datetime,
    now: datetime,
    retries: RetryPolicy,
    jitter: float,
) -> AttemptResult:
    """`attempts` counts this one; `jitter` in [0, 1) stretches the pause, so that retries of many notices spread out."""
    if reply.outcome == "accepted":
        return AttemptResult("sent", None, reply.words)
    if reply.outcome == "refused":
        return AttemptResult("failed", None, reply.words)
    if reply.outcome == "unknown" and unknown_before + 1 >= retries.unknown_limit:
        return AttemptResult(
            "failed", None, f"It may have arrived, but {attempts} attempts did not tell. {reply.words}"
        )
    pause = retries.pauses[min(attempts, len(retries.pauses)) - 1]
    due_at = now + timedelta(seconds=pause * (1 + JITTER * jitter))
    if due_at > first_tried_at + timedelta(days=retries.days):
        return AttemptResult("failed", None, f"Not delivered within {retries.days:g} days. {reply.words}")
    return AttemptResult("due", due_at, reply.words)


def usable_address(address: str | None) -> str | None:
    """The address if a header and an SMTP command can carry it: pure ASCII, one line, one mailbox (case 63)."""
    if not address or not address.isascii() or len(address) > 254:
        return None
    try:
        parsed = Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        return None
    return address if parsed.username and parsed.domain and address.isprintable() and " " not in address else None


def cleaned(value: Any) -> Any:
    """Every text inside on one line, without control characters or direction overrides, SEVIS ids masked (case 63)."""
    if isinstance(value, str):
        return _SEVIS_ID.sub(r"N••••••\1", " ".join("".join(map(_printable, value)).split()))
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return value


def paragraphs(text: str) -> list[str]:
    """What a person wrote, line by line, each one cleaned; empty lines are gone."""
    return [line for line in map(cleaned, text.splitlines()) if line]


def without_addresses(text: str) -> str:
    """The text of a mail system, with each email address replaced: audit, events and lists hold none."""
    return _ADDRESS.sub("(address)", text)


def _printable(character: str) -> str:
    if character in _BIDI_OVERRIDES:
        return ""
    return " " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
