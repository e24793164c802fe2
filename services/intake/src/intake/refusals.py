"""Which refusal is which answer."""

from cpt.web.handlers import Refusals
from cpt.web.problems import FieldError, Problem, not_found, overload, plain_problem
from intake.documents.refusals import Code, DocumentRefused, DocumentsUnavailableError
from intake.domain.lifecycle import Refused
from intake.domain.terms import NoSuchTerm
from intake.store import NoSuchRequest
from intake.student.fetch_i20 import I20Damaged
from intake.student.quotas import QuotaReached
from intake.student.submit_request import KeyUsedBefore

_STATUSES = {Code.OVERSIZE: 413, Code.WRONG_TYPE: 415}


def _document(error: DocumentRefused) -> Problem:
    """The code says why; nothing was received (case 35)."""
    return Problem(_STATUSES.get(error.code, 422), error.code.value, "This file was not received", error.message)


def _term(error: NoSuchTerm) -> Problem:
    return plain_problem(422, errors=[FieldError("term", "invalid", str(error))])


def _key(_: KeyUsedBefore) -> Problem:
    detail = "This Idempotency-Key was used for another submission. Use a new key for a new one."
    return Problem(409, "key_used_before", "The key was used before", detail)


def _quota(error: QuotaReached) -> Problem:
    if error.again_after is None:
        return Problem(409, error.code, "There is no room for this", str(error))
    wait = {"Retry-After": str(int(error.again_after.total_seconds()))}
    return Problem(429, error.code, "There is no room for this today", str(error), headers=wait)


REFUSALS: Refusals = {
    NoSuchRequest: lambda _: not_found(),
    Refused: lambda error: Problem(409, error.code, "This is not possible now", str(error)),
    KeyUsedBefore: _key,
    DocumentRefused: _document,
    DocumentsUnavailableError: lambda _: overload(503, 5),
    QuotaReached: _quota,
    NoSuchTerm: _term,
    I20Damaged: lambda _: overload(503, 60),
}
