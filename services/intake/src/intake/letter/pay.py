"""What the work pays: every amount with its unit, and the other benefits by their words (R10)."""

import re

from .facts import TypedFacts
from .money import Amount, typed_amounts
from .numbers import with_digits
from .reading import Letter, Reading
from .report import YOUR_EMPLOYER, Problem
from .unpaid import says_unpaid
from .words import listed, overlap, stems

_ITEMS = re.compile(r"[,;\n+&()]|\band\b|\bplus\b|\bwith\b|\. ")
_GENERIC = frozenset(
    listed(
        "percent a an of in on at to for from with by as or is are be will i my we our you your it this that per each every hour hours "
        "hourly day daily week weeks weekly biweekly bi month months monthly semi year years yearly annum annual annually "
        "annualized usd us dollar dollars eur euro euros gbp pound pounds cad paid pay payment payable rate wage wages salary "
        "salaried compensation gross before tax taxes hr hrs h wk mo yr p k no none n benefits other additional plus get "
        "receive also competitive approximately about total flat base"
    )
)
_BENEFIT_SHARE = 0.6
_UNPAID = (
    "The letter says that the work is unpaid: CPT is not required then. If so, say it in the form; else the letter must "
    "state the pay."
)


def compensation_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    if letter.any_reading(lambda reading: says_unpaid(reading.text)):
        return Problem(_UNPAID, YOUR_EMPLOYER)
    if letter.any_reading(lambda reading: _paid(typed.compensation, reading)):
        return None
    return Problem(f"The letter does not state the whole compensation “{typed.compensation}”.", YOUR_EMPLOYER)


def _paid(typed: str, reading: Reading) -> bool:
    amounts = typed_amounts(typed)
    benefits = [wanted for wanted in map(_benefit, _ITEMS.split(with_digits(typed.casefold()))) if wanted]
    if not amounts and not benefits:
        return bool(reading.amounts)
    return all(_stated(amount, reading) for amount in amounts) and all(_promised(item, reading) for item in benefits)


def _benefit(item: str) -> list[str]:
    return [word for word in stems(item, unless=_GENERIC) if not word[0].isdigit()]


def _stated(typed: Amount, reading: Reading) -> bool:
    return any(amount.states(typed) for amount in reading.amounts)


def _promised(benefit: list[str], reading: Reading) -> bool:
    return overlap(benefit, reading.stems, span=2 * len(benefit) + 30) >= _BENEFIT_SHARE
