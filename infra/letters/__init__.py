"""Real offer letters as PDF files, made from the form a student fills in, for demonstrations and tests."""

from .layouts import LAYOUTS, offer_letter
from .sheet import scanned
from .wording import Wording

__all__ = ["LAYOUTS", "Wording", "offer_letter", "scanned"]
