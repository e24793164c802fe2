"""The authorization code flow with PKCE: what a grant is, and when a client may have it (RFC 6749, RFC 7636)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from infra.campus.people import Person

CODE_LIFE = timedelta(minutes=2)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class RefusedError(Exception):
    """`code` is the OAuth error code; the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client asks for at the authorize endpoint."""

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    state: str = ""
    nonce: str = ""

    def check_client(self) -> None:
        """Raises RefusedError, for a person to read: with these two wrong nobody may be redirected."""
        if not self.client_id:
            raise RefusedError("invalid_request", "The service did not say who it is (client_id).")
        if not is_loopback(self.redirect_uri):
            raise RefusedError("invalid_request", "The way back (redirect_uri) is not on this machine.")

    def check_flow(self) -> None:
        """Raises RefusedError, for the client to read in the redirect."""
        if self.response_type != "code":
            raise RefusedError("unsupported_response_type", "only the authorization code flow is served")
        if not self.code_challenge or self.code_challenge_method != "S256":
            raise RefusedError("invalid_request", "PKCE with S256 is required")

    def back(self, **answer: str) -> str:
        """The address that takes the browser back to the client."""
        query = urlencode(answer | ({"state": self.state} if self.state else {}))
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        return self.redirect_uri + joint + query if query else self.redirect_uri


@dataclass(frozen=True, slots=True)
class Grant:
    ask: Ask
    person: Person
    expires_at: datetime

    def check(self, client_id: str, redirect_uri: str, verifier: str, now: datetime) -> None:
        """Raises RefusedError when the code may not be exchanged by this client."""
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        same_client = (client_id, redirect_uri) == (self.ask.client_id, self.ask.redirect_uri)
        if now >= self.expires_at or not same_client or not secrets.compare_digest(digest, self.ask.code_challenge):
            raise RefusedError("invalid_grant", "the code is expired, or client, redirect_uri or verifier differ")


@dataclass(slots=True)
class Grants:
    """Codes that were given out and not yet exchanged; each is good for one attempt."""

    by_code: dict[str, Grant] = field(default_factory=dict)

    def give(self, ask: Ask, person: Person, now: datetime) -> str:
        self.by_code = {code: grant for code, grant in self.by_code.items() if grant.expires_at > now}
        code = secrets.token_urlsafe(32)
        self.by_code[code] = Grant(ask, person, now + CODE_LIFE)
        return code

    def take(self, code: str) -> Grant:
        """Raises RefusedError for a code that is unknown or used."""
        if code not in self.by_code:
            raise RefusedError("invalid_grant", "the code is unknown or used")
        return self.by_code.pop(code)


def is_loopback(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK
