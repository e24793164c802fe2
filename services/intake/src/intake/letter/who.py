"""Who offers the work: the employer's name, its letterhead and its mailing address (R2, R3)."""

import re
from collections.abc import Iterator

from cpt.campus.employers import LEGAL_FORMS

from .address import address_words, goes_on_to_postal_code, mailing_places, missing_parts, same_place, street_places
from .facts import Address, TypedFacts
from .place_roles import labelled, street_mentions
from .reading import Letter, Reading
from .report import YOUR_EMPLOYER, Problem
from .words import Words, plain, tokens_of

_OTHER_NAME = re.compile(r"\(|\bd/?b/?a\b|\bdoing business as\b", re.IGNORECASE)

_CLIENT = re.compile(
    r"\b(?:(?:end[- ])?clients?|customers?|end[- ]users?|vendors?)\b[^.;|\u00b6]{0,25}$|\bnot (?:an? )?(?:employee|employed)\b[^.;|]{0,20}$",
    re.IGNORECASE,
)

_EMPLOYED_BY = re.compile(
    r"\b(?:on behalf of|join(?:ing)?|(?:employ(?:ment|ed)|intern(?:ship)?|position|job|work(?:ing)?|placement|appointment|role)\b[\w ,-]{0,25}? (?:at|with|by|for|of)"
    r"|employer(?: of record)?|company|organi[sz]ation|agency|welcome to|between|from|we at|offer (?:from|of|by))[:| ]* ?(?:the )?$",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r",? ?(?:\([^)]*\)|,? ?(?:inc|llc|ltd|corp|gmbh|llp|co)\b\.?)*,? ?(?:is|are|has|have|would|will|offers?|invites?|engages?|employs?|hires?|confirms?"
    r"|appoints?|agrees?|selected|accepts?|intends?|hereby|wishes|takes|extends)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\n(?:(?:dear|hello|hi|hey|to whom|yo)\b|(?!(?:from|sent|date|subject): )[^\n]*[a-z]{2}: ?[A-Z\d]|(?-i:(?:(?! {3})[^\n]){60,}[a-z]{2}\.(?:\s|$)))",
    re.IGNORECASE,
)
_A_CLIENT = re.compile(
    r",? (?:\(|which is |is |as )?(?:one of )?(?:our|a|the) (?:\w+ )?(?:(?:end[- ])?clients?|customers?|partners?|vendors?)\b",
    re.IGNORECASE,
)


def employer_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    if letter.any_reading(lambda reading: named_in(typed.employer, reading.words)):
        return None
    return Problem(f"The letter does not name {typed.employer}.", YOUR_EMPLOYER)


def employer_doubt(letter: Letter, typed: TypedFacts) -> str:
    """The sentence that calls the name a client's, or the first that names it where neither head nor words make it the employer.

    An agency that places the student is the employer then.
    """
    told = [
        (reading, start, end)
        for reading in letter.readings
        for start, end in name_mentions(typed.employer, reading.text)
    ]
    quotes = [
        f"“{reading.sentences.quote(start, end)}”" for reading, start, end in told if _of_client(reading, start, end)
    ]
    if quotes or not told or _heads(letter, typed) or any(_employs(*one) for one in told):
        return quotes[0] if quotes else ""
    reading, start, end = told[0]
    return f"“{reading.sentences.quote(start, end)}”"


def _of_client(reading: Reading, start: int, end: int) -> bool:
    before, after = reading.text[max(reading.sentences.start(start), start - 40) : start], reading.text[end:]
    return bool(_CLIENT.search(before) or _A_CLIENT.match(after))


def _employs(reading: Reading, start: int, end: int) -> bool:
    """Whether words around the name make it the one that offers the work."""
    before, after = reading.text[max(reading.sentences.start(start), start - 60) : start], reading.text[end : end + 60]
    return bool(_EMPLOYED_BY.search(before) or _OFFERS.match(after))


def _heads(letter: Letter, typed: TypedFacts) -> bool:
    """Whether the name stands in the letterhead, before the letter speaks to anybody, or in a running head or foot."""
    first, *later = letter.layout.letterhead()
    places = [_SPEAKS.split(f"\n{first}", maxsplit=1)[0], *later, *letter.layout.footers()]
    return any(named_in(typed.employer, Words(place)) or _alone(typed.employer, place) for place in places)


