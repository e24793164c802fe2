"""Finding a typed address in a letter: each part in any usual spelling, the region beside its city."""

import re
from collections.abc import Iterator

from .facts import Address
from .numbers import with_digits
from .spelling import ADDRESS_WORDS, region_spellings
from .words import Words, listed, plain, tokens_of

_UNIT = re.compile(
    r"[,\s]*(?:\b(?:suite|ste|unit|apt|apartment|floor|fl|room|rm)\b\.?|#)\s*#?\s*(?P<after>[\w-]+)"
    r"|[,\s]*\b(?P<before>\d+)(?:st|nd|rd|th)\s+(?:floor|fl)\b\.?"
)
_PO_BOX = re.compile(r"\b(?:post\s+office|p\.?\s*o\.?)\s*box\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_POSTAL_CODE = re.compile(r"^\d{5}$")
_WORK_PLACE = frozenset(
    listed("work working works worksite workplace location locations located site report reporting")
)
_LEADING = frozenset(listed("at office offices headquarters lab laboratory facility plant shop warehouse desk"))
_UNIT_REACH = 10  # words between a street and the suite that belongs to it, in either direction
_REGION_REACH = 4  # words between a city and its region: labels of a table


def address_words(text: str) -> Words:
    return Words(with_digits(_PO_BOX.sub("pobox", text).casefold()), ADDRESS_WORDS)


def missing_parts(address: Address, words: Words) -> list[str]:
    """The typed parts of the address that the words do not hold, named as in the form."""
    checks = {
        "street": not address.street or bool(street_places(address.street, words)),
        "city": not address.city or address.city in words,
        "state or region": not address.region or _region_found(address, words),
        "postal code": _postal_code_found(address, words),
    }
    return [part for part, found in checks.items() if not found]


def street_places(street: str, words: Words) -> list[tuple[int, int]]:
    """Where the street stands; a suite or floor may stand before or after it."""
    typed = with_digits(_PO_BOX.sub("pobox", plain(street)).casefold())
    units = [found["after"] or found["before"] for found in _UNIT.finditer(typed)]
    base = _UNIT.sub(" ", typed).strip(" ,") or typed
    return [place for place in words.places(base) if all(_unit_near(unit, place, words) for unit in units)]


def same_place(one: Address, other: Address) -> bool:
    return _spoken(one) == _spoken(other)


def _spoken(address: Address) -> list[str]:
    return tokens_of(with_digits(f"{address.street} {address.city}".casefold()), ADDRESS_WORDS)


def mailing_places(address: Address, words: Words, employer: str) -> list[tuple[int, int]]:
    """Where the street stands other than as the place of the work; the employer may be called Something Works."""
    telling = _WORK_PLACE.difference(tokens_of(employer))
    places = street_places(address.street, words)
    return [(first, end) for first, end in places if telling.isdisjoint(words.tokens[max(0, first - 4) : first])]


def told_as_work_place(place: tuple[int, int], words: Words) -> bool:
    """Whether a sentence leads to this street, as "our office at 14 Federal Street" does and a letterhead does not."""
    before = words.tokens[max(0, place[0] - 4) : place[0]]
    return not (_WORK_PLACE.isdisjoint(before) and _LEADING.isdisjoint(before[-2:]))


def goes_on_to_postal_code(address: Address, place: tuple[int, int], words: Words) -> bool:
    """A postal code next to another mention of the city belongs to another address; elsewhere orders differ."""
    cities = [city for city in words.places(address.city) if 0 <= city[0] - place[1] <= _UNIT_REACH]
    if not (address.domestic and address.postal_code and cities):
        return True
    following = words.tokens[cities[0][1] : cities[0][1] + _REGION_REACH + 1]
    return tokens_of(address.postal_code)[0] in following


def city_places(city: str, words: Words) -> list[tuple[int, int]]:
    return words.places(city)


def postal_code_after(place: tuple[int, int], words: Words) -> bool:
    return any(_POSTAL_CODE.match(token) for token in words.tokens[place[1] : place[1] + _REGION_REACH])


def _unit_near(unit: str, place: tuple[int, int], words: Words) -> bool:
    near = words.tokens[max(0, place[0] - _UNIT_REACH) : place[1] + _UNIT_REACH]
    wanted = [_ORDINAL.sub("", token) for token in tokens_of(unit, ADDRESS_WORDS)]
    return all(any(_ORDINAL.sub("", token) == part for token in near) for part in wanted)


def _region_found(address: Address, words: Words) -> bool:
    """Two letters such as IN or OR are words of every sentence, so a domestic region counts only beside its city."""
    spellings = region_spellings(address.region)
    if not (address.domestic or len(spellings) > 1) or not address.city:
        return any(name in words for name in spellings)
    wanted = {"".join(tokens_of(name, ADDRESS_WORDS)) for name in spellings}
    return not wanted.isdisjoint(_after_city(address.city, words))


def _after_city(city: str, words: Words) -> Iterator[str]:
    """Each run of one to four words that begins shortly after the city."""
    for _, end in words.places(city):
        for first in range(end, end + _REGION_REACH):
            yield from ("".join(words.tokens[first : first + length]) for length in range(1, 5))


def _postal_code_found(address: Address, words: Words) -> bool:
    """An untyped one is not compared, yet a domestic address without any in the letter is incomplete (case 29)."""
    if not address.postal_code:
        return not address.domestic or any(postal_code_after(place, words) for place in words.places(address.city))
    if address.domestic:
        return tokens_of(address.postal_code)[0] in words.tokens
    return address.postal_code in words
