"""What the work is: its title, duties and hours a week (R4, R5, R6)."""

import re
from decimal import Decimal

from .clauses import Governed, governed
from .facts import TypedFacts
from .hours import HOURS_OF_A_WEEK, Hours
from .reading import Letter, Reading
from .report import YOU, YOUR_EMPLOYER, Problem
from .titles import Mention, mentions
from .words import listed, overlap, plain, stem, stems, tokens_of

_SMALL_WORDS = frozenset(
    listed(
        "a an of in on at to for from with by as or is are be will i my we our you your their its it this that these those "
        "who which not also etc including include includes such all any other"
    )
)
_DUTIES_SHARE = 0.5
_NAMED_WORDS = 5
_BY_WEEK = re.compile(
    r"(?: of (?:service|work|duty))?[ ,()]*(?:(?:per|/|an?|each|every|in an?|\w+ a) ?)?[ -]?(?:work ?)?(?:week|wk)"
)
_OF_WEEK = re.compile(r"\b(?:week\w*|wk|workweek)\b[^,;.\d]*$")
_NEAR = 40  # characters
_SIGNS = frozenset("+#")
_NAMED_TITLE = re.compile(
    r"\b(?:[Tt]itle|[Pp]osition|[Rr]ole)(?: of| is| will be|:| \|)+ (?P<title>[A-Z][\w&/-]*(?:,? [A-Z(][\w&/)-]*){0,5})"
)


def job_title_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    if letter.any_reading(lambda reading: bool(_titles(typed.job_title, reading))):
        return None
    if _stands_apart(letter, typed.job_title):
        return None
    return Problem(
        f"The letter does not state the job title “{typed.job_title}”.{_other_title(letter, typed)}", YOUR_EMPLOYER
    )


def job_title_doubt(letter: Letter, typed: TypedFacts) -> str:
    """A title of the same family, or words of the title that may be no title."""
    stated = [(reading, one) for reading in letter.readings for one in _titles(typed.job_title, reading)]
    if not stated or any(one.same and one.sure for _, one in stated):
        return ""
    reading, one = next(((reading, one) for reading, one in stated if one.sure or one.told), stated[0])
    return f"“{reading.sentences.quote(one.start, one.end)}”"


def _titles(title: str, reading: Reading) -> list[Mention]:
    """Where the letter may give this title to this work."""
    return [
        one
        for one in mentions(plain(title), reading.text, reading.title_words, reading.sentences)
        if not one.others and (one.told or one.same)
    ]


def _stands_apart(letter: Letter, title: str) -> bool:
    """Whether only its spacing differs, as of "Front-End" and "Frontend"; "C" is not "C++"."""
    if not _SIGNS.isdisjoint(title) or _mentions(letter, title):
        return False
    return letter.any_reading(lambda reading: title in reading.words)


def _mentions(letter: Letter, title: str) -> list[tuple[Reading, Mention]]:
    return [
        (reading, one)
        for reading in letter.readings
        for one in mentions(plain(title), reading.text, reading.title_words, reading.sentences)
    ]


def _other_title(letter: Letter, typed: TypedFacts) -> str:
    """The nearest candidate, and why it was not taken."""
    if others := _mentions(letter, typed.job_title):
        reading, one = others[0]
        return f" These words stand there as something else: “{reading.sentences.quote(one.start, one.end)}”"
    named = _NAMED_TITLE.search(letter.written.text)
    return f" It names “{named['title'].strip(' ,')}”." if named else ""


def duties_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    """Words of the title and the employer prove no duties, since they stand in every letter."""
    elsewhere = {*_SMALL_WORDS, *tokens_of(typed.job_title), *tokens_of(typed.employer)}
    wanted = stems(typed.duties, unless=elsewhere) or stems(typed.duties)
    span = 2 * len(tokens_of(typed.duties)) + 30
    if letter.any_reading(lambda reading: overlap(wanted, reading.stems, span) >= _DUTIES_SHARE):
        return None
    told = {word for reading in letter.readings for word in reading.stems}
    lacking = [word for word in tokens_of(typed.duties) if word not in elsewhere and stem(word) not in told]
    named = f" Not found are, among others: {', '.join(dict.fromkeys(lacking[:_NAMED_WORDS]))}." if lacking else ""
    return Problem(f"The letter does not describe the duties that the form describes.{named}", YOUR_EMPLOYER)


def hours_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    wanted = typed.hours_per_week
    assert wanted is not None
    if matching_reading(letter, wanted):
        return None
    reading = letter.written if letter.written.hours else letter.rows
    stated = [hours for hours in reading.hours if not hours.other]
    if not stated:
        return Problem(f"The letter does not state the hours per week as a number.{_beside(reading)}", YOUR_EMPLOYER)
    top = max(stated_numbers(stated))
    if any(hours.low <= wanted < hours.high for hours in stated):
        return Problem(f"The letter gives a range of hours per week; type its maximum, {top}, into the form.", YOU)
    said = next(hours for hours in stated if top in {hours.high, hours.low})
    quote = reading.sentences.quote(said.start, said.end)
    return Problem(f"The letter states {top} hours per week, the form {wanted}: “{quote}”", YOUR_EMPLOYER)


def _beside(reading: Reading) -> str:
    """The hours that were found and why they are none of this work."""
    if not reading.hours:
        return ""
    said = reading.hours[0]
    quote = reading.sentences.quote(said.start, said.end)
    if said.high > HOURS_OF_A_WEEK:
        return f" {said.high} hours are more than a week has: “{quote}”"
    return f" These are other hours: “{quote}”"


def hours_doubt(letter: Letter, typed: TypedFacts) -> str:
    """The sentence that may only set a limit, where no other states the hours."""
    wanted = typed.hours_per_week
    reading = wanted is not None and matching_reading(letter, wanted)
    if not reading:
        return ""
    of_work = [hours for hours in reading.hours if not hours.other]
    same = [hours for hours in of_work if wanted in {hours.high, hours.low}]
    rivals = [hours for hours in of_work if wanted not in {hours.high, hours.low} and not hours.unclear]
    clear = [hours for hours in same if not hours.unclear]
    if not same or (clear and not rivals):
        return ""
    if any(_governed(hours, reading) for hours in clear) and not any(_governed(hours, reading) for hours in rivals):
        return ""
    return f"“{reading.sentences.quote(same[0].start, same[0].end)}”"


def _governed(hours: Hours, reading: Reading) -> bool:
    """Whether they are told by the week, of the student or this work."""
    text = reading.lower
    near = text[max(reading.sentences.start(hours.start), hours.start - _NEAR) : hours.start]
    by_week = _BY_WEEK.match(text, hours.end) or _OF_WEEK.search(near) or "week" in text[hours.start : hours.end]
    return bool(by_week) and governed(reading.text, reading.sentences, hours.start, hours.end) is Governed.BY_WORK


def matching_reading(letter: Letter, wanted: Decimal) -> Reading | None:
    return next((reading for reading in letter.readings if wanted in stated_numbers(reading.hours)), None)


def stated_numbers(stated: list[Hours]) -> set[Decimal]:
    """The maximum of each range counts (A14); a lower bound only where nothing else is stated."""
    of_work = [hours for hours in stated if not hours.other]
    tops = {hours.high for hours in of_work if not hours.at_least}
    return tops or {hours.low for hours in of_work}
