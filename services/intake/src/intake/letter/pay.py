"""What the work pays: every amount with its unit, and the other benefits by their words (R10)."""

from collections.abc import Iterator
from itertools import combinations

from .benefits import benefits_in, promised
from .facts import TypedFacts
from .money import Amount, typed_amounts
from .pay_roles import PayRole, of_others, pay_role, tells_pay
from .reading import Letter, Reading
from .report import YOUR_EMPLOYER, Problem
from .unpaid import says_unpaid
from .words import plain

_UNPAID = (
    "The letter says that the work is unpaid: CPT is not required then. If so, say it in the form; else the letter must "
    "state the pay."
)
_MOST_PARTS = 6


def compensation_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    if letter.any_reading(lambda reading: says_unpaid(reading.text)):
        return Problem(_UNPAID, YOUR_EMPLOYER)
    lacking = min((list(_lacking(typed.compensation, reading)) for reading in letter.readings), key=len)
    if not lacking:
        return None
    return Problem(f"The letter does not state the whole compensation: {'; '.join(lacking)}.", YOUR_EMPLOYER)


def compensation_doubt(letter: Letter, typed: TypedFacts) -> str:
    """The sentence in which an amount may be no pay of this work."""
    return min((_doubt(typed.compensation, reading) for reading in letter.readings), key=len)


def _lacking(typed: str, reading: Reading) -> Iterator[str]:
    """Each amount and each promise that the letter lacks, in words for the student."""
    amounts, benefits = typed_amounts(plain(typed)), benefits_in(typed)
    if not amounts and not benefits and not reading.amounts:
        yield f"it names no amount beside “{typed}”"
    for amount in amounts:
        if not _paid(amount, typed, reading) and not _computed(amount, amounts, typed, reading):
            yield _not_paid(amount, typed, reading)
    given = promised(reading.text, reading.sentences) if benefits else set()
    yield from (f"“{word}” is not promised in it" for benefit, word in benefits.items() if benefit not in given)


def _doubt(typed: str, reading: Reading) -> str:
    amounts = typed_amounts(plain(typed))
    for amount in amounts:
        stated = [one for one in reading.amounts if one.states(amount)]
        sure = [
            one
            for one in stated
            if _role(one, typed, reading) is PayRole.PAY and not (one.ranged and not amount.ranged)
        ]
        if stated and (not sure or _rivaled(sure, amounts, typed, reading)):
            return f"“{reading.sentences.quote(stated[0].start, stated[0].end)}”"
    return ""


def _rivaled(sure: list[Amount], typed: list[Amount], words: str, reading: Reading) -> bool:
    """Whether the letter names other pay as surely: a second rate of the same unit, or any where nothing governs this one."""
    rivals = [
        one
        for one in reading.amounts
        if not any(one.states(amount) for amount in typed)
        and _role(one, words, reading) is PayRole.PAY
        and (one.units or tells_pay(one, reading.text, reading.sentences, words))
        and not of_others(one, reading.text, reading.sentences)
        and not any(_same_pay(one, own) for own in reading.amounts if any(own.states(amount) for amount in typed))
    ]
    mine = [one for one in sure if tells_pay(one, reading.text, reading.sentences, words)]
    if not (rivals and mine):
        return bool(rivals)
    return any(
        tells_pay(one, reading.text, reading.sentences, words) and any(_rival(one, own) for own in mine)
        for one in rivals
    )


def _same_pay(one: Amount, own: Amount) -> bool:
    """Whether both come to the same: $2,000 a month is $24,000 a year."""
    return bool(one.units and own.units) and one.in_a_year() == own.in_a_year()


def _rival(one: Amount, own: Amount) -> bool:
    """Pay of the same unit, or in another currency."""
    return bool(one.units & own.units) or not own.units or one.currency != own.currency


def _paid(amount: Amount, typed: str, reading: Reading) -> bool:
    return any(one.states(amount) and _role(one, typed, reading) is not PayRole.OTHER for one in reading.amounts)


def _computed(amount: Amount, amounts: list[Amount], typed: str, reading: Reading) -> bool:
    """Whether it is a part of what the form states in all, and the letter states that."""
    others = [one for one in amounts if one is not amount and one.value > amount.value and _paid(one, typed, reading)]
    parts = [one.value for one in amounts[:_MOST_PARTS] if one is not amount]
    sums = {sum(some) + amount.value for size in range(1, len(parts) + 1) for some in combinations(parts, size)}
    return any(
        one.value in sums or one.value % amount.value == 0 for one in others if amount.value and not amount.units
    )


def _not_paid(amount: Amount, typed: str, reading: Reading) -> str:
    written = plain(typed)[amount.start : amount.end].strip()
    unit = f" {next(iter(amount.units))}" if amount.units else ""
    named = f"“{written}”{unit and f' with the unit “{unit.strip()}”'}"
    stated = next((one for one in reading.amounts if one.states(amount)), None)
    if stated:
        return f"{named} stands there as something else: “{reading.sentences.quote(stated.start, stated.end)}”"
    same = [one for one in reading.amounts if one.units & amount.units and _role(one, typed, reading) is PayRole.PAY]
    nearest = f"; it states {reading.text[same[0].start : same[0].end].strip()}" if same else ""
    return f"{named} is not in it{nearest}"


def _role(amount: Amount, typed: str, reading: Reading) -> PayRole:
    return pay_role(amount, reading.lower, reading.sentences, typed.lower())
