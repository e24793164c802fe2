"""Whether a signed-in person may still be here, and with which roles: the issuer is asked every few minutes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from cpt.web.oidc import IssuerAway
from cpt.web.person import Person
from cpt.web.session_rows import SessionRow, SessionStore
from cpt.web.strength import Strength
from cpt.web.token_endpoint import Tokens, TokensRefused

log = structlog.get_logger(__name__)

AskAgain = Callable[[str, Tokens], Awaitable[tuple[Person, Tokens]]]

_PAUSE = timedelta(seconds=30)  # between two questions without an answer


@dataclass(frozen=True)
class SessionRevalidation:
    """`every` is the time between two questions, `patience` how long a silent issuer is believed to mean no change."""

    rows: SessionStore
    ask_again: AskAgain
    every: timedelta
    patience: timedelta
    strength: Strength

    async def roles(self, number: str, now: datetime) -> frozenset[str] | None:
        """None when the session has ended."""
        row = await self.rows.find(number, now)
        if row is None:
            return None
        due = row.ask_at <= now
        if due and (tokens := await self.rows.claim_revalidation(number, now, now + _PAUSE)):
            return await self._asked(number, row, tokens, now)
        return self._believed(row.roles, row.unanswered_since, now)

    async def _asked(self, number: str, row: SessionRow, tokens: Tokens, now: datetime) -> frozenset[str] | None:
        try:
            person, tokens = await self.ask_again(row.sub, tokens)
        except IssuerAway:
            log.warning("session_not_confirmed")
            return self._believed(row.roles, await self.rows.record_issuer_outage(number, now), now)
        except TokensRefused:
            await self.rows.end(number)
            log.info("session_ended", reason="refused")
            return None
        if row.roles - person.roles or self.strength.must_be_shown_anew(person.roles - row.roles):
            await self.rows.end_all_of(row.sub)
            log.info("session_ended", reason="roles_changed")
            return None
        await self.rows.keep_answer(number, person, tokens, now + self.every)
        return person.roles

    def _believed(self, roles: frozenset[str], silent_since: datetime | None, now: datetime) -> frozenset[str] | None:
        return roles if silent_since is None or now - silent_since <= self.patience else None
