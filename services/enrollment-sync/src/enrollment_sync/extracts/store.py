"""Rows of extracts in and out."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic_core import to_json

from cpt.postgres import Connection, Queries
from enrollment_sync.extracts.changes import KnownRow
from enrollment_sync.extracts.fields import Entry, Key, Record, Scope

sql = Queries("enrollment_sync.extracts")
_AT_ONCE = 5_000
T = TypeVar("T")


async def lock_extracts(connection: Connection, now: datetime) -> int:
    """Whoever imports waits here. Returns the first sequence that is free: rising also where an older database was
    restored, since time goes on.
    """
    last: int = await connection.fetchval(sql.lock_extracts)
    return max(last + 1, int(now.timestamp() * 1000))


async def known_rows(connection: Connection, record: Record, keys: Iterable[Key]) -> dict[Key, KnownRow]:
    asked = to_json([{"record": record, **key._asdict()} for key in keys]).decode()
    return {
        _key(row): KnownRow(row["data"], row["as_of"], row["updated"], row["source_seq"])
        for row in await connection.fetch(sql.known_rows, asked)
    }


async def put_rows(connection: Connection, entries: Sequence[tuple[Entry, int]], as_of: datetime) -> None:
    """Each with its sequence."""
    for some in in_parts(entries):
        rows = [
            {
                "record": entry.record,
                **entry.key._asdict(),
                "data": entry.data,
                "as_of": as_of,
                "updated": entry.updated,
                "source_seq": seq,
            }
            for entry, seq in some
        ]
        await connection.execute(sql.put_rows, to_json(rows).decode())


async def remove_rows(connection: Connection, record: Record, keys: Sequence[Key]) -> None:
    for some in in_parts(keys):
        rows = [{"record": record, **key._asdict()} for key in some]
        await connection.execute(sql.remove_rows, to_json(rows).decode())


async def keys_of_scopes(connection: Connection, record: Record, scopes: Collection[Scope]) -> dict[Key, datetime]:
    rows = await connection.fetch(sql.keys_of_scopes, record, *_columns(scopes))
    return {_key(row): row["as_of"] for row in rows}


async def scopes_of(connection: Connection, record: Record) -> dict[Scope, datetime]:
    rows = await connection.fetch(sql.scopes, record)
    return {Scope(row["institution"], row["strm"]): row["taken_at"] for row in rows}


async def put_scopes(connection: Connection, record: Record, scopes: Collection[Scope], taken_at: datetime) -> None:
    await connection.execute(sql.put_scopes, record, *_columns(scopes), taken_at)


async def standing_withdrawals(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """Of these classes' terms that were withdrawn from, with the sequence of that, by the key of the class."""
    terms = {key: key._replace(class_nbr="") for key in keys}
    known = dict[Key, KnownRow]()
    for some in in_parts(sorted(set(terms.values()))):
        known |= await known_rows(connection, "STDNT_CAR_TERM", some)
    return {key: known[term].source_seq for key, term in terms.items() if term in known and known[term].ends_the_term}


async def classes_of(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str, str], dict[str, str]]:
    """By institution, term and number; what a class is called there."""
    asked = sorted({(key.institution, key.strm, key.class_nbr) for key in keys})
    columns = list(zip(*asked, strict=True)) or [(), (), ()]
    rows = await connection.fetch(sql.classes_of, *map(list, columns))
    names = ("subject", "catalog_nbr", "component", "primary_class_nbr")
    return {
        (row["institution"], row["strm"], row["class_nbr"]): {name: row[name] for name in names if row[name]}
        for row in rows
    }


def _key(row: Any) -> Key:
    return Key(*(row[name] for name in Key._fields))


def _columns(scopes: Collection[Scope]) -> list[list[str]]:
    return [list(column) for column in zip(*sorted(scopes), strict=True)] or [[], []]


def in_parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """No statement has a whole campus at once: each has its own limit of time, and all are in memory together."""
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
