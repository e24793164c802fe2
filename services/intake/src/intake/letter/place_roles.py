"""Whether a street in the letter may be the place of the work, or is denied, or is where the student lives (R9)."""

import re
from collections.abc import Iterator

from .address import street_and_beside
from .numbers import with_digits
from .sentences import Sentences
from .spelling import spellings
from .words import tokens_of

_DENIED = re.compile(
    r"\b(?:not|never|no longer)\b(?! (?:only|just|merely))[^.;,]{0,40}\b(?:at|in|from|to|on)\b[^.;,]{0,25}$",
    re.IGNORECASE,
)
_GREETED = re.compile(r"\b(?:dear|hello|hi) [\w .'-]{1,40}[,:] $", re.IGNORECASE)
_GREETING = re.compile(r".{0,70}\b(?:Dear|Hello|Hi|To [Ww]hom)\b")
_STREET = re.compile(
    r"\b\d{1,5}[A-Z]? (?:[NSEW]{1,2}\.? )?(?:(?:[A-Z0-9][\w.'-]*|d[aeu]|del|l[ae]|los|las|of|the|von|van) ){0,3}?(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Drive|Dr|Lane|Ln|Way|Place"
    r"|Plaza|Court|Ct|Square|Sq|Parkway|Pkwy|Highway|Hwy|Route|Rte|Broadway|Terrace|Circle|Park|Wharf|Pier|Center|Expressway|Turnpike|Trail|Walk|Row|Alley|Loop|Crossing|Landing|Run|Path|Pike|Quay)\b"
)
_LEADS = re.compile(
    r"\b(?:locations?|sites?|(?:place of )?work(?:place|site)?|working|based|located|stationed|offices?|facility|laboratory|lab|center|plant|garage"
    r"|shop|studio|warehouse|headquarters|campus|clinic|(?:duty )?station|physical address|address of employment|local(?= ?:)|report(?:ing)?|takes? place|perform\w*|premises|where)\b[^.;|]{0,50}$",
    re.IGNORECASE,
)
_WORKS_AT = re.compile(
    r"\b(?:work\w*|locations?|sites?|physical address|address of employment|local(?= ?:)|place|report\w*|based|stationed|station|desk|duty|perform\w*|where|you|your|intern\w*|assign\w*)\b[^.;|]{0,50}$|(?<!regd\. )(?<!registered )(?<!head )(?<!main )(?<!corporate )\b(?:office|studio|clinic|plant|lab|laboratory|shop|facility) ?[:|] $",
    re.IGNORECASE,
)
_SURELY = re.compile(
    r"\b(?:work (?:location|site|address)|worksite|place of work|workplace|duty station|report (?:to|for) work|(?:you|he|she)(?:'ll| will) (?:be )?work\w*)\b[^.;|]{0,60}$",
    re.IGNORECASE,
)
_WHERE = re.compile(r"[^.;]{0,70}\b(?:where you|you will work|on-?site)\b", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:dinner|luncheon|party|picnic|retreat|gala|conference|orientation|ceremony|reception|interview|open house|fair|hotel|apartments?)\b",
    re.IGNORECASE,
)
_ROW = re.compile(r"\u00b6 ?(?:[-*\u2022] )?[A-Za-z][\w /()'-]{1,38} ?[:|] $")
_MAILED = re.compile(
    r"\b(?:address|branch|operations|regd|registered|parent|main|corporate|mail\w*|headquarters|head office|hq|employer|company|office|from|organization|agency)\b",
    re.IGNORECASE,
)
_NEAR = 120  # characters before an address in which a letterhead names its employer


def street_mentions(street: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the first two words of the street stand: its house number with the beginning of its name, or "Plot 47"."""
    tokens = tokens_of(with_digits(street_and_beside(street)[0].casefold()))
    if len(tokens) > 1 and re.search(r"\d", street):
        first = tokens[0] if tokens[0][0].isdigit() else rf"{re.escape(tokens[0][:6])}\w*"
        second = "|".join(re.escape(word[:4]) for word in spellings(tokens[1]))
        for found in re.finditer(rf"\b{first}\W+(?:\w+\W+)?(?:{second})\w*", text, re.IGNORECASE):
            yield found.span()


def labelled(text: str, at: int) -> bool:
    """Whether a label of one line leads to it, such as "Desk:", that speaks of no address of the employer's."""
    label = _ROW.search(text[max(0, at - 60) : at])
    return bool(label) and not _MAILED.search((label or [""])[0])


def denied(text: str, sentence: int, at: int) -> bool:
    return bool(_DENIED.search(text[sentence:at]))


def greeted(text: str, at: int) -> bool:
    return bool(_GREETED.search(text[max(0, at - 60) : at]))


def led_to(text: str, sentence: int, at: int) -> bool:
    """Whether the sentence leads to this address as to the place of the work."""
    before = text[sentence:at]
    return bool(_LEADS.search(before[-80:])) and not (_EVENT.search(before) or denied(text, sentence, at))


def led_elsewhere(text: str, sentences: Sentences, streets: list[str]) -> tuple[int, int] | None:
    """Where the letter leads to another address as the place of the work than to one of these streets."""
    own = [span for street in streets for span in street_mentions(street, text)]
    if any(led_to(text, sentences.start(start), start) for start, _ in own):
        return None
    others = other_streets(text, streets)
    return next((span for span in others if led_to(text, sentences.start(span[0]), span[0])), None)


def told_more_surely(text: str, sentences: Sentences, streets: list[str]) -> tuple[int, int] | None:
    """Another address that the letter calls the work location, where it says no such thing of these streets."""
    own = [span for street in streets for span in street_mentions(street, text)]
    if not own or any(_surely(text, sentences, at) for at, _ in own):
        return None
    return next((span for span in other_streets(text, streets) if _surely(text, sentences, span[0])), None)


def _surely(text: str, sentences: Sentences, at: int) -> bool:
    before = text[max(sentences.start(at), at - 80) : at]
    return bool(_SURELY.search(before)) and not _EVENT.search(before)


def other_streets(text: str, streets: list[str]) -> list[tuple[int, int]]:
    own = {start for street in streets for start, _ in street_mentions(street, text)}
    return [found.span() for found in _STREET.finditer(text) if found.start() not in own]


def works_at(text: str, sentence: int, start: int, end: int) -> bool:
    """Whether the words before or after it say that work is done there, not only that the employer has a house there."""
    before = text[sentence:start]
    if _EVENT.search(before):
        return False
    return bool(_WORKS_AT.search(before[-80:]) or _WHERE.match(text[end : end + 90]))


def before_greeting(text: str, start: int, end: int, employer: str) -> bool:
    """An address between date and greeting is the student's, unless the employer's name stands over it."""
    if not _GREETING.match(text[end : end + 90]):
        return False
    name = tokens_of(employer)[:1]
    return not name or name[0] not in tokens_of(text[max(0, start - _NEAR) : start])
