"""Which university this is: names that people read, and the state whose holidays its office keeps."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class University:
    """`state`: the postal abbreviation; `institution`: PeopleSoft's code; `letter_words`: what a letter calls it."""

    name: str = "UMass Amherst"
    full_name: str = "University of Massachusetts Amherst"
    office: str = "International Programs Office"
    state: str = "MA"
    state_name: str = "Massachusetts"
    institution: str = "UMAMH"
    letter_words: frozenset[str] = frozenset({"umass", "university", "massachusetts"})


USUAL = University()
HERE: ContextVar[University] = ContextVar("university", default=USUAL)
"""What this process was started with, the same in every service."""
