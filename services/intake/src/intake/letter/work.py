"""What the work is: its title, duties and hours a week (R4, R5, R6)."""

from decimal import Decimal
from itertools import permutations

from .facts import TypedFacts
from .hours import Hours
from .reading import Letter, Reading
from .report import YOU, YOUR_EMPLOYER, Problem
from .words import Words, listed, overlap, stems, tokens_of

_SMALL_WORDS = frozenset(
    listed(
        "a an of in on at to for from with by as or is are be will i my we our you your their its it this that these those "
        "who which not also etc including include includes such all any other"
    )
)
_DUTIES_SHARE = 0.5
_LONGEST_REORDERED_TITLE = 5


def job_title_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    if letter.any_reading(lambda reading: _titled(typed.job_title, reading.words)):
        return None
    return Problem(f"The letter does not state the job title “{typed.job_title}”.", YOUR_EMPLOYER)


def duties_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    """Words of the title and the employer prove no duties, since they stand in every letter."""
    elsewhere = {*_SMALL_WORDS, *tokens_of(typed.job_title), *tokens_of(typed.employer)}
    wanted = stems(typed.duties, unless=elsewhere) or stems(typed.duties)
    span = 2 * len(tokens_of(typed.duties)) + 30
    if letter.any_reading(lambda reading: overlap(wanted, reading.stems, span) >= _DUTIES_SHARE):
        return None
    return Problem("The letter does not describe the duties that the form describes.", YOUR_EMPLOYER)


def hours_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    wanted = typed.hours_per_week
    assert wanted is not None
    if matching_reading(letter, wanted):
        return None
    stated = letter.written.hours or letter.rows.hours
    if not stated:
        return Problem("The letter does not state the hours per week as a number.", YOUR_EMPLOYER)
    top = max(hours.high for hours in stated)
    if any(hours.low <= wanted < hours.high for hours in stated):
        return Problem(f"The letter gives a range of hours per week; type its maximum, {top}, into the form.", YOU)
    return Problem(f"The letter states {top} hours per week, the form {wanted}.", YOUR_EMPLOYER)


def matching_reading(letter: Letter, wanted: Decimal) -> Reading | None:
    return next((reading for reading in letter.readings if wanted in stated_numbers(reading.hours)), None)


def stated_numbers(stated: list[Hours]) -> set[Decimal]:
    """The maximum of each range counts (A14); a lower bound only where nothing else is stated."""
    tops = {hours.high for hours in stated if not hours.at_least}
    return tops or {hours.low for hours in stated}


def _titled(title: str, words: Words) -> bool:
    if title in words:
        return True
    tokens = [token for token in tokens_of(title) if token not in _SMALL_WORDS]
    short = len(tokens) <= _LONGEST_REORDERED_TITLE
    return short and any(" ".join(order) in words for order in permutations(tokens)) and bool(tokens)
