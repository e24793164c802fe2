"""What is stored of a student as JSON. Its values are frozen, and the registrar sends events about the watched ones again and
again: a text that was read lately is not read and validated anew.
"""

from functools import lru_cache

from cpt.contracts.values import Facts, StudentProfile
from enrollment_sync.watch import Basis, Issued

_remembered = lru_cache(maxsize=2_048)  # texts of each kind


@_remembered
def profile_of(text: str) -> StudentProfile:
    return StudentProfile.model_validate_json(text)


@_remembered
def facts_of(text: str) -> Facts:
    return Facts.model_validate_json(text)


@_remembered
def issued_of(text: str) -> Issued:
    return Issued.model_validate_json(text)


@_remembered
def basis_of(text: str) -> Basis:
    return Basis.model_validate_json(text)
