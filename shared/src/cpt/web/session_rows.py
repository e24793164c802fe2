"""The rows of signed-in browsers: a session lives no longer than its row, so ending it ends every copy of its cookie."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from cpt.postgres import Connection, Database, Queries
from cpt.web.person import Person
from cpt.web.sealing import Vault
from cpt.web.token_endpoint import Tokens

sql = Queries("cpt.web")


@dataclass(frozen=True)
class SessionRow:
    """`ask_at` is when the issuer is to be asked again."""

    sub: str
    roles: frozenset[str]
    ask_at: datetime
    unanswered_since: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row["sub"], frozenset(row["roles"]), row["ask_at"], row["unanswered_since"])


@dataclass(frozen=True)
class SessionStore:
    """Sessions go by the number in their cookie, of which only a hash is kept; `most` of one person."""

    database: Database
    vault: Vault
    most: int = 20

    async def start(self, number: str, person: Person, tokens: Tokens, ask_at: datetime, ends_at: datetime) -> None:
        """Who is signed in in too many browsers is signed out of the one that began first."""
        values = person.sub, sorted(person.roles), self._sealed(tokens), ask_at, ends_at
        async with self.database.transaction() as connection:
            await connection.execute(sql.start_session, _hash(number), *values)
            await connection.execute(sql.end_oldest_sessions, person.sub, self.most)

    async def find(self, number: str, now: datetime) -> SessionRow | None:
        async with self.database.connection() as connection:
            row = await connection.fetchrow(sql.find_session, _hash(number), now)
        return SessionRow.of(row) if row else None

    async def claim_revalidation(self, number: str, now: datetime, again_at: datetime) -> Tokens | None:
        """None when another request asks. Without an answer the question is due again at `again_at`."""
        async with self.database.transaction() as connection:
            sealed: str | None = await connection.fetchval(sql.claim_revalidation, _hash(number), now, again_at)
        return Tokens(**(self.vault.open(sealed) or {})) if sealed else None

    async def keep_answer(self, number: str, person: Person, tokens: Tokens, ask_at: datetime) -> None:
        values = sorted(person.roles), self._sealed(tokens), ask_at
        async with self.database.transaction() as connection:
            await connection.execute(sql.keep_answer, _hash(number), *values)

    async def record_issuer_outage(self, number: str, now: datetime) -> datetime:
        """Since when the issuer has been silent."""
        async with self.database.transaction() as connection:
            since: datetime | None = await connection.fetchval(sql.record_issuer_outage, _hash(number), now)
        return since or now

    async def of_person(self, sub: str, now: datetime, number: str) -> list[tuple[datetime, bool]]:
        """When each of their sessions ends at the latest, and whether it is the one of this number."""
        async with self.database.connection() as connection:
            rows = await connection.fetch(sql.sessions_of_person, sub, now, _hash(number))
        return [(row["ends_at"], row["here"]) for row in rows]

    async def end(self, number: str) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(sql.end_session, _hash(number))

    async def end_all_of(self, sub: str) -> None:
        async with self.database.transaction() as connection:
            await end_sessions_of(connection, sub)

    async def forget_ended(self, now: datetime) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(sql.forget_ended_sessions, now)

    def _sealed(self, tokens: Tokens) -> str:
        return self.vault.seal(asdict(tokens))


async def end_sessions_of(connection: Connection, sub: str | None) -> int:
    """Every browser in which the person is signed in here, or everybody's; returns how many."""
    status: str = await connection.execute(sql.end_sessions_of, sub)
    return int(status.rpartition(" ")[2])


def _hash(number: str) -> bytes:
    return hashlib.sha256(number.encode()).digest()
