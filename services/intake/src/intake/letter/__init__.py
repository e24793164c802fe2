"""The letter check as a pure function of the letter's text and the facts typed by the student."""

from .check_letter import FACTS, check_letter
from .facts import Address, TypedFacts
from .report import Finding, Flag, LetterReport, Outcome, Spot
from .text import LetterText, Line, Page
from .unpaid import says_unpaid

__all__ = [
    "FACTS",
    "Address",
    "Finding",
    "Flag",
    "LetterReport",
    "LetterText",
    "Line",
    "Outcome",
    "Page",
    "Spot",
    "TypedFacts",
    "check_letter",
    "says_unpaid",
]
