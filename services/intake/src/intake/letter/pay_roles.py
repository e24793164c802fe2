"""Whether an amount of the letter is the pay, or money of another kind (R10)."""

import re
from enum import IntEnum

from .benefits import benefits_in
from .clauses import Governed, by_other_people, clause_before, governed, of_the_past
from .money import Amount
from .sentences import Sentences


class PayRole(IntEnum):
    """From the least to the most likely to be the pay."""

    OTHER = 0
    PERHAPS_OTHER = 1
    PAY = 2


_OTHER = re.compile(
    r"\b(?:overtime|over-time|ot (?:pay )?rate|time[- ]and[- ]a[- ]half|1\.5 (?:times|x)|double time|of which|installments? of|instalments? of|(?:payments|parts) of"
    r"|insurance|polic(?:y|ies) (?:of|for)|coverage|liable|liabilit(?:y|ies)|penalty|damages|deductible|parking"
    r"|(?:employees|staff|contractors|consultants|associates|engineers|workers|others) (?:\w+ ){0,2}?(?:earn|make|receive|get|are paid)"
    r"|bill(?:ed|ing)? (?:rate|at)|minimum wage|last year|previously|formerly|manager's|supervisor's"
    r"|(?:not|never|n't|no longer) (?:(?:be|get|currently) )*(?:paid|compensated|pay|receive|earn))\b(?!.*\b(?:you(?:'ll| will| are)? (?:be |to )?(?:paid|receive|earn)|and (?:will|are) (?:be )?paid|your (?:base )?(?:pay|wage|salary))\b)"
)
_PERHAPS = re.compile(
    r"\b(?:range|between|up to|costs?|fees?|deposit|budget|revenue|valued?|worth|reimburs\w+|differential|holiday pay|(?:on|for) (?:the |public )?holidays"
    r"|weekend|on-call|grant of|clients?|charge[ds]?|full-time employees|maximum|minimum|class|grade|another offer|sales|reserve|project of|bonds?|equivalent|usually|typically|after (?:the|your) (?:internship|graduation)|upon (?:conversion|graduation)|awarded to|budgeted|(?:on|under|by|from) (?:the|an?|our) (?:award|grant|contract|budget)|funds? of|raised|fund(?:ed|ing))\b"
)
_AFTER = re.compile(
    r"[^,;.(|]{0,30}?\b(?:for (?:any )?overtime|overtime|as overtime|for (?:\w+ )?(?:time|hours|work) (?:beyond|over|above|outside|past)|(?:for|of) insurance)\b"
    r"|[^;.(|]{0,20}?\b(?:(?:do|does|is|are) not (?:apply|for|available)|is separate|for (?:volunteers|employees|staff)\b)"
)
_PAY = re.compile(
    r"\b(?:pay|paid|pays|wages?|salar\w+|stipend|compensat\w+|remunerat\w+|rates?|earn|receive|base|scale|gross|fellowship|scholarship"
    r"|honorarium|award|offer\w*|make|money|allowance)\b"
)
_LOWER_END = re.compile(r"\S*\d[\d.,']* ?(?:-|to|and|through)$")  # "a range of $16.90 to" leads to its upper end, too
_ITEM = 3  # words before an amount in a list
_REACH = 90


def pay_role(amount: Amount, text: str, sentences: Sentences, typed: str) -> PayRole:
    """By the words of its clause before it, as far as the form does not use them itself; `text` is in lower case."""
    start = max(sentences.start(amount.start), amount.start - _REACH)
    before = text[start : amount.start].rstrip("$€£ ")
    before = _LOWER_END.sub("", before) if amount.ranged else before
    clause = re.split(r"[;)$€£]|, (?:and|but) ", before)[-1]
    if _unsaid(_OTHER, clause, typed) or _AFTER.match(
        text[amount.end : min(sentences.end(amount.start), amount.end + _REACH)]
    ):
        return PayRole.OTHER
    past = of_the_past(text, sentences, amount.start) or by_other_people(text, sentences, amount.start)
    return PayRole.PERHAPS_OTHER if past or _unsaid(_PERHAPS, clause, typed) else PayRole.PAY


def _unsaid(form: re.Pattern[str], clause: str, typed: str) -> bool:
    """Whether it finds words of which the form has not all."""
    words = (word for found in form.finditer(clause) for word in found[0].split())
    return any(not re.search(rf"\b{re.escape(word)}", typed) for word in words)


def of_others(amount: Amount, text: str, sentences: Sentences) -> bool:
    """Whether its clause gives it to others, or names it as a limit or for comparison."""
    return governed(text, sentences, amount.start, amount.end) is Governed.BY_OTHERS


def tells_pay(amount: Amount, text: str, sentences: Sentences, typed: str) -> bool:
    """Whether words of pay lead to it, or a benefit that the form names, and no others' pay and no limit."""
    clause = clause_before(text, sentences, amount.start)
    if of_others(amount, text, sentences):
        return False
    if benefits := benefits_in(clause):
        return not benefits.keys().isdisjoint(benefits_in(typed))
    return bool(_PAY.search(clause)) or bool(amount.units and len(clause.split()) <= _ITEM)
