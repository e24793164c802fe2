"""Whether words about pay say that there is none (R13, case 32); judged so that a doubt counts as paid."""

import re
from collections.abc import Iterator

from .money import typed_amounts
from .words import listed, plain

_CLAUSE_END = re.compile(r"[,;.!?()\n/]|\s-+\s|\b(?:but|and|with|plus|only)\b")
_WORD = re.compile(r"[^\W_]+(?:'t)?")
_NONE = frozenset(
    listed("unpaid nonpaid uncompensated unsalaried unremunerated volunteer volunteers volunteering voluntary none")
)
_NOT = frozenset(listed("no not non un without neither nor zero isn't won't aren't doesn't"))
_PAY = frozenset(
    listed(
        "pay paid payment payments salary salaried salaries wage wages compensation compensated remuneration monetary"
    )
)
_REWARD = frozenset(
    listed(
        "stipend stipends scholarship scholarships fellowship fellowships assistantship grant bursary honorarium bonus "
        "commission commissions tips hourly earn earns housing room board lodging accommodation meals allowance equity "
        "stock shares tuition"
    )
)
_BESIDE = frozenset(
    listed(
        "a an the this that it is are will be as on in of for to or any i you we there student students intern interns work "
        "working internship externship position role job training placement practicum opportunity experience offer basis "
        "type academic course college credit credits money receive receives get gets financial cash form kind other fully "
        "completely entirely"
    )
)


def says_unpaid(text: str) -> bool:
    """One clause says so in words that say nothing else, and no amount and no other word of pay stands beside it:
    "unpaid lunch break" and "stipend; otherwise unpaid" are paid.
    """
    clauses = list(_clauses(text))
    unpaid = [words for words in clauses if _is_unpaid(words)]
    beside = frozenset[str]().union(*(words for words in clauses if words not in unpaid))
    return bool(unpaid) and beside.isdisjoint(_PAY | _REWARD) and not any(a.value for a in typed_amounts(text))


def _clauses(text: str) -> Iterator[frozenset[str]]:
    for clause in _CLAUSE_END.split(plain(text).casefold()):
        if words := frozenset(_WORD.findall(clause)):
            yield words


def _is_unpaid(words: frozenset[str]) -> bool:
    if not words <= _NONE | _NOT | _PAY | _REWARD | _BESIDE:
        return False
    if words & _NOT:
        return bool(words & (_PAY | _REWARD))
    return bool(words & _NONE) and words.isdisjoint(_REWARD)
