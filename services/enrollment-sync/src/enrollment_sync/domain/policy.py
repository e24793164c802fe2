"""Where the office's rules could differ from our reading, one named setting each."""

from dataclasses import dataclass
from decimal import Decimal

from enrollment_sync.domain.codes import Codes


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers are units; `codes`: the version in force."""

    codes: Codes
    credit_minimum: Decimal = Decimal(1)
    undergraduate_full_load: Decimal = Decimal(12)
    graduate_full_load: Decimal = Decimal(9)
    graduate_coop_exempt: bool = True
    summer_coop_exempt: bool = False
