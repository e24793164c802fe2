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
    r"[;()\u00b6\u2022]|,? (?:but|while|whereas|although|though|where|because|unless) |, (?:and|or|which|so) |, (?=who )"
    r"|(?<=[a-z\d]) and (?=(?:you|we|he|she|it|they|your|our|the)\b)| - |, (?=(?:you|we|he|she|they)\b)"
)
_SUBJECT = re.compile(
    r"\b(?:(?P<own>we(?:'ll|'d)? (?:\w+ ){0,2}?(?:pay|offer|give|provide|ask|expect|need|propose)|you|your|yours|interns?(?:hip)?|students?|trainees?|traineeship|fellows?(?:hip)?|appointees?|appointment"
    r"|extern(?:s|ship)?|co-?ops?|position|assignment|placement|practicum|schedule|candidate|apprentices?|employment|engagement"
    r"|he|she|his|her|mr|ms|mx|workweek|work week|working week|this (?:role|job|work)|role|contract|summer (?:analysts?|associates?))"
    r"|(?P<others>we|us|our|ours|they|their|them|others?|staff|employees|colleagues|rest|everyone|everybody|nobody|no one|anyone"
    r"|who|whose|those|clients?|customers?|members|people|workers|teams?|office|shop|law|(?P<group>[a-z]{3,}(?:s|men|people)) (?=(?:\w+ly |often |usually )?(?:work|earn|make|receive|get|start at|begin at|are paid)\b|(?:in|at|of|from|with|under) (?:[\w'-]+ ){1,3}(?:earn|make|receive|get|start at|begin at|are paid)\b)|rules?|regulations?|polic(?:y|ies)"
    r"|supervisor|manager|mentor|director|teachers?|nurses?|engineers|analysts|associates|residents|faculty|contractors|consultants))\b"
)
_LIMITED = re.compile(
    r"\b(?:past|should you|than|within|over|above|exceed\w*|excess|below|beyond|limit\w*|threshold|cap|ceiling|including|includes?|of which|half of|toward"
    r"|any (?:one )?week|any day|never|approx\w*|compar\w+|instead of|rather|previous\w*|last year\w*|formerly|until|after|if|once"
    r"|would|could|might|may|next|later|eventually)\b|~|% of|\bout of\b"
)
_LIMIT_AFTER = re.compile(
    r"(?: ?(?:/|per|an?|each)? ?(?:hours?|hrs?|weeks?|wk|weekly))*,? \(?(?:limit|cap|maximum|max|threshold|ceiling|or more|or fewer|or less|altogether|at most)\b|[^.;\u00b6]{0,60}?\b(?:appl(?:y|ies) only|(?:may|can|could) be (?:claimed|requested|earned))\b|[ ,]*(?:only )?(?:if|when|once|after|upon)\b"
)
_COMPARED = re.compile(r"\d[^()]{0,40}\((?:[^()\d]{2,40}: ?|in [a-z][^()\d]*)$", re.IGNORECASE)
_COMPARED_AFTER = re.compile(
    r"[^();.\u00b6]{0,25}\b(?:for|in|at) (?:[a-z ]{0,40}\b(?:in|at) )?[A-Z][^();.\u00b6]{1,40}\)"
)
_PAST = re.compile(
    r"(?<!hours )(?<!time )(?<!days )(?<!shifts )(?<!be )(?<!been )(?<!are )(?<!is )"
    r"\b(?:(?:worked|interned|volunteered) (?=for|with|at|in|as|here|part|full|on\b)|(?:was|were|had been|has been) (?:previously )?employed\b)(?!.*\b(?:will|shall|is|are|now)\b)"
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


def of_the_past(text: str, sentences: Sentences, at: int) -> bool:
    """Whether its sentence tells of earlier work: "she worked for us from June 1, 2025"; `text` in lower case."""
    return bool(_PAST.search(text[max(sentences.start(at), at - 2 * _REACH) : at]))


def compared(text: str, sentences: Sentences, start: int, end: int) -> bool:
    """Whether it stands in parentheses after the value that counts: "$28 (interns in India: ...)", "(CAD 31 for Toronto)"."""
    before = text[max(sentences.start(start), start - _REACH) : start]
    return bool(
        _COMPARED.search(before)
        or (re.search(r"\d[^()]{0,40}\($", before) and _COMPARED_AFTER.match(text, end, sentences.end(start)))
    )


def by_other_people(text: str, sentences: Sentences, at: int) -> bool:
    """Whether the nearest subject is a group of others that work or earn: "paid organizers earn $22"; in lower case."""
    subject = last_match(_SUBJECT.finditer(clause_before(text, sentences, at)))
    return bool(subject and subject["group"])


def governed(text: str, sentences: Sentences, start: int, end: int) -> Governed:
    clause = clause_before(text, sentences, start)
    if compared(text, sentences, start, end):
        return Governed.BY_OTHERS
    if _LIMITED.search(clause) or _LIMIT_AFTER.match(text[end : min(sentences.end(start), end + 40)].lower()):
        return Governed.BY_OTHERS
    if subject := last_match(_SUBJECT.finditer(clause)):
        return Governed.BY_WORK if subject["own"] else Governed.BY_OTHERS
    item = len(clause.split()) <= _ITEM or clause.endswith(", ")
    return Governed.BY_WORK if item else Governed.UNSAID
