"""Finding a typed address in a letter: each part in any usual spelling, the region beside its city."""

import re
from collections.abc import Iterator
from dataclasses import replace

from .facts import Address
from .numbers import with_digits
from .spelling import ADDRESS_WORDS, region_spellings
from .words import Words, listed, plain, tokens_of

_UNIT = re.compile(
    r"[,\s]*(?:\b(?:suite|ste|unit|apt|apartment|floor|fl|room|rm|building|bldg|mail ?stop|m/s)\b\.?|#)\s*#?\s*(?P<after>[\w-]+)"
    r"|[,\s]*\b(?P<before>\d+)(?:(?:st|nd|rd|th)\s+(?:floor|fl)\b\.?|/f\b|f\b)"
)
_LEVEL = re.compile(
    r"[,\s]*\b(?:(?:lower|upper|garden|street) level|ground (?:floor|fl)|basement|mezzanine|penthouse|rear)\b"
)
_PO_BOX = re.compile(r"\b(?:(?:post\s+office|p\.?\s*o\.?)\s*box|p\.?o\.?b\b\.?)", re.IGNORECASE)
_STATE_ROAD = re.compile(r"\b(?:state|u\.?s\.?|county) (?=(?:route|rte|rt|highway|hwy|road|rd)\b\.? \d)", re.IGNORECASE)
_STRASSE = re.compile(r"(?<=\w\w\w)(?:stra(?:ss|\u00df)e\.?|str\.)(?=[\s,]|$)|(?<=\w\w\w)str(?= \d)", re.IGNORECASE)
_WORDS_OF_SENTENCES = frozenset(listed("in or me hi ok oh de la id al as mt co pa"))
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_POSTAL_CODE = re.compile(r"^\d{5}$")
_WORK_PLACE = frozenset(
    listed("work working works worksite workplace location locations located site report reporting")
)
_LEADING = frozenset(listed("at office offices headquarters lab laboratory facility plant shop warehouse desk"))
_SEAT = re.compile(r"\b(?:corporate|head|home|main|registered|executive) offices?$")  # a letterhead's, not a sentence's
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_] ){3,}[^\W_](?![^\W_])")
_PARTS = re.compile(rf"\d+|{'|'.join(word for word in ADDRESS_WORDS if len(word) > 3)}", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:\d+[\w-]*|one|two|three|five|ten) +(?!(?:floor|fl)\b)[^\W\d]{2,}|\d+\w? [NSEW]\.? ", re.IGNORECASE
)
_UNIT_REACH = 10  # words between a street and the suite that belongs to it, in either direction
_REGION_REACH = 4  # words between a city and its region: labels of a table


def address_words(text: str) -> Words:
    return Words(_spelled(text), ADDRESS_WORDS)


def _spelled(text: str) -> str:
    text = _STRASSE.sub(" st ", _STATE_ROAD.sub("", _PO_BOX.sub("pobox", text)))
    return with_digits(_joined_letters(text).casefold())


def _joined_letters(text: str) -> str:
    """Stationery sets "S U I T E 1 7 0 0" in spaced letters; a blank then parts digits and the words of addresses."""
    return _SPACED.sub(lambda run: _PARTS.sub(r" \g<0> ", f" {run[0].replace(' ', '')} "), text)


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
    street, beside = street_and_beside(str(plain(street)))
    typed = _spelled(street)
    units = [found["after"] or found["before"] for found in _UNIT.finditer(typed)]
    units += [one for part in beside for one in _units_of(_spelled(part))]
    base = _UNIT.sub(" ", _LEVEL.sub("", typed)).strip(" ,") or typed
    return [place for place in words.places(base) if all(_unit_near(unit, place, words) for unit in units)]


def street_and_beside(street: str) -> tuple[str, list[str]]:
    """House number and street, and the building, unit or institute that people type before or after it."""
    parts = [part.strip() for part in street.split(",") if part.strip()]
    numbered = [part for part in parts if _NUMBERED.match(part)]
    if len(parts) < 2 or not numbered:
        return street, []
    return numbered[0], [part for part in parts if part is not numbered[0]]


