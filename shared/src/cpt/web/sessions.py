"""The browser session: a sealed cookie and its row, both needed; it ends after idleness, and at the latest after a day's work.

The cookie says who it is and when they were last here, so that no request writes; the row says that the session has not
been ended and which roles count, so that signing out, a revoked role or an administrator ends every copy of the cookie.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from starlette.datastructures import MutableHeaders

from cpt.web.cookies import CookieJar
from cpt.web.person import Person
from cpt.web.sealing import Vault
from cpt.web.session_revalidation import SessionRevalidation
from cpt.web.token_endpoint import Tokens

_REFRESH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """`number` finds the row; `since` is the sign-in, `seen` the last request that a person caused."""

    number: str
    person: Person
    csrf: str
    since: datetime
    seen: datetime

    @classmethod
    def of_claims(cls, value: Mapping[str, Any]) -> Self:
        since, seen = (datetime.fromtimestamp(value[key], UTC) for key in ("since", "seen"))
        return cls(value["number"], Person.of_claims(value), value["csrf"], since, seen)

    def to_claims(self) -> dict[str, Any]:
        times = {"since": int(self.since.timestamp()), "seen": int(self.seen.timestamp())}
        return {**self.person.to_claims(), "number": self.number, "csrf": self.csrf, **times}


@dataclass(frozen=True)
class Sessions:
    """`idle` and `absolute` are the two lifetimes."""

    jar: CookieJar
    vault: Vault
    standing: SessionRevalidation
    clock: Callable[[], datetime]
    idle: timedelta
    absolute: timedelta

    async def read(self, cookies: Mapping[str, str]) -> Session | None:
        session = self.last(cookies)
        now = self.clock()
        if session is None or now - session.seen > self.idle or now - session.since > self.absolute:
            return None
        roles = await self.standing.roles(session.number, now)
        return None if roles is None else replace(session, person=replace(session.person, roles=roles))

    async def start(
        self, headers: MutableHeaders, person: Person, tokens: Tokens, cookies: Mapping[str, str]
    ) -> Session:
        """Ends the session that this browser had; the forms that the same person has open in it stay good."""
        now, rows = self.clock(), self.standing.rows
        if before := self.last(cookies):
            await rows.end(before.number)
        await rows.forget_ended(now)
        csrf = before.csrf if before and before.person.sub == person.sub else secrets.token_urlsafe(32)
        session = Session(secrets.token_urlsafe(32), person, csrf, now, now)
        await rows.start(session.number, person, tokens, now + self.standing.every, now + self.absolute)
        self.write(headers, session)
        return session

    def write(self, headers: MutableHeaders, session: Session) -> None:
        self.jar.put(headers, "session", self.vault.seal(session.to_claims()))

    async def end(self, headers: MutableHeaders, session: Session | None) -> None:
        if session:
            await self.standing.rows.end(session.number)
        self.jar.remove(headers, "session")

    def refreshed(self, session: Session) -> Session | None:
        """The session as it should be written anew, or None while it is fresh enough."""
        now = self.clock()
        return replace(session, seen=now) if now - session.seen > _REFRESH_AFTER else None

    def last(self, cookies: Mapping[str, str]) -> Session | None:
        """The session of this browser, whether or not it still counts."""
        sealed = cookies.get(self.jar.name("session"))
        value = self.vault.open(sealed) if sealed else None
        return Session.of_claims(value) if value and "number" in value else None
