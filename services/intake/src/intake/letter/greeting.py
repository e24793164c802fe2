"""Whom the letter greets: another person than the student is shown to the adviser, never refused (A30)."""

import re

from .sentences import Sentences
from .words import listed, tokens_of

_GREETING = re.compile(
    r"\b(?:Dear|Hello|Hi|Hey) (?:(?:Mr|Ms|Mrs|Miss|Mx|Dr|Prof|Professor)\b\.? )?(?P<name>[^\W\d_][^,:;!?\n]{0,60}?) ?(?:[,:!]| - )"
)
_NOBODY = frozenset(
    listed(
        "candidate applicant student students intern interns sir madam team all committee colleague colleagues everyone "
        "office advisor adviser whom there friend friends hiring international officer officials"
    )
)
_SHORTEST_NAME = 3  # letters by which a person is known again


def greets_another(text: str, sentences: Sentences, student: str) -> str:
    """The sentence that greets somebody else; empty where the letter names the student anywhere, or greets nobody."""
    known = [name for name in tokens_of(student) if len(name) >= _SHORTEST_NAME or not name.isascii()]
    words = set(tokens_of(text))
    if not known or any(name in words for name in known):
        return ""
    for found in _GREETING.finditer(text):
        names = [name for name in tokens_of(found["name"]) if name.isalpha()]
        if names and _NOBODY.isdisjoint(names) and not any(_short_for(name, known) for name in names):
            return sentences.quote(found.start(), found.end())
    return ""


def _short_for(name: str, known: list[str]) -> bool:
    """Dan for Daniel, Daniel for Dan."""
    return any(len(name) >= _SHORTEST_NAME and (one.startswith(name) or name.startswith(one)) for one in known)
