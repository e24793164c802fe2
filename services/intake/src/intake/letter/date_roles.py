"""What a date is in the letter: the start, the end, or something else that has a date (R7, R8)."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from .clauses import of_the_past
from .sentences import Sentences
from .words import last_match


class Role(StrEnum):
    START = "start"
    END = "end"
    OTHER = "other"
    PERHAPS_OTHER = "perhaps"
    UNKNOWN = ""


_WORK = frozenset({Role.START, Role.END})
_NOT_WORK = frozenset({Role.OTHER, Role.PERHAPS_OTHER})


class Span(NamedTuple):
    start: int
    end: int


_CUE = re.compile(
    r"\b(?:(?P<start>start(?:s|ing|ed)?|kicks? off|gets? under ?way|entry(?: date)?[\s:|\u00b6]*$|begin(?:s|ning)?|began|commenc(?!ement(?:,| ceremon| exercis| day))\w+|first (?:(?:working |work )?day|one|shift)|(?<=internship )opens|(?<=residency )opens|(?<=fellowship )opens|effective|from"
    r"|between|join(?:s|ing)?|(?:entrance|entry) on duty|hire(?: date)?|date of (?:hire|joining)|w\.?e\.?f|(?<!pre-)arriv\w+"
    r"|report(?:s|ing)? (?:for|to) (?:work|duty)|report(?:ing)? date|report (?:at|to) (?:our|the)|(?<!made )(?<!dated )(?<!into )as of|we expect you|see you)"
    r"|(?P<end>end(?:s|ing|ed)?|conclu\w+|finish\w*|(?:last|final) (?:(?:working |work )?day|one|shift)|complet(?:e[sd]?|ing|ion)"
    r"|through|thru|until|till|not[ -]to[ -]exceed|nte|terminat\w+|up to|leave (?:on|us)|closing date|wraps? up|(?:be|is) over|to(?= ?[:|][\s|]*$)|exit(?: date)?[\s:|\u00b6]*$|releas(?:e|ing) date|reliev\w+ date|dates? of (?:releas\w+|reliev\w+|leaving|departure|separation|exit))"
    r"|(?P<other>(?:offer|card|badge|visa|permit|licen[cs]e|insurance|coverage|link|invitation)(?: \w+){0,3} expir\w+|repl(?:y|ies)|respon(?:d|se)\w*|answer|sign(?:ed|ing|ature)?|countersigned|return(?:ed|ing)?|accept\w*"
    r"|deadline|due|holidays?|picnic|orientation|pay ?days?|paycheck|paid on|dated|issued|rsvp|retract\w*"
    r"|rescind\w*|withdraw\w*|void|lapses?|born|birth|interview\w*|graduat\w*|confirm\w*(?! (?:as|for|to be)\b)|report due|review|vest\w*"
    r"|installments?|bonus|vacation|insurance|inventions?|submit\w*|decide|decision|payable|presentation|reception)"
    r"|(?P<perhaps>week ending|expir\w+|briefing|held|lecture|event|visit|by|before|prior to|after|meeting|training|workshop|seminar|conference|submission|enrol\w*|valid"
    r"|shut ?down|break|closed?|semester|class(?:es)?|application)"
    r"|(?P<unknown>period|dates|duration))(?:\b|$)"
)
_SUBJECT = re.compile(
    r"\b(?:orientation|holidays?|(?:this|the|our) offer|offer letter|picnic|semester|classes|(?:academic|fiscal|school|budget) (?:year|period)|funding|grant|award|pay ?periods?|coverage"
    r"|insurance|benefits|lease|visa|boot ?camp|move-?in|housing|training|shut ?down|break|recess|finals|payroll|enrollment|budgets?)(?: (?!for |of |your? |we )[\w']+){0,2} ?$"
)
_AFTER = re.compile(
    r"[\s,:(-]*(?:is|will be|was|marks)?[\s,(]*(?:as |for |the |an? |your |my |our |paid |interns?'? )*"
    r"(?:(?P<start>start(?:ing)?(?: date| day)?\b|first (?:working |work )?day|beginning|commencement)"
    r"|(?P<end>end(?:ing)?(?: date| day)?\b|last\b|final (?:working |work )?day|completion|conclusion)"
    r"|(?P<other>deadline|(?:company |public |federal )?holidays?))"
)
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ?)?"
_RANGE = re.compile(
    rf"[\s,|\u00b6]*(?:\((?:start|begin)\w*\) ?)?(?:-+>?|=>|→|~|to|thro?ugh?|thru|through|until|till|up to(?: and including)?|(?P<and>and))(?: and including| and)?[\s,|]*(?:the )?{_DAY}(?:the )?$"
)
_LABELS = re.compile(
    r"\b(?:start|begin|commence|first|from)\w*(?: \w+)?[\s|\u00b6:/]+(?:end|last|final|to|complet|conclu)\w*(?: \w+)?[\s|\u00b6:]*$"
)
_LIMIT = re.compile(r"(?:through|thru|until|till|up to|by)$")
_OTHERS_VERB = re.compile(
    r"\b(?:repl(?:y|ies)|respond|answer|sign|countersign|return|accept(?:ance)?|confirm(?:ation)?|submit|decide|let \w+ know|open|valid|hold|held"
    r"|available|in place|expires?|continues?|remains?|obligations?|surviv\w+|cover(?:s|ed|age)?|insur\w+|closed|shut)\b"
)
_VERB = re.compile(
    r"(?:starts|begins|commences|ends|concludes|finishes|started|began|ended|kicks off|wraps up|from|between|as of|through|until|till)$"
)
_HELD = re.compile(
    r" ?(?:training|orientation|boot ?camp|onboarding|exams?|finals|workshops?|conference|semester|classes|shut ?down)\b[\w ']{0,40}?"
    r"\b(?:runs?|is|are|lasts?|will be|will run|takes? place|(?:is|are) held|(?:is|are) scheduled)(?: held| scheduled)? ?$"
)
_OF_OTHERS = re.compile(r"\b(?:obligations?|covenants?|plan year|lease|(?:contract|agreement|grant) with (?!you\b))")
_EXPIRES = re.compile(
    r"(?:\b(?P<work>term|internship|appointment|employment|assignment|engagement)\b(?! offer)[^.;,]{0,40}|^,? (?:and|then) )(?:\w+ )?expires? (?:on )?(?:the )?$"
)
_ASIDE_OPEN = re.compile(r"\((?!mon|tue|wed|thu|fri|sat|sun)[^()]*[a-z]{3}[^()]*$")
_GOES_ON = re.compile(
    r",? (?:and|or)(?: again)? (?:from|on|until|through) (?:the )?$"
)  # "closed on July 3, and from July 10"
_OF_WORK = re.compile(
    r"\b(?:intern|internship|interns|employment|position|job|appointment|term|assignment|work|you|it|which|that|co-?op|placement|training"
    r"|practicum|program|programme|fellowship|period|contract|agreement|engagement|offer|role|project|traineeship|externship|residency"
    r"|season|summer|semester|session|schedule|date|dates|day|he|she|they|and|will|who|student|employee|attachment|apprenticeship|duties"
    r"|service|tenure|rotation|mr|ms|mx|hired|engaged|employed|appointed|guaranteed|received|trainee|runs?|running|lasts?|lasting"
    r"|approximately|availability|available)\b"
)
_RELATIVE = re.compile(r"(\w+) (?:that|which) (?:\w+ ){0,2}$")  # "the outage that runs until"
_PART_OF = re.compile(r" of (?:\w+ ){0,4}")
_BY = re.compile(r"by|before|prior to")
_ASIDE = re.compile(r"\([^()]*\)")
_TO = re.compile(rf"\bto (?:the )?{_DAY}(?:the )?$")
_SUM = re.compile(r" of [$€£]\S+")  # "coverage of $25,000 begins"
_BETWEEN_CELLS = re.compile(r"[\s|\u00b6]*$")
_REACH = 90  # characters before a date in which a word can say what it is


def roles_of(text: str, sentences: Sentences, spans: Sequence[Span]) -> list[Role]:
    """One role for each date; `text` is in lower case, `spans` are in its order."""
    roles: list[Role] = []
    taken = 0  # where the words end that say after a date what it is
    for number, span in enumerate(spans):
        previous = spans[number - 1] if number else None
        between = text[previous.end : span.start] if previous else ""
        first = max(previous.end if previous else 0, taken, sentences.start(span.start), span.start - _REACH)
        before = text[first : span.start]
        following = spans[number + 1] if number + 1 < len(spans) else None
        if (
            previous
            and _LABELS.search(text[max(0, previous.start - _REACH) : previous.start])
            and _BETWEEN_CELLS.match(between)
        ):
            roles[-1], role = Role.START, Role.END
        elif previous and (joined := _RANGE.match(between)):
            role = _end_of_range(roles, alone=bool(joined["and"]))
        elif roles and roles[-1] in _NOT_WORK and _GOES_ON.match(between):
            role = roles[-1]
        elif roles and roles[-1] is Role.START and first == (previous or span).end and _TO.search(before):
            role = Role.END
        else:
            after = text[span.end : min(following.start if following else len(text), sentences.end(span.start))]
            role = Role.END if _term_expires(before, roles) else _named(before)
            if not role and (told := _AFTER.match(after)):
                role, taken = _role(told), span.end + told.end()
        roles.append(role)
    return [
        Role.PERHAPS_OTHER if role in _WORK and of_the_past(text, sentences, span.start) else role
        for role, span in zip(roles, spans, strict=True)
    ]


def _term_expires(before: str, roles: list[Role]) -> bool:
    """Whether the work does, not the offer: "the term shall commence on May 26 and shall expire on"."""
    expires = _EXPIRES.search(before)
    return bool(expires and (expires["work"] or roles[-1:] == [Role.START]))


def _end_of_range(roles: list[Role], *, alone: bool) -> Role:
    """The first date of a range starts it, whatever word stands near; two dates of one thing are both that thing."""
    if roles[-1] in {Role.START, Role.END}:
        return Role.END
    if alone:
        return roles[-1]
    if roles[-1] is Role.UNKNOWN:
        roles[-1] = Role.START
        return Role.END
    roles[-1] = Role.PERHAPS_OTHER
    return Role.PERHAPS_OTHER


def _named(before: str) -> Role:
    """By the nearest word before the date; an orientation that starts is no start of the work."""
    before = _ASIDE.sub("", before).rpartition(";")[2]
    cue = _nearest_cue(before)
    role = _role(cue)
    clause = re.split(r"[,.;:(](?!\d)", before[: cue.start()])[-1] if cue else ""
    if (
        role is Role.PERHAPS_OTHER
        and _BY.fullmatch((cue or [""])[0])
        and _role(last_match(_CUE.finditer(clause))) is Role.OTHER
    ):
        return Role.OTHER  # "please reply by"
    if role is Role.OTHER and _role(_CUE.search(clause)) in _WORK:
        return Role.PERHAPS_OTHER  # "leaves us after the holiday concert on"
    if cue is None or role not in _WORK:
        aside = cue is None and _ASIDE_OPEN.search(before)  # "(pledge drive: March 8 to March 19, 2027)"
        return Role.PERHAPS_OTHER if aside else role
    if role is Role.START and _TO.search(before, cue.end()):
        return Role.END
    if _LIMIT.search(cue[0]) and _OTHERS_VERB.search(clause):
        return Role.OTHER
    return Role.PERHAPS_OTHER if _of_another(_SUM.sub("", clause), cue[0]) else role


def _nearest_cue(before: str) -> re.Match[str] | None:
    """The last one; "last day of the summer work period" is a last day."""
    cues = list(_CUE.finditer(before))
    while len(cues) > 1 and cues[-1]["unknown"] and _PART_OF.fullmatch(before, cues[-2].end(), cues[-1].start()):
        cues.pop()
    return cues[-1] if cues else None


def _of_another(clause: str, verb: str) -> bool:
    """Whether what starts or ends is no work: an orientation, or a subject that is named and is none."""
    named = re.findall(r"[a-z]+", clause)
    if _SUBJECT.search(clause) or _HELD.match(clause) or _OF_OTHERS.search(clause):
        return True
    if (relative := _RELATIVE.search(clause)) and not _OF_WORK.search(relative[1]):
        return True
    return bool(named and _VERB.search(verb) and not _OF_WORK.search(clause))


def _role(cue: re.Match[str] | None) -> Role:
    """UNKNOWN, which is empty, where there is no such word."""
    named = cue.lastgroup if cue else None
    return {"start": Role.START, "end": Role.END, "other": Role.OTHER, "perhaps": Role.PERHAPS_OTHER}.get(
        named or "", Role.UNKNOWN
    )
