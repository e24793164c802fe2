"""The job title in the letter: the same words, or words of the same family, told as the title of this work (R4)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .clauses import clause_before, of_the_past
from .sentences import Sentences
from .words import listed, stem

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_SMALL = frozenset(listed("a an of in on at to for from with by as or is are be the and"))
_WHOSE = frozenset(listed("its our your their"))
_SHORT = {
    "jr": "junior",
    "sr": "senior",
    "asst": "assistant",
    "dept": "department",
    "engr": "engineer",
    "mgr": "manager",
}
_SPELLING = {
    "internship": "intern", "internships": "intern", "interns": "intern", "programme": "program", "labs": "laboratory",
    "lab": "laboratory",
}  # fmt: skip
_INITIALS = {
    "hr": "human resources", "it": "information technology", "qa": "quality assurance", "rd": "research development",
    "ml": "machine learning", "ai": "artificial intelligence", "ux": "user experience", "ui": "user interface",
    "pr": "public relations", "bi": "business intelligence", "swe": "software engineer", "sde": "software development engineer",
    "ra": "research assistant", "ta": "teaching assistant",
}  # fmt: skip
_BESIDE = frozenset(
    listed(
        "i ii iii iv 1 2 3 summer fall spring winter autumn student undergraduate graduate junior senior paid part full time"
    )
)
_SEASON = re.compile(
    r"(?<=\w)(?: ?[,(|-] ?| )(?:(?:spring|summer|fall|autumn|winter)(?: 20\d\d)?|20\d\d)\)?$", re.IGNORECASE
)  # "Marketing Intern (Summer 2026)" is no other title
_LARGER = frozenset(
    listed("intern trainee coop assistant associate manager director lead senior junior fellow apprentice head chief")
)
_OTHERS = re.compile(
    r"\b(?:report(?:s|ing)?(?: \w+)? to|supervis\w+|mentor\w*|manager|(?:team|group) lead|led by|under the (?:direction|guidance) of|last year's|former(?:ly)?|previous"
    r"|contact|sincerely|regards|truly yours|yours truly|faithfully|cheers|cordially|respectfully|signed|from:|work(?:ing)? (?:with|for|closely with) (?:our|the|a)"
    r"|assist(?:ing)? (?:our|the)|alongside)\b[^.;]*$|\bunder (?:the |our |an? )?$"
)
_TOLD = re.compile(
    r"\b(?:as|position|title|titled|role|post|function|designation|capacity|offer(?:s|ed|ing)?|appoint\w*|hir\w+|employ\w*|join\w*|re|subject|named|job|accept\w*|internship|program"
    r"|assignment|placement)\b[^.;]{0,60}$|\b(?:be|become|becoming) (?:(?:our|the|an?|\w+'s|new|next|first) )*$"
)
_PERSON = re.compile(r"\b[A-Z](?:[a-z]+|\.) [A-Z][\w'-]+, (?:our |the )?$")
_HOLDER = re.compile(
    r"(?: ?[:|]|,) (?:(?:Prof|Dr|Mr|Ms|Mrs|Mx)\.? )?[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][\w'-]+\b(?! (?:Inc|LLC|Corp|Street|Road|Avenue))"
)
_ANOTHER = re.compile(
    r"\b[A-Z][a-z]+ [A-Z][\w'-]+ (?:is|shall be|will be|(?:will |shall )?(?:serves?|acts?) as) (?:(?:the|your|our) )?$"
)
_HEADS = frozenset(listed("supervisor manager director mentor head chief president lead principal coordinator partner"))
_SIGNED = re.compile(r"[.!?,\u00b6] (?:[A-Z][\w'-]*\.? ){1,4}$|[A-Z][a-z]+, $")
_TAIL = 150  # characters of the letter in which it is signed
_LABEL = re.compile(r"(?:[:|]|\b(?:as|is|of|be|an?|your)) ?$")
_LABELLED = re.compile(r"(?: ?[*\u2022-])? ?(?:[\w/&'-]+ ){0,4}[\w/&'-]+ ?[:=|] ?")
_COOP = re.compile(r"\bco-op\b", re.IGNORECASE)
_REACH = 100


class TitleWord(NamedTuple):
    stem: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where the title may stand; `same`: word for word, else of the same family; `told`: perhaps as this work's title.

    `sure`: words of its own clause say so.
    """

    start: int
    end: int
    same: bool
    told: bool
    sure: bool
    others: bool


