"""The browser session: an encrypted cookie that ends after a time of idleness, and at the latest after a day's work.

It lives in the browser only, so every replica can read it and a restart ends none. The price: signing out forgets
the cookie of that browser; a copy of it, if one was stolen, ends with the absolute lifetime.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.web.cookies import CookieJar
from cpt.web.person import Person
from cpt.web.sealing import Vault

LIVE_HEADER = "x-cpt-live"
"""Sent when a page refreshes itself, which is no sign that anyone sits in front of it."""

_REFRESH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """`since` is the sign-in, `seen` the last request that a person caused."""

    person: Person
    csrf: str
    since: datetime
    seen: datetime

    @classmethod
    def of_claims(cls, value: Mapping[str, Any]) -> Self:
        since, seen = (datetime.fromtimestamp(value[key], UTC) for key in ("since", "seen"))
        return cls(Person.of_claims(value), value["csrf"], since, seen)

    def to_claims(self) -> dict[str, Any]:
        times = {"since": int(self.since.timestamp()), "seen": int(self.seen.timestamp())}
        return {**self.person.to_claims(), "csrf": self.csrf, **times}


@dataclass(frozen=True)
class Sessions:
    """`idle` and `absolute` are the two lifetimes."""

    jar: CookieJar
    vault: Vault
    clock: Callable[[], datetime]
    idle: timedelta
    absolute: timedelta

    def read(self, cookies: Mapping[str, str]) -> Session | None:
        session = self._open(cookies)
        now = self.clock()
        if session is None or now - session.seen > self.idle or now - session.since > self.absolute:
            return None
        return session

    def start(self, headers: MutableHeaders, person: Person, cookies: Mapping[str, str]) -> None:
        """Signing in again in another tab keeps the forms that the same person has open in this browser good."""
        before = self._open(cookies)
        csrf = before.csrf if before and before.person.sub == person.sub else secrets.token_urlsafe(32)
        self.write(headers, Session(person, csrf, self.clock(), self.clock()))

    def write(self, headers: MutableHeaders, session: Session) -> None:
        self.jar.put(headers, "session", self.vault.seal(session.to_claims()))

    def end(self, headers: MutableHeaders) -> None:
        self.jar.remove(headers, "session")

    def refreshed(self, session: Session) -> Session | None:
        """The session as it should be written anew, or None while it is fresh enough."""
        now = self.clock()
        return replace(session, seen=now) if now - session.seen > _REFRESH_AFTER else None

    def _open(self, cookies: Mapping[str, str]) -> Session | None:
        sealed = cookies.get(self.jar.name("session"))
        value = self.vault.open(sealed) if sealed else None
        return Session.of_claims(value) if value else None


class SessionMiddleware:
    """Puts the session, or None, into `request.state.session`, and keeps it alive while it is used."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        session = self._sessions.read(connection.cookies)
        connection.state.session = session
        by_person = session is not None and LIVE_HEADER not in connection.headers
        newer = self._sessions.refreshed(session) if session and by_person else None

        async def renewing(message: Message) -> None:
            if message["type"] == "http.response.start" and newer and connection.state.session is session:
                self._sessions.write(MutableHeaders(scope=message), newer)
            await send(message)

        await self._app(scope, receive, renewing)
