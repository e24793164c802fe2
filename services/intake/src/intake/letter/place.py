"""Where the work is: the street, city and region of every work place (R9, A21, case 29)."""

import re
from dataclasses import replace

from cpt.campus.university import HERE

from .address import (
    city_places,
    postal_code_after,
    same_place,
    street_and_beside,
    street_places,
    told_as_work_place,
)
from .date_forms import MONTH_NAMES
from .facts import Address, TypedFacts
from .place_roles import (
    before_greeting,
    denied,
    greeted,
    led_elsewhere,
    led_to,
    other_streets,
    street_mentions,
    told_more_surely,
    works_at,
)
from .reading import Letter, Reading
from .report import YOU, YOUR_EMPLOYER, Problem
from .who import fewest_missing
from .words import Words

_NO_PLACE = re.compile(
    r"\b(?:remote(?:ly)?|virtual(?:ly)?|hybrid|telework|work from home|wfh|anywhere|various|tb[da]|p\.? ?o\.? ?box)\b",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"\b(?:remote(?:ly)?|work(?:ing)? from home|telework|virtual(?:ly)?)\b", re.IGNORECASE)
_PLACE_NAMED = re.compile(
    r"\b(?:on-?site|in[ -]person|address above|above address|same address|our address|as above"
    r"|(?:at|in|from|out of) our (?:\w+ ){0,4}(?:office|facility|lab|laboratory|site|campus|plant|headquarters|location)s?)\b",
    re.IGNORECASE,
)
_IN_CITY = re.compile(r",? (?:in|at) ([A-Z]\w+)")
_DATELINE = re.compile(rf"(?:{MONTH_NAMES}) \d|\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTH_NAMES})\b")
_ADDRESS_SPAN = 8  # words from a street to the city of the same address


def location_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    problems = (_problem_at(place, letter, typed) for place in typed.work_locations)
    return next((problem for problem in problems if problem), None)


def _problem_at(place: Address, letter: Letter, typed: TypedFacts) -> Problem | None:
    if _NO_PLACE.search(place.street) and not re.search(r"\d+ \w", place.street):
        return Problem(f"“{place.street}” is no work location: type the address at which you will work.", YOU)
    parts = fewest_missing(replace(place, postal_code="", country=place.country or "US"), letter)
    parts = [part for part in parts if part != "postal code"]
    if parts:
        return Problem(
            f"The letter does not state the work location: not found are its {', '.join(parts)}.{_instead(place, letter)}",
            YOUR_EMPLOYER,
        )
    if quote := _only_elsewhere(place, letter):
        return Problem(f"The letter names {place.street} not as the work location: “{quote}”", YOUR_EMPLOYER)
    if same_place(place, typed.mailing_address) and not letter.any_reading(
        lambda reading: _named_as_work_place(place, typed.employer, reading)
    ):
        return Problem(
            "The letter gives a mailing address, but does not say where the work takes place.", YOUR_EMPLOYER
        )
    return None


def _instead(place: Address, letter: Letter) -> str:
    """The nearest candidate: another address to which the letter leads."""
    reading = letter.written
    elsewhere = led_elsewhere(reading.text, reading.sentences, [place.street])
    return f" It leads to another place: “{reading.sentences.quote(*elsewhere)}”" if elsewhere else ""


def location_doubt(letter: Letter, typed: TypedFacts) -> str:
    """The words around an address that may be the student's own, at the head of the letter, or those that lead elsewhere."""
    for place in typed.work_locations:
        told = [(reading, one) for reading in letter.readings for one in street_mentions(place.street, reading.text)]
        if told and all(before_greeting(reading.text, *one, typed.employer) for reading, one in told):
            reading, one = told[0]
            return f"“{reading.sentences.quote(*one)}”"
    streets = [place.street for place in typed.work_locations]
    if other := told_more_surely(letter.written.text, letter.written.sentences, streets):
        return f"“{letter.written.sentences.quote(*other)}”"
    elsewhere = [led_elsewhere(reading.text, reading.sentences, streets) for reading in letter.readings]
    if all(elsewhere) and elsewhere[0]:
        return f"“{letter.readings[0].sentences.quote(*elsewhere[0])}”"
    return _only_named(typed, letter.written)


