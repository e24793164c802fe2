"""Who holds cases now, for a director who moves those of an absent adviser (case 39)."""

from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.store import sql


async def show_holders(connection: Connection) -> list[dict[str, Any]]:
    """`sub`, `name`, `email` and `request_ids` in the order of their numbers."""
    return [dict(row) for row in await connection.fetch(sql.list_holders)]


def known_as(sub: str, holders: list[dict[str, Any]], director: Person) -> Person:
    """With name and address, where a case or the director's own sign-in tells them."""
    people = {one["sub"]: Person(sub=one["sub"], name=one["name"], email=one["email"]) for one in holders}
    return (people | {director.sub: director}).get(sub, Person(sub=sub, name=None, email=None))


async def own_requests(connection: Connection, sub: str) -> list[str]:
    """The cases that are about this very person (A31)."""
    return [row["request_id"] for row in await connection.fetch(sql.own_requests, sub)]
