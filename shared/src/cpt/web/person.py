"""A person or machine as the OIDC issuer describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cpt.contracts.attributes import is_key
from cpt.contracts.characters import visible

ROLES = frozenset({"student", "adviser", "director", "compliance", "operations", "registrar", "handshake"})


@dataclass(frozen=True)
class Person:
    """`sub` is the EMPLID of a student; what is personal stays out of the repr, and so out of logs."""

    sub: str = field(repr=False)
    roles: frozenset[str]
    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)

    @classmethod
    def of_claims(cls, claims: Mapping[str, Any]) -> Self:
        """`sub` has been checked; roles this system does not know are left out."""
        roles = claims.get("roles")
        known = ROLES.intersection(filter(_is_text, roles)) if isinstance(roles, list) else frozenset[str]()
        return cls(claims["sub"], known, _text(claims.get("name")), _text(claims.get("email")))

    def to_claims(self) -> dict[str, Any]:
        return {"sub": self.sub, "roles": sorted(self.roles), "name": self.name, "email": self.email}

    def actor(self) -> str | None:
        """What logs may call them: nothing, where `sub` may be an EMPLID."""
        return self.sub if self.roles and "student" not in self.roles else None

    def has(self, *roles: str) -> bool:
        """Whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _text(value: object) -> str | None:
    """A claim other than the account name; None where it cannot be stored or shown."""
    text = visible(value).strip() if isinstance(value, str) else ""
    return text if is_key(text) else None
