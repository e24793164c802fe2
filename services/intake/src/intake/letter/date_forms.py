"""The ways in which letters write dates, and the words that make a date inexact (case 30)."""

import re

from .words import listed

MONTHS = listed("jan feb mar apr may jun jul aug sep oct nov dec")
MONTH_NAMES = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?"
)
_MONTH = rf"(?P<month>{MONTH_NAMES})(?![a-z])\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?!\d)(?: ?(?:st|nd|rd|th)\b)?(?: day)?"
_LAST_DAY = _DAY.replace("<day>", "<last>")
_YEAR = r"(?P<year>20\d\d|'\d\d)(?!\d)"
_SHORT_YEAR = r"(?P<year>\d{4}|\d\d)(?!\d)"
_SEP = r"(?: ?, ?| of | in | ?[-/.] ?| )"
_TO = r" ?(?:-|to|through|thru|until|till) ?(?:the )?"
_NUMBERS = r"(?<![\d/.])(?:(?<!-)|(?=\d{1,2} ?[/.]))(?P<a>\d{1,2}) ?(?P<sign>[-/.]) ?(?P<b>\d{1,2})"

# In order of trust: what an earlier form has read, a later one does not read again.
FORMS = [
    re.compile(form)
    for form in (
        r"(?<!\d)(?P<year>\d{4}) ?(?P<sign>[-/.]) ?(?P<a>\d{1,2}) ?(?P=sign) ?(?P<b>\d{1,2})(?!\d)",
        rf"\b{_YEAR}{_SEP}{_MONTH} ?[-/.]? ?{_DAY}(?! ?[-/.,]? ?20\d\d)",
        rf"\b{_MONTH} ?{_DAY}{_TO}{_LAST_DAY}{_SEP}{_YEAR}",
        rf"{_DAY}{_TO}{_LAST_DAY}(?: of)?(?: the)? ?{_MONTH}{_SEP}{_YEAR}",
        rf"{_DAY} ?(?:of |[-/.,] ?)?{_MONTH}(?:{_SEP}{_YEAR}|[-/]{_SHORT_YEAR.replace('<year>', '<short>')})",
        rf"\b{_MONTH} ?[-/,]? ?(?:the )?{_DAY}{_SEP}{_YEAR}",
        rf"{_NUMBERS} ?(?P=sign) ?{_SHORT_YEAR}",
        rf"{_DAY} ?(?:of )?{_MONTH}",
        rf"\b{_MONTH} ?(?:the )?{_DAY}",
        rf"{_NUMBERS}(?!\d)",
    )
]
ISO, NUMERIC = FORMS[0], FORMS[6]
BETWEEN = frozenset(
    listed(
        "and will to through thru until till ending end ends continue continues continuing conclude concludes concluding "
        "finish finishes on up including inclusive the monday tuesday wednesday thursday friday saturday sunday mon tue tues "
        "wed thu thur thurs fri sat sun"
    )
)
VAGUE_BEFORE = re.compile(
    r"(?:\bon or (?:about|around|before|after)|\bon/about|\babout|\baround|\bapprox(?:imate(?:ly)?)?\b\.?|\bcirca"
    r"|\broughly|\btentative(?:ly)?|\bestimated|\bno[tr]? (?:later|earlier|sooner) than|\bsome ?time|\bas early as"
    r"|\bearly|\blate|\bmid|\bweek of|\banticipated|\bexpected|\bplanned|\bproposed|\btarget(?:ed)?|\bprojected|(?<![\d)] )(?<![\d)])~)[\s:,|-]*"
    r"(?:\b(?:in|on|of|for|from|the|starts?|starting|begins?|beginning|ends?|ending|dates?|is|as|\w{3,6}day)\b[\s:,|-]*)*$"
)
VAGUE_AFTER = re.compile(
    r"[\s,(]*(?:(?:is |are )?(?:tentative|flexible|negotiable|approximate|approx\.?|estimated|subject to change)\b(?! ?\d)(?! (?:[a-z]+ ){0,3}[a-z]+ ?[:=])(?! (?:weekly )?(?:hours|pay|wages?|salary|compensation)\b)"
    r"|or (?:thereabouts|later|earlier|sooner|thereafter|around|about|as soon as|once|when|upon|on|after|whenever|such|another|other)\b"
    r"|at the (?:earliest|latest)|\+/-)"
)