def name_mentions(employer: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the plain text writes the name, without Inc and the like."""
    name = re.compile(r"\W+(?:(?:and|the)\W+)?".join(map(re.escape, _core(employer))), re.IGNORECASE)
    return (found.span() for found in name.finditer(text))


def letterhead_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    """A name and address at the foot of the page make a letterhead too; a name alone there may be a signature."""
    heads = letter.layout.letterhead()
    if any(named_in(typed.employer, Words(head)) or _alone(typed.employer, head) for head in heads):
        return None
    if any(_is_letterhead(foot, typed) for foot in letter.layout.footers()):
        return None
    return Problem(
        f"The letter is not on company letterhead: {typed.employer} does not appear at the top of its first page "
        "or in a page header.",
        YOUR_EMPLOYER,
    )


def mailing_address_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    """The parts must stand together (case 29); a sentence that names the work place gives no mailing address."""
    address, of = typed.mailing_address, typed.employer or "the employer"
    if parts := fewest_missing(address, letter):
        lacking = " and ".join(parts)
        return Problem(f"The letter lacks the complete mailing address of {of}: not found: {lacking}.", YOUR_EMPLOYER)
    whole = letter.any_reading(lambda reading: _whole(address, reading.address_words))
    shared = any(same_place(address, place) for place in typed.work_locations)
    if whole and not (shared and letter.any_reading(lambda reading: _only_as_work_place(typed, reading))):
        return None
    return Problem(
        f"The letter does not show the complete mailing address of {of} in one place, with its postal code.",
        YOUR_EMPLOYER,
    )


def _whole(address: Address, words: Words) -> bool:
    places = street_places(address.street, words)
    return not address.street or any(goes_on_to_postal_code(address, place, words) for place in places)


def _only_as_work_place(typed: TypedFacts, reading: Reading) -> bool:
    """Where work place and mailing address are one, no whole mention may be left besides the one as work place."""
    address, words = typed.mailing_address, reading.address_words
    every, told = street_places(address.street, words), list(street_mentions(address.street, reading.text))
    if told and all(labelled(reading.text, start) for start, _ in told):
        return True
    mailing = mailing_places(address, words, typed.employer)
    whole = [place for place in mailing if goes_on_to_postal_code(address, place, words)]
    return len(mailing) < len(every) and not whole


def named_in(employer: str, words: Words) -> bool:
    names = {_core(employer), _core(_OTHER_NAME.split(employer)[0])}
    return any(_stands_in(name, words) for name in names if name) or _in_parts(employer, words)


def _in_parts(employer: str, words: Words) -> bool:
    """A department and what it belongs to stand in any order, on lines of their own."""
    parts = [_core(part) for part in employer.split(",") if not LEGAL_FORMS.issuperset(tokens_of(part))]
    return len(parts) > 1 and all(len(part) > 1 and _stands_in(part, words) for part in parts)


def _alone(employer: str, place: str) -> bool:
    """Stationery may set a name in small letters; alone on its line it is no other word."""
    name = list(_core(employer))
    return any(tokens_of(line) in (name, tokens_of(plain(employer))) for line in place.split("\n"))


def fewest_missing(address: Address, letter: Letter) -> list[str]:
    return min((missing_parts(address, reading.address_words) for reading in letter.readings), key=len)


def _core(employer: str) -> tuple[str, ...]:
    """The name without Inc, LLC and the like, which a letter and a form seldom write alike."""
    tokens = tokens_of(plain(employer))
    if tokens[:1] == ["saint"]:
        tokens[0] = "st"
    while len(tokens) > 1 and tokens[-1] in LEGAL_FORMS:
        tokens.pop()
    return tuple(tokens)


def _stands_in(name: tuple[str, ...], words: Words) -> bool:
    """A name of one word, such as Target, must be capitalized somewhere to be a name and not the word."""
    if len(name) == 1:
        return name[0] in words and words.capitalized(words.as_written(name[0]))
    return any(" ".join(one) in words for one in _spellings(name))


def _spellings(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield name
    for short, long in (
        ("st", "saint"),
        ("univ", "university"),
        ("natl", "national"),
        ("intl", "international"),
        ("mt", "mount"),
    ):
        yield tuple(long if word == short else word for word in name)
        yield tuple(short if word == long else word for word in name)


def _is_letterhead(foot: str, typed: TypedFacts) -> bool:
    missing = missing_parts(typed.mailing_address, address_words(foot))
    return named_in(typed.employer, Words(foot)) and "street" not in missing and "city" not in missing
