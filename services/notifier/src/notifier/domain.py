"""What becomes of a notice after an attempt, and which text is fit for a mail."""

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
class Answer:
    """What the mail server said, in words that quote no address; `unknown` = it may have accepted the mail."""

    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Patience:
    """`pauses` are seconds; the last one is repeated until `days` have passed since the first attempt."""

    pauses: tuple[float, ...]
    days: float
    unknown_limit: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`due_at` is set exactly when the notice stays due; `words` is what the record keeps."""

    state: NoticeState
    due_at: datetime | None
    words: str


def judge(
    answer: Answer,
    *,
    attempts: int,
    unknown_before: int,
    first_tried_at: datetime,
    now: datetime,
    patience: Patience,
    jitter: float,
) -> Verdict:
    """`attempts` counts this one; `jitter` in [0, 1) stretches the pause, so that retries do not march in step."""
    if answer.outcome == "accepted":
        return Verdict("sent", None, answer.words)
    if answer.outcome == "refused":
        return Verdict("failed", None, answer.words)
    if answer.outcome == "unknown" and unknown_before + 1 >= patience.unknown_limit:
        return Verdict("failed", None, f"It may have arrived, but {attempts} attempts did not tell. {answer.words}")
    pause = patience.pauses[min(attempts, len(patience.pauses)) - 1]
    due_at = now + timedelta(seconds=pause * (1 + JITTER * jitter))
    if due_at > first_tried_at + timedelta(days=patience.days):
        return Verdict("failed", None, f"Not delivered within {patience.days:g} days. {answer.words}")
    return Verdict("due", due_at, answer.words)


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
    """What a mail system says often quotes the address; audit, events and lists do without it."""
    return _ADDRESS.sub("(address)", text)


def _printable(character: str) -> str:
    if character in _BIDI_OVERRIDES:
        return ""
    return " " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
