"""Which claim of the issuer holds what about a person: each campus names them differently (docs/sign-in.md)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cpt.contracts.attributes import is_key
from cpt.web.person import Person

Claims = Mapping[str, Any]
_EMPLID = re.compile(r"[0-9]{1,11}")


class Unsaid(Exception):
    """What is needed to know a person is missing; the message quotes names of claims and nothing they hold."""


@dataclass(frozen=True)
class ClaimMap:
    """Names of claims; dots lead into nested ones. `roles` may name several, by spaces.

    With `emplid` a student goes by what it holds, everybody else by `subject`. `groups` gives the role of each value of
    `roles` that means one here; empty: the values are our own names.
    """

    subject: str = "sub"
    emplid: str = ""
    roles: str = "roles"
    name: str = "name"
    email: str = "email"
    groups: Mapping[str, str] = field(default_factory=dict)

    def person(self, *sources: Claims) -> Person:
        """Of the first source that says it, each thing by itself. Raises Unsaid."""
        roles = self._roles(sources)
        sub = self._subject(sources, student="student" in roles)
        told = {"name": _one(_found(sources, self.name)), "email": _one(_found(sources, self.email))}
        return Person.of_claims({"sub": sub, "roles": roles, **told})

    def says_who(self, *sources: Claims) -> bool:
        """Whether every claim that decides a person's identity and rights is there."""
        return all(
            _found(sources, name) is not None for name in (self.subject, self.emplid, *self.roles.split()) if name
        )

    def says_roles(self, source: Claims) -> bool:
        return any(_found([source], name) is not None for name in self.roles.split())

    def same_person(self, one: Claims, other: Claims) -> bool:
        """By the issuer's `sub`, which may differ from client to client, or by what this campus goes by instead."""
        ours = _one(_found([one], self.subject))
        return one.get("sub") == other.get("sub") or (ours is not None and ours == _one(_found([other], self.subject)))

    def _roles(self, sources: tuple[Claims, ...]) -> list[str]:
        values: list[str] = []
        for name in self.roles.split():
            found = _found(sources, name)
            if found is None and any(_by_reference(source, name) for source in sources):
                raise Unsaid(f"The issuer left out the claim {name}: it has too many values for a token.")
            values += _texts(found)
        return [self.groups[value] for value in values if value in self.groups] if self.groups else values

    def _subject(self, sources: tuple[Claims, ...], *, student: bool) -> str:
        name = self.emplid if student and self.emplid else self.subject
        value = _one(_found(sources, name))
        if value is None or not is_key(value):
            raise Unsaid(f"The issuer says nothing under {name} that a person can be known by.")
        if name == self.emplid and not _EMPLID.fullmatch(value):
            raise Unsaid(f"The issuer's claim {name} holds no EMPLID.")
        return value


def _found(sources: tuple[Claims, ...] | list[Claims], path: str) -> object:
    return next((value for source in sources for value in _at(source, path) if value is not None), None)


def _at(claims: Claims, path: str) -> Iterator[object]:
    """Names may hold dots themselves, such as an address or a client's name: the longest that fits comes first."""
    if path in claims:
        yield claims[path]
    for dot in reversed([at for at, letter in enumerate(path) if letter == "."]):
        inner = claims.get(path[:dot])
        if isinstance(inner, Mapping):
            yield from _at(inner, path[dot + 1 :])


def _by_reference(claims: Claims, path: str) -> bool:
    """OpenID Connect Core, 5.6.2: said elsewhere, as Entra does with more than 200 groups."""
    elsewhere = claims.get("_claim_names")
    return isinstance(elsewhere, Mapping) and any(name == path or path.startswith(f"{name}.") for name in elsewhere)


def _texts(value: object) -> list[str]:
    """A list, or one value in its place, as several products send it."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _one(value: object) -> str | None:
    """None where there are several: none of them is the one."""
    texts = _texts(value)
    return texts[0] if len(texts) == 1 else None
