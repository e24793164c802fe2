"""How strongly staff must have signed in, where an installation asks for it (`acr` and `amr` of OpenID Connect)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cpt.web.person import Person

STAFF = frozenset({"adviser", "director", "compliance", "operations"})


@dataclass(frozen=True)
class Strength:
    """`acr` are the classes of which one is enough, `amr` the method that must be among those used; empty: any."""

    acr: tuple[str, ...] = ()
    amr: str = ""

    def suffices(self, person: Person, claims: Mapping[str, Any]) -> bool:
        """Students and machines are never asked for more."""
        if person.roles.isdisjoint(STAFF):
            return True
        methods = claims.get("amr")
        used = methods if isinstance(methods, list) else []
        return (not self.acr or claims.get("acr") in self.acr) and (not self.amr or self.amr in used)

    def must_be_shown_anew(self, gained: frozenset[str]) -> bool:
        """Whoever becomes staff while signed in has proven nothing yet."""
        return bool(self.acr or self.amr) and not gained.isdisjoint(STAFF)
