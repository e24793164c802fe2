"""The clause that leads to a value, and of whom it speaks: the student and this work, or others (R4, R6, R10).

Grammar decides before vocabulary does: the nearest subject before the value governs it. Where none does, a short clause
is a label or an item of a list, and a long one says nothing sure.
"""

import re
from enum import Enum

from .sentences import Sentences
from .words import last_match

_REACH = 110  # characters
_BREAK = re.compile(
    r"[;()\u00b6\u2022]|,? (?:but|while|whereas|although|though|where|because|unless) |, (?:and|or|which|who|so) "
    r"|(?<=[a-z\d]) and (?=(?:you|we|he|she|it|they|your|our|the)\b)| - |, (?=(?:you|we|he|she|they)\b)"
)
_SUBJECT = re.compile(
    r"\b(?:(?P<own>we (?:\w+ ){0,2}?(?:pay|offer|give|provide|ask|expect|need)|you|your|yours|interns?(?:hip)?|students?|trainees?|traineeship|fellows?(?:hip)?|appointees?|appointment"
    r"|extern(?:s|ship)?|co-?ops?|position|assignment|placement|practicum|schedule|candidate|apprentices?|employment|engagement"
    r"|he|she|his|her|mr|ms|mx|workweek|work week|working week|this (?:role|job|work)|role|contract|summer (?:analysts?|associates?))"
    r"|(?P<others>we|us|our|ours|they|their|them|others?|staff|employees|colleagues|rest|everyone|everybody|nobody|no one|anyone"
    r"|who|whose|those|clients?|customers?|members|people|workers|teams?|office|shop|law|rules?|regulations?|polic(?:y|ies)"
    r"|supervisor|manager|mentor|director|teachers?|nurses?|engineers|analysts|associates|residents|faculty|contractors|consultants))\b"
)
_LIMITED = re.compile(
    r"\b(?:than|within|over|above|exceed\w*|excess|below|beyond|limit\w*|threshold|cap|ceiling|including|includes?|of which|half of|toward"
    r"|any (?:one )?week|any day|never|approx\w*|compar\w+|instead of|rather|previous\w*|last year\w*|formerly|until|after|if|once"
    r"|would|could|might|may|next|later|eventually)\b|~|% of|\bout of\b"
)
_LIMIT_AFTER = re.compile(
    r"(?: ?(?:/|per|an?|each)? ?(?:hours?|hrs?|weeks?|wk|weekly))*,? \(?(?:limit|cap|maximum|max|threshold|ceiling|or more|or fewer|or less|altogether|at most)\b|[ ,]*(?:only )?(?:if|when|once|after|upon)\b"
)
_ITEM = 6  # words before the value in a label or an item of a list


class Governed(Enum):
    BY_WORK = "by the student or the work"
    BY_OTHERS = "by others or by a limit"
    UNSAID = "by nothing that says it"


def clause_before(text: str, sentences: Sentences, at: int) -> str:
    """In lower case; from the start of its clause, at most some hundred characters, to the value."""
    before = text[max(sentences.start(at), at - _REACH) : at].lower()
    return _BREAK.split(before)[-1]


def governed(text: str, sentences: Sentences, start: int, end: int) -> Governed:
    clause = clause_before(text, sentences, start)
    if _LIMITED.search(clause) or _LIMIT_AFTER.match(text[end : min(sentences.end(start), end + 40)].lower()):
        return Governed.BY_OTHERS
    if subject := last_match(_SUBJECT.finditer(clause)):
        return Governed.BY_WORK if subject["own"] else Governed.BY_OTHERS
    return Governed.BY_WORK if len(clause.split()) <= _ITEM else Governed.UNSAID
