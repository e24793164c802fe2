"""Whether an amount of the letter is the pay, or money of another kind (R10)."""

import re
from enum import IntEnum

from .money import Amount
from .sentences import Sentences


class PayRole(IntEnum):
    """From the least to the most likely to be the pay."""

    OTHER = 0
    PERHAPS_OTHER = 1
    PAY = 2


_OTHER = re.compile(
    r"\b(?:overtime|over-time|time[- ]and[- ]a[- ]half|1\.5 (?:times|x)|double time|of which|installments? of|instalments? of|(?:payments|parts) of"
    r"|insurance|polic(?:y|ies) (?:of|for)|coverage|liable|liabilit(?:y|ies)|penalty|damages|deductible|parking"
    r"|(?:employees|staff|contractors|consultants|associates|engineers|workers|others) (?:\w+ ){0,2}?(?:earn|make|receive|get|are paid)"
    r"|bill(?:ed|ing)? (?:rate|at)|minimum wage|last year|previously|formerly|manager's|supervisor's"
    r"|(?:not|never|n't|no longer) (?:(?:be|get|currently) )*(?:paid|compensated|pay|receive|earn))\b(?!.*\b(?:you(?:'ll| will| are)? (?:be |to )?(?:paid|receive|earn)|and (?:will|are) (?:be )?paid|your (?:base )?(?:pay|wage|salary))\b)"
)
_PERHAPS = re.compile(
    r"\b(?:range|between|up to|costs?|fees?|deposit|budget|revenue|valued?|worth|reimburs\w+|differential|holiday pay"
    r"|weekend|on-call|grant of|clients?|charge[ds]?|full-time employees|maximum|minimum|class|grade|sales|reserve|project of|bonds?|equivalent|usually|typically|after (?:the|your) (?:internship|graduation)|upon (?:conversion|graduation)|awarded to|budgeted|(?:on|under|by|from) (?:the|an?|our) (?:award|grant|contract|budget)|funds? of|raised|fund(?:ed|ing))\b"
)
_AFTER = re.compile(
    r"[^,;.(|]{0,30}?\b(?:for (?:any )?overtime|overtime|as overtime|(?:for|of) insurance)\b"
    r"|[^;.(|]{0,20}?\b(?:(?:do|does|is|are) not (?:apply|for|available)|is separate|for (?:volunteers|employees|staff)\b)"
)
_REACH = 90


def pay_role(amount: Amount, text: str, sentences: Sentences, typed: str) -> PayRole:
    """By the words of its clause before it, as far as the form does not use them itself; `text` is in lower case."""
    start = max(sentences.start(amount.start), amount.start - _REACH)
    clause = re.split(r"[;)$€£]|, (?:and|but) ", text[start : amount.start].rstrip("$€£ "))[-1]
    if _unsaid(_OTHER, clause, typed) or _AFTER.match(text[amount.end : amount.end + _REACH]):
        return PayRole.OTHER
    return PayRole.PERHAPS_OTHER if _unsaid(_PERHAPS, clause, typed) else PayRole.PAY


def _unsaid(form: re.Pattern[str], clause: str, typed: str) -> bool:
    return any(found[0].split()[0] not in typed for found in form.finditer(clause))
