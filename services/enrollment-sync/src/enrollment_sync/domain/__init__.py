"""The rules of enrollment, without any input or output."""

from cpt.campus.authorization import CoopContract
from enrollment_sync.domain.codes import CodeKind, Codes, UnknownCode
from enrollment_sync.domain.courses import Course, looks_like_training
from enrollment_sync.domain.enrollments import (
    Enrollments,
    StaleRead,
    as_if_latest,
    below,
    fold,
    merge,
    merge_read,
    with_careers,
)
from enrollment_sync.domain.evaluate import evaluate
from enrollment_sync.domain.evaluation import Evaluation, Finding, Flag, QualifyingClass
from enrollment_sync.domain.facts import Facts, Student
from enrollment_sync.domain.find import running_of
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.qualification import shortfall
from enrollment_sync.domain.rows import Row, TermWithdrawal, active, course_of
from enrollment_sync.domain.transition import (
    Cause,
    TermChange,
    carried,
    loss_cause,
    stands_as_before,
    transition,
    withdrawn_by,
)

__all__ = [
    "Cause",
    "CodeKind",
    "Codes",
    "CoopContract",
    "Course",
    "Enrollments",
    "Evaluation",
    "Facts",
    "Finding",
    "Flag",
    "Policy",
    "QualifyingClass",
    "Row",
    "StaleRead",
    "Student",
    "TermChange",
    "TermWithdrawal",
    "UnknownCode",
    "active",
    "as_if_latest",
    "below",
    "carried",
    "course_of",
    "evaluate",
    "fold",
    "looks_like_training",
    "loss_cause",
    "merge",
    "merge_read",
    "running_of",
    "shortfall",
    "stands_as_before",
    "transition",
    "with_careers",
    "withdrawn_by",
]
