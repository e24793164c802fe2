"""Whether one class satisfies the requirement of its term and, if not, what it falls short of."""

from decimal import Decimal
from typing import Literal, get_args

from enrollment_sync.domain.facts import Facts
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.rows import Row, TermWithdrawal, audited, withdrawn_late

Shortfall = Literal[
    "wait_listed",
    "audit",
    "too_few_credits",
    "continuous_enrollment_only",
    "withdrawn",
    "not_enrolled",
]
NEAREST_FIRST: tuple[Shortfall, ...] = get_args(Shortfall)


def shortfall(row: Row, ended: TermWithdrawal | None, facts: Facts, policy: Policy) -> Shortfall | None:
    """None for a class that qualifies. `ended`: the withdrawal that ends it, if any. What can least be mended is named, so a 999 on a wait list is a 999."""
    if left := _left(row, policy, ended=ended is not None):
        return left
    if facts.student.is_graduate and is_continuous(row, policy):
        return "continuous_enrollment_only"
    if policy.codes.standing(row.status) == "wait_listed":
        return "wait_listed"
    if audited(row, policy.codes):
        return "audit"
    return "too_few_credits" if row.units < minimum_units(row, facts, policy) else None


def minimum_units(row: Row, facts: Facts, policy: Policy) -> Decimal:
    """Credit is needed (A11, R30), except for a co-op's own row (A13) and an undergraduate's required practicum."""
    if is_coop_row(row, policy) and facts.is_coop:
        return Decimal(0)
    if facts.route == "required" and not facts.student.is_graduate:
        return Decimal(0)
    return policy.credit_minimum


def is_continuous(row: Row, policy: Policy) -> bool:
    return row.course[1] in policy.codes.continuous_numbers


def is_coop_row(row: Row, policy: Policy) -> bool:
    return " ".join(row.course) in policy.codes.coop_courses


def _left(row: Row, policy: Policy, *, ended: bool) -> Shortfall | None:
    """A place on the wait list was never an enrollment, so losing it is no withdrawal."""
    standing = policy.codes.standing(row.status)
    if standing == "wait_listed":
        return "not_enrolled" if ended else None
    if standing == "dropped" and policy.codes.reason(row.reason) == "never_enrolled":
        return "not_enrolled"
    return "withdrawn" if ended or standing == "dropped" or withdrawn_late(row, policy.codes) else None