def mentions(title: str, text: str, tokens: list[TitleWord], sentences: Sentences) -> Iterator[Mention]:
    """Every mention in the plain text, in its order; `tokens` are its `title_words`."""
    if wanted := list(title_words(_SEASON.sub("", title))):
        yield from (_judged(found, wanted, text, sentences) for found in _windows(wanted, tokens, text))


def title_words(text: str) -> Iterator[TitleWord]:
    """Words that carry meaning; initials that every trade knows stand for their words."""
    text = text.replace("R&D", "RD ")  # as long as before, so that places stay
    text = _COOP.sub("coop ", text)
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        spelled = _INITIALS.get(word, "") if found[0].isupper() else ""
        if word in _SMALL and not spelled:
            continue
        for part in spelled.split() or [_SHORT.get(word, word)]:
            yield TitleWord(_stemmed(part), part, found.start(), found.end())


def _stemmed(word: str) -> str:
    word = _SPELLING.get(word, word)
    while (shorter := stem(word)) != word:
        word = shorter
    return word


def _windows(wanted: list[TitleWord], tokens: list[TitleWord], text: str) -> Iterator[list[TitleWord]]:
    """Runs of neighboring words that hold each wanted stem, with nothing between but what titles have beside them."""
    need = Counter(token.stem for token in wanted)
    for first, token in enumerate(tokens):
        if token.stem not in need:
            continue
        left, run = dict(need), list[TitleWord]()
        for one in tokens[first : first + len(wanted) + 2]:
            if (
                run
                and re.search(r"[.;:!?]", text[run[-1].end : one.start])
                and not _beside_only(text[run[-1].end : one.start])
            ):
                break
            run.append(one)
            if left.get(one.stem):
                left[one.stem] -= 1
            elif one.word not in _BESIDE | _WHOSE and not re.fullmatch(r"20\d\d", one.word):
                break
            if not any(left.values()):
                if _same_words(run, wanted) or _in_order(run, wanted):
                    yield run
                break


def _same_words(run: list[TitleWord], wanted: list[TitleWord]) -> bool:
    return Counter(token.word for token in run) == Counter(token.word for token in wanted)


def _in_order(run: list[TitleWord], wanted: list[TitleWord]) -> bool:
    """Words of the family count in the title's own order only: an "internship, Clinical Informatics" is a program."""
    stems = [token.stem for token in wanted]
    return [token.stem for token in run if token.stem in stems] == stems


def _beside_only(between: str) -> bool:
    """A full stop after an abbreviation such as "Jr." ends no sentence."""
    return bool(re.fullmatch(r"\.? ?[\w&,/() -]{0,8}", between)) and not re.search(r"\. [A-Z]", between)


def _judged(run: list[TitleWord], wanted: list[TitleWord], text: str, sentences: Sentences) -> Mention:
    start, end = run[0].start, run[-1].end
    same = _same_words(run, wanted) and not _larger(text, end)
    before = text[max(sentences.start(start), start - _REACH) : start]
    near = text[max(0, start - 60) : start]
    others = of_the_past(text.lower(), sentences, start) or bool(
        _OTHERS.search(before.lower()) or re.search(r"\b(?:sincerely|regards|truly|faithfully|cheers)\b", near.lower())
    )
    capital = all(text[token.start].isupper() or text[token.start].isdigit() for token in run)
    own = re.search(
        r"(?<!\bas )(?<!offer you )(?<!you're )(?<!you are )(?<!be )(?<!become )\b(?:your|our) $", before.lower()
    )
    signed = len(text) - end < _TAIL and _SIGNED.search(text[max(0, start - _REACH) : start])
    leads = run[-1].word in _HEADS and _ANOTHER.search(before)
    person = leads or signed or _PERSON.search(before) or (_HOLDER.match(text, end) and not _LABEL.search(before))
    told = not person and (capital or bool(_TOLD.search(before.lower())))
    clause = clause_before(text, sentences, start)
    sure = told and not own and bool(_TOLD.search(clause) or _LABELLED.fullmatch(clause))
    return Mention(start, end, same, told, sure, others=others or bool(leads or (own and not capital)))


def _larger(text: str, end: int) -> bool:
    """Whether the title goes on, as "Software Engineer" does in "Software Engineer Intern"."""
    following = re.match(r" ([A-Z]\w+)", text[end:])
    return bool(following) and _stemmed((following or [""])[1].casefold()) in {_stemmed(word) for word in _LARGER}