def _only_named(typed: TypedFacts, reading: Reading) -> str:
    """Where words such as "our headquarters at" name the typed street, and another street stands in the letter, too."""
    streets = [place.street for place in typed.work_locations]
    own = [span for street in streets for span in street_mentions(street, reading.text)]
    mailing = set(street_mentions(typed.mailing_address.street, reading.text))
    starts = {start for start, _ in mailing}
    others = other_streets(reading.text, streets)
    led = [at for at, _ in others if at not in starts or led_to(reading.text, reading.sentences.start(at), at)]
    if not own or not led:
        return ""
    if any(works_at(reading.text, reading.sentences.start(start), *span) for span in own for start in span[:1]):
        return ""
    return f"“{reading.sentences.quote(*own[-1])}”"


def _only_elsewhere(place: Address, letter: Letter) -> str:
    """The sentence that denies the street, unless another leads to it; or where each is the address of the person greeted."""
    told = [(reading, one) for reading in letter.readings for one in street_mentions(place.street, reading.text)]
    starts = [(reading, one, reading.sentences.start(one[0])) for reading, one in told]
    if any(led_to(reading.text, sentence, one[0]) for reading, one, sentence in starts):
        return ""
    refused = [(reading, one) for reading, one, sentence in starts if denied(reading.text, sentence, one[0])]
    if not refused and told and all(greeted(reading.text, one[0]) for reading, one in told):
        refused = told
    return refused[0][0].sentences.quote(*refused[0][1]) if refused else ""


def _named_as_work_place(place: Address, employer: str, reading: Reading) -> bool:
    """Where work place and mailing address are one, the letterhead alone names no work place."""
    words = reading.address_words
    streets = street_places(place.street, words)
    if len(streets) > 1 or any(told_as_work_place(street, words, employer) for street in streets):
        return True
    if _street_named_again(place, streets, words, employer):
        return True
    if _REMOTE.search(reading.text):
        return False
    cities = [city for city in city_places(place.city, words) if not _inside(city, [*streets, *words.places(employer)])]
    of_address = [city for _, end in streets for city in cities if 0 <= city[0] - end <= _ADDRESS_SPAN][:1]
    return _named_by_words(place, reading.text) or any(
        city not in of_address and _stands_alone(city, words) for city in cities
    )


def _named_by_words(place: Address, text: str) -> bool:
    """As "at our office" does; "at our office in Lima" names another place."""
    for found in _PLACE_NAMED.finditer(text):
        there = _IN_CITY.match(text, found.end())
        if not there or place.city.casefold().startswith(there[1].casefold()):
            return True
    return False


def _street_named_again(place: Address, streets: list[tuple[int, int]], words: Words, employer: str) -> bool:
    """A sentence names its building, or the street without its number ("on Canal Street"); the employer's own name does not."""
    street, beside = street_and_beside(place.street)
    if any(len(words.places(building)) > 1 for building in beside if not re.search(r"\d", building)):
        return True
    name = re.sub(r"^\d+[a-z]?\s+", "", street.strip(), flags=re.IGNORECASE)
    if name == place.street or len(name.split()) < 2:
        return False
    known = [*streets, *words.places(employer), *words.places(_core_words(employer))]
    return any(not _inside(again, known) for again in words.places(name))


def _core_words(employer: str) -> str:
    return re.sub(r",? (?:inc|llc|ltd|corp|co)\b\.?", "", employer, flags=re.IGNORECASE)


def _inside(city: tuple[int, int], names: list[tuple[int, int]]) -> bool:
    """Whether the words are but a part of a street's or the employer's name."""
    return any(first < city[1] and city[0] < end for first, end in names)


def _stands_alone(city: tuple[int, int], words: Words) -> bool:
    """Whether this mention of the city is no part of another address, of the university's name, or of "Stamford, March 12"."""
    following = words.tokens[city[1] : city[1] + 3]
    if any(_DATELINE.match(" ".join(following[:length])) for length in (2, 3)):
        return False
    return not postal_code_after(city, words) and HERE.get().letter_words.isdisjoint(
        words.tokens[max(0, city[0] - 3) : city[0]]
    )
