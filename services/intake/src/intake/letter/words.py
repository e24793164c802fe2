"""Comparing words as a reader does: blind to case, spacing, line breaks, hyphens, ligatures and accents."""

import re
import unicodedata
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

_LETTERS_WITHOUT_PARTS = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "Ł": "L"})
_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75"}
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SINGLE_QUOTES = re.compile("[\u2018\u2019\u201b\u02bc\u00b4`]")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[a-z])")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_HOUR_ENDS = re.compile(
    r"\b([ap])\.m\.(?=\s+(?:You|Your|We|Our|The|This|It|In|On|If|Please|Overtime|There|During|Interns?|Lunch)\b)"
)  # "at 7 a.m. Your pay": the dot ends a sentence, too
_TOKEN = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(r"(?:ations?|ions?|ings?|e?ments?|ers?|ed|es|ly|s|e)$")
_UNSPACED_SCRIPTS = "\u2e80"  # from here on, scripts that put no space between words
_SKIPPED = frozenset({"and", "the"})


def listed(words: str) -> list[str]:
    """A vocabulary as it is easiest to read and to extend: words with spaces between."""
    return words.split()


def last_match(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    """The one nearest before what it governs."""
    return next(iter(deque(found, maxlen=1)), None)


class Plain(str):
    """A text in the one spelling already, so that a letter is respelled once."""

    __slots__ = ()


def plain(text: str) -> Plain:
    """The same text in one spelling: joined lines, straight quotes, plain letters, single spaces; case is kept."""
    if isinstance(text, Plain):
        return text
    text = text if text.isascii() else _western(text)
    if "\n" in text:
        text = _BROKEN_WORD.sub("", text.replace("\r", ""))
    if ".m." in text:
        text = _HOUR_ENDS.sub(r"\1m.", text)
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    return Plain(" ".join(text.split()))


def _western(text: str) -> str:
    for sign, decimals in ((sign, decimals) for sign, decimals in _FRACTIONS.items() if sign in text):
        text = re.sub(rf"(?<=\d)\s?{sign}", decimals, text).replace(sign, f"0{decimals}")
    text = _SINGLE_QUOTES.sub("'", _DASHES.sub("-", text.replace("\u00ad\n", "-\n")))
    text = unicodedata.normalize("NFKD", text)
    accents = (sign for sign in set(text) if unicodedata.category(sign) in {"Mn", "Cf"})
    return text.translate(dict.fromkeys(map(ord, accents)) | _LETTERS_WITHOUT_PARTS)


def tokens_of(text: str, spelling: Mapping[str, str] | None = None) -> list[str]:
    """`spelling` maps a word to the one form under which its variants are compared."""
    words = (word.casefold() for word in _TOKEN.findall(plain(text).replace("&", " and ")))
    return [(spelling or {}).get(word, word) for word in words if word not in _SKIPPED]


class Words:
    """The words of a text, searchable without regard to how they are spaced."""

    def __init__(self, text: str, spelling: Mapping[str, str] | None = None) -> None:
        self.tokens = tokens_of(text, spelling)
        self._text = text
        self._spelling = spelling
        self._squashed = "".join(self.tokens)
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        offset = 0
        for index, token in enumerate(self.tokens):
            self._starts[offset] = index
            offset += len(token)
            self._ends[offset] = index + 1

    def places(self, phrase: str) -> list[tuple[int, int]]:
        """Where the phrase stands, as [first, past the last) word; it begins and ends where words do."""
        needle = "".join(tokens_of(phrase, self._spelling))
        return list(self._places(needle)) if needle else []

    def __contains__(self, phrase: str) -> bool:
        return bool(self.places(phrase))

    @cached_property
    def _capitals(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in _TOKEN.findall(plain(self._text)) if not word[0].islower())

    def capitalized(self, word: str) -> bool:
        """Whether the word stands somewhere as a name does; scripts without capitals write every word so."""
        return word in self._capitals or word[0] >= _UNSPACED_SCRIPTS

    def as_written(self, phrase: str) -> str:
        """The first of the words under which the phrase stands: "ModernaTX" stands as "Moderna TX"."""
        first = next((first for first, _ in self.places(phrase)), 0)
        return self.tokens[first] if self.tokens else phrase

    def _places(self, needle: str) -> Iterator[tuple[int, int]]:
        unspaced = needle[0] >= _UNSPACED_SCRIPTS
        at = self._squashed.find(needle)
        while at >= 0:
            first, last = self._starts.get(at), self._ends.get(at + len(needle))
            if first is not None and last is not None:
                yield first, last
            elif unspaced:
                yield 0, 0
            at = self._squashed.find(needle, at + 1)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Good enough to meet "tests", "testing" and "tested"; a linguist's stemmer would explain itself less well."""
    return _ENDINGS.sub("", word) if len(word) > 4 else word


def stems(text: str, unless: Collection[str] = ()) -> list[str]:
    return [stem(word) for word in tokens_of(text) if word not in unless]


def overlap(wanted: Collection[str], text: Sequence[str], span: int) -> float:
    """The largest share of the wanted stems that `span` neighbouring words of the text hold, from 0 to 1."""
    wanted = frozenset(wanted)
    inside: dict[str, int] = {}
    best = 0
    for index, word in enumerate(text):
        if word in wanted:
            inside[word] = inside.get(word, 0) + 1
        leaving = text[index - span] if index >= span else None
        if leaving in inside:
            inside[leaving] -= 1
            if not inside[leaving]:
                del inside[leaving]
        best = max(best, len(inside))
    return best / len(wanted) if wanted else 1.0
