"""Whether hours of the letter are the hours of this work, or other hours that it names (R6)."""

import re

_BEFORE = re.compile(
    r"\b(?:overtime|over-time|(?:in excess|excess) of|beyond|lunch|breaks?|mentors?|seminars?|meetings?|training|accrue\w*|for every"
    r"|(?:is|are|stays|remains) open|opening hours|office hours|open|(?:we|it) operates?|sick leave|vacation|commut\w+|stud(?:y|ies)|class(?:es)?"
    r"|(?<!are )(?<!as )(?:full-time |part-time |regular )?(?:employees|staff|teachers|associates|colleagues|others) \(?(?:those )?(?:who )?(?:\w+ )?works?"
    r"|those who (?:\w+ )?work|supervisor (?:works?|is)|paid leave|notice)\b"
)
_AFTER = re.compile(
    r"[^,;.:]{0,12}?(?: per week| a week| weekly)?[^,;.:]{0,12}?\b(?:for lunch|lunch|break|of (?:sick|paid|training|class|notice|vacation)|seminar|meeting|mentor\w*|workshop|class(?:es)?)\b"
    r"|[^,;.:]{0,25}?\b(?:at|in|for|across|from) all (?:\w+ )?(?:jobs|employers|positions|appointments)"
)
_PERHAPS = re.compile(
    r"\b(?:may not|must not|cannot|never|nor)\b[^,;.]{0,25}\b(?:more than|over|exceed)\b|\b(?:in|during) any\b|\bfull-time is\b"
)
_CLAUSE = re.compile(r"[;,()]|\band\b|\bbut\b")
_REACH = 90


def is_other(sentence_before: str, after: str) -> bool:
    """Overtime, lunch, a seminar, the office's own hours, the hours of others; all in lower case."""
    clause = _CLAUSE.split(sentence_before[-_REACH:])[-1]
    return bool(_BEFORE.search(clause) or _AFTER.match(after))


def is_perhaps_other(sentence_before: str, after: str) -> bool:
    """A limit of the law or of the house may be no promise of hours."""
    return bool(
        _PERHAPS.search(re.split(r"[;:]", sentence_before[-_REACH:])[-1]) or _PERHAPS.match(after[:20].lstrip())
    )