def _units_of(part: str) -> list[str]:
    """What must stand near the street: the number of a unit, else each word of a building's name."""
    units = [found["after"] or found["before"] for found in _UNIT.finditer(part)]
    return units or [] if _LEVEL.search(part) else units or tokens_of(part)


def as_compared(address: Address, employer: str) -> Address:
    """Without what people type twice: the employer's name before the street, the region after the city."""
    street, city = str(plain(address.street)), " ".join(plain(address.city).replace(",", " ").split())
    first, comma, rest = street.partition(",")
    if comma and re.search(r"\d", rest) and tokens_of(first) == tokens_of(employer):
        street = rest.strip()
    for region in region_spellings(address.region) if address.region else []:
        if city.casefold().endswith(f" {region.casefold()}"):
            city = city[: -len(region)].strip(" ,")
    city = "New York" if city.casefold() in {"new york city", "nyc"} else city
    return replace(address, street=street or address.street, city=city)


def same_place(one: Address, other: Address) -> bool:
    """Also where only one of them names the building that stands there."""
    return _spoken(one) == _spoken(other) or _spoken(_without_building(one)) == _spoken(_without_building(other))


def _without_building(address: Address) -> Address:
    street, beside = street_and_beside(str(plain(address.street)))
    units = [part for part in beside if re.search(r"\d", part)]
    return replace(address, street=", ".join([street, *units]))


def _spoken(address: Address) -> list[str]:
    """In no order: "Floor 3" is "3rd floor"."""
    words = tokens_of(with_digits(f"{address.street} {address.city}".casefold()), ADDRESS_WORDS)
    return sorted(_ORDINAL.sub("", word) for word in words)


def mailing_places(address: Address, words: Words, employer: str) -> list[tuple[int, int]]:
    """Where the street stands other than as the place of the work; the employer may be called Something Works."""
    telling = _WORK_PLACE.difference(tokens_of(employer))
    places = street_places(address.street, words)
    return [(first, end) for first, end in places if telling.isdisjoint(words.tokens[max(0, first - 4) : first])]


def told_as_work_place(place: tuple[int, int], words: Words, employer: str) -> bool:
    """Whether a sentence leads to this street, as "our office at 14 Federal Street" does and a letterhead does not.

    Words of the employer's own name, as in Granite Works, tell nothing.
    """
    own = frozenset(tokens_of(employer))
    before = words.tokens[max(0, place[0] - 4) : place[0]]
    leading = frozenset() if _SEAT.search(" ".join(before)) else _LEADING - own
    return not ((_WORK_PLACE - own).isdisjoint(before) and leading.isdisjoint(before[-2:]))


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
    if address.city == "New York" and "NY" in spellings and "New York City" in words:
        return True
    if not (address.domestic or len(spellings) > 1) or not address.city:
        return any(name in words for name in spellings)
    wanted = {"".join(tokens_of(name, ADDRESS_WORDS)) for name in spellings}
    return not wanted.isdisjoint(_beside_city(address.city, words))


def _beside_city(city: str, words: Words) -> Iterator[str]:
    """Each run of one to four words that begins shortly after the city, and a code before it as in "MA-Springfield"."""
    for start, end in words.places(city):
        yield from (word for word in words.tokens[max(0, start - 1) : start] if word not in _WORDS_OF_SENTENCES)
        for first in range(end, end + _REGION_REACH):
            yield from ("".join(words.tokens[first : first + length]) for length in range(1, 5))


def _postal_code_found(address: Address, words: Words) -> bool:
    """An untyped one is not compared, yet a domestic address without any in the letter is incomplete (case 29)."""
    if not address.postal_code:
        return not address.domestic or any(postal_code_after(place, words) for place in words.places(address.city))
    if address.domestic:
        return tokens_of(address.postal_code)[0] in words.tokens
    return address.postal_code in words
