"""The loop that asks Handshake what changed, and resumes where any worker stopped."""

from dataclasses import dataclass
from datetime import timedelta

from uuid_utils import uuid4

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from intake.handshake.handshake_api import HandshakeApi, HandshakeAway
from intake.handshake.mapping import Words, data_of, text_of
from intake.handshake.tell_experiences import tell_experiences
from intake.store import sql

_AWAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PollHandshake:
    """`every`: the pause after a page that was the last one."""

    database: Database
    api: HandshakeApi
    words: Words
    clock: Clock
    every: timedelta

    async def step(self) -> int:
        """One page; how many experiences it had. One worker at a time (P37).

        The place moves in the transaction of the events. It is the time of the last change that was seen, so that nothing
        is passed over when something changes while pages are read; only where a whole page has one time, the next page of
        that time is asked for. Raises HandshakeAway.
        """
        token, now = str(uuid4()), self.clock()
        async with self.database.transaction() as connection:
            place = await connection.fetchrow(sql.claim_handshake, token, now)
        if place is None:
            return 0
        try:
            found = await self.api.changed_since(place["since"], place["page"])
        except HandshakeAway:
            async with self.database.transaction() as connection:
                await connection.fetchval(sql.move_handshake, token, place["since"], place["page"], now + _AWAY)
            raise
        last = max((text_of(one, self.words.fields.updated_at) for one in found), default="")
        if last > place["since"]:
            since, page, due = last, 1, now
        elif found:
            since, page, due = place["since"], place["page"] + 1, now
        else:
            since, page, due = place["since"], 1, now + self.every
        async with self.database.transaction() as connection:
            if not await connection.fetchval(sql.move_handshake, token, since, page, due):
                return 0  # the lease ran out, and another worker has the place
            await tell_experiences(connection, [data_of(one, self.words) for one in found], now)
        return len(found)
