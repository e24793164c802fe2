"""Whether hours of the letter are the hours of this work, or other hours that it names (R6)."""

import re

_BEFORE = re.compile(
    r"\b(?:overtime|over-time|(?:anything|hours|time|work) (?:over|above|past)|(?:in excess|excess) of|beyond|lunch|breaks?|recess|mentors?|seminars?|meet(?:s|ings?)?|training|accrue\w*|for every"
    r"|(?:is|are|stays|remains) open|opening hours|office hours|open|(?:we|it) operates?|sick leave|vacation|commut\w+|stud(?:y|ies)|class(?:es)?"
    r"|(?<!are )(?<!as )(?:full-time |part-time |regular )?(?:employees|staff|teachers|associates|colleagues|others) \(?(?:those )?(?:who )?(?:\w+ )?works?"
    r"|those who (?:\w+ )?work|supervisor (?:works?|is)|paid leave|notice)\b"
    r"|\b(?:full-time|regular|permanent|other) (?:staff|employees|workers|colleagues|positions)(?: is| are)?[ :=]*$"
    r"|\bnot(?: the| your)? ?$"
    r"|\b(?:shifts?|days?|sessions?|classes|periods?|blocks?) of[ (]*$"
)
_AFTER = re.compile(
    r"(?:(?! and )[^,;.:]){0,12}?(?: per week| a week| weekly)?(?:(?! and )[^,;.:]){0,12}?\b(?:for lunch|lunch|break|recess|of (?:sick|paid|training|class|notice|vacation)|seminar|meeting|mentor\w*|reserved|set aside|workshop|class(?:es)?)\b"
    r"|(?: per week| a week| weekly)? of (?:\w+ ){0,2}(?:supervision|instruction|coursework|didactics?|study|homework|counsell?ing|travel)\b"
    r"|(?: per week| a week| weekly)? (?:may|can) be (?:used|spent|worked|taken|done)\b"
    r"|[^,;.:()]{0,30}\bfor (?:operators|employees|staff|others|teachers|nurses)\b"
    r"|,? (?:each|per day|a day|daily|per shift|a shift)\b(?! week)"
    r"|[^,;.:]{0,25}?\b(?:at|in|for|across|from) all (?:\w+ )?(?:jobs|employers|positions|appointments)"
)
_PERHAPS = re.compile(
    r"\b(?:may not|must not|cannot|never|nor)\b[^,;.]{0,25}\b(?:more than|over|exceed)\b|\b(?:in|during) any\b|\bfull[- ]time is\b|\b(?:the law|regulations?) (?:\w+ ){0,2}(?:permits?|allows?|limits?)\b"
)
_LEGAL = re.compile(r"\b(?:legal|statutory|permitted|allowed) (?:\w+ ){0,2}(?:maximum|limit)\b[^;,.]{0,25}$")
_CLAUSE = re.compile(r"[;,()]|(?<!-)\band\b(?!-)|\bbut\b")
_REACH = 90


def is_other(sentence_before: str, after: str) -> bool:
    """Overtime, lunch, a seminar, the office's own hours, the hours of others; all in lower case."""
    clause = _CLAUSE.split(sentence_before[-_REACH:])[-1]
    return bool(_BEFORE.search(clause) or _AFTER.match(after))


def is_perhaps_other(sentence_before: str, after: str) -> bool:
    """A limit of the law or of the house may be no promise of hours."""
    return bool(
        _LEGAL.search(sentence_before)
        or _PERHAPS.search(re.split(r"[;:]", sentence_before[-_REACH:])[-1])
        or _PERHAPS.match(after[:20].lstrip())
    )
