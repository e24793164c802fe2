"""Signed, expiring codes of a question to one person; they are stored nowhere but in the mail that carries them."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

_ID, _TIME, _PROOF = 16, 8, 16


def code_of(key: str, question: str, expires_at: datetime) -> str:
    """`question` is a UUID; the same question and end give the same code."""
    text = UUID(question).bytes + int(expires_at.timestamp()).to_bytes(_TIME, "big")
    return base64.urlsafe_b64encode(text + _proof(key, text)).decode().rstrip("=")


def question_of(key: str, code: str, now: datetime) -> str | None:
    """None for a code that was not signed with this key, or whose time is over."""
    if not key or len(code) > 100:
        return None
    try:
        raw = base64.b64decode(code.strip() + "=" * (-len(code.strip()) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    text, proof = raw[: _ID + _TIME], raw[_ID + _TIME :]
    if len(raw) != _ID + _TIME + _PROOF or not hmac.compare_digest(proof, _proof(key, text)):
        return None
    if now >= datetime.fromtimestamp(int.from_bytes(text[_ID:], "big"), UTC):
        return None
    return str(UUID(bytes=text[:_ID]))


def _proof(key: str, text: bytes) -> bytes:
    return hmac.digest(key.encode(), b"cpt consultation" + text, hashlib.sha256)[:_PROOF]
