"""Whether two names mean the same employer: forms, letters and Handshake seldom spell it alike."""

import re
import unicodedata

LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company llc ltd limited lp llp lllp plc pllc pc pbc gmbh ag kg sa sas sarl bv"  # noqa: SIM905 easier to read and to extend
    " nv ab oy as aps srl spa kk pty pte pvt".split()
)
_WITHOUT_PARTS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
_INSIDE_WORDS = re.compile("['\u2018\u2019\u02bc\u00b4`.]")
_WORD = re.compile(r"[^\W_]+")
_SKIPPED = frozenset({"and", "the"})


def same_employer(one: str, other: str) -> bool:
    """Case, accents, punctuation and Inc, LLC or GmbH make no difference; a name without a word equals none."""
    return bool(employer_words(one)) and employer_words(one) == employer_words(other)


def employer_words(name: str) -> tuple[str, ...]:
    """The words that tell one employer from another."""
    words = [word for word in _WORD.findall(_plain(name)) if word not in _SKIPPED]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return tuple(words)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_WITHOUT_PARTS)
    bare = "".join(letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})
    return _INSIDE_WORDS.sub("", bare.replace("&", " and "))
