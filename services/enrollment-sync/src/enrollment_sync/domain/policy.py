"""Where the office's rules could differ from our reading, one named setting each."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers are units; courses are subject and catalog number without padding."""

    withdrawal_grades: frozenset[str] = frozenset({"W", "DR", "WP", "WF"})
    audit_bases: frozenset[str] = frozenset({"AUD"})
    continuous_numbers: frozenset[str] = frozenset({"999"})
    training_numbers: frozenset[str] = frozenset({"x98", "696"})
    coop_courses: frozenset[tuple[str, str]] = frozenset({("UMASS", "298C"), ("UMASS", "398C"), ("UMASS", "498C")})
    credit_minimum: Decimal = Decimal(1)
    undergraduate_full_load: Decimal = Decimal(12)
    graduate_full_load: Decimal = Decimal(9)
    graduate_coop_exempt: bool = True


STANDARD = Policy()
