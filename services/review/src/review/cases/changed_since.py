"""What a student changed, between two rounds or of an issued authorization, so that nobody reads everything again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cpt.campus.clock import in_words
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.values import Address
from cpt.postgres import Connection
from review.store import sql

WORDS: Mapping[str, str] = {
    "employer": "Employer",
    "employer_address": "Mailing address",
    "job_title": "Job title",
    "duties": "Duties",
    "hours_per_week": "Hours a week",
    "work_locations": "Work place",
    "compensation": "Pay",
    "terms": "Terms",
    "adviser_consulted": "Adviser consulted",
    "already_started": "Started already",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` or `after` is empty where there was, or is, nothing."""

    what: str
    before: str
    after: str


async def changed_since(connection: Connection, request_id: str) -> list[Difference] | None:
    """None before a second round, and where the round before is not known."""
    row = await connection.fetchrow(sql.earlier_round, request_id)
    if row is None:
        return None
    return list(_between(*(RequestCompleted.model_validate(row[name]) for name in ("earlier", "completion"))))


async def changed_of_authorization(connection: Connection, request_id: str) -> list[Difference] | None:
    """Old and new answers of a request that changes an authorization (X6); None for any other."""
    row = await connection.fetchrow(sql.changed_request, request_id)
    if row is None:
        return None
    return list(_answers(*(RequestCompleted.model_validate(row[name]) for name in ("earlier", "completion"))))


def _between(earlier: RequestCompleted, now: RequestCompleted) -> Iterator[Difference]:
    yield from _answers(earlier, now)
    yield from _documents(earlier, now)


def _answers(earlier: RequestCompleted, now: RequestCompleted) -> Iterator[Difference]:
    for name, words in WORDS.items():
        before, after = getattr(earlier.form, name), getattr(now.form, name)
        if before != after:
            yield Difference(words, _said(before), _said(after))
    for name, words in (("start_date", "First day"), ("end_date", "Last day"), ("route", "Route")):
        before, after = getattr(earlier.facts, name), getattr(now.facts, name)
        if before != after:
            yield Difference(words, _said(before), _said(after))
    if earlier.facts.courses != now.facts.courses:
        yield Difference("Courses", _said(earlier.facts.courses), _said(now.facts.courses))


def _documents(earlier: RequestCompleted, now: RequestCompleted) -> Iterator[Difference]:
    """By their kind and term; the same bytes are the same document."""
    before = {(one.kind, one.strm): one for one in earlier.documents}
    after = {(one.kind, one.strm): one for one in now.documents}
    for key in sorted(before | after, key=str):
        old, new = before.get(key), after.get(key)
        if old is None or new is None or old.sha256 != new.sha256:
            words = key[0].replace("_", " ").capitalize()
            yield Difference(words, "a file" if old else "", "another file" if old and new else "a file" if new else "")


def _said(value: Any) -> str:  # noqa: PLR0911 a table, a line a kind
    match value:
        case None | bool():
            return {None: "", True: "yes", False: "no"}[value]
        case date():
            return in_words(value)
        case Address():
            return ", ".join(filter(None, (value.street, value.city, f"{value.region} {value.postal_code}".strip())))
        case tuple():
            return "; ".join(map(_said, value))
        case _ if hasattr(value, "catalog_nbr"):
            return f"{value.strm} {value.subject} {value.catalog_nbr}"
        case _ if hasattr(value, "office"):
            return ", ".join(filter(None, (value.name, value.office)))
    return str(value)
