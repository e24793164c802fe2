"""What the header of every page says: what is open for the person; and who is who, as the sign-in told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.tasks.store import sql


@dataclass(frozen=True, slots=True)
class Greeting:
    """`alerts` that nobody has acknowledged; `names` by sign-in name."""

    tasks: int
    alerts: int
    names: Mapping[str, str]


async def greet(connection: Connection, person: Person, *, owner: str | None, is_dso: bool, now: datetime) -> Greeting:
    """`owner`: tasks of their cases and of nobody's; None counts all. Writes once a day, and where the sign-in says something new."""
    about = (person.sub, person.name, person.email, is_dso)
    row = await connection.fetchrow(sql.greet, owner, *about, now)
    assert row is not None
    if not row["known"]:
        await connection.execute(sql.put_colleague, *about, now)
    return Greeting(row["tasks"], row["alerts"], row["names"])


async def names_of(connection: Connection, subs: Collection[str]) -> Mapping[str, str]:
    """Of those of these sign-in names whom the office knows by name."""
    names: Mapping[str, str] = await connection.fetchval(sql.names_of_colleagues, sorted(subs))
    return names


async def forget_colleagues(connection: Connection, now: datetime, years: int) -> int:
    """How many have not been here for so long and hold nothing."""
    return len(await connection.fetch(sql.forget_colleagues, now, years))
