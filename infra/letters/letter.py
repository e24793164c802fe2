"""One letter as its layouts see it: the form's facts, the employer's wording, and what is left out."""

from collections.abc import Collection
from dataclasses import dataclass

from .wording import CLOSING, Facts, Wording, place, rows, sentences


@dataclass(frozen=True)
class Letter:
    facts: Facts
    wording: Wording
    omit: Collection[str]

    @property
    def name(self) -> str:
        return "" if "employer" in self.omit else self.facts["employer"]

    @property
    def address(self) -> str:
        if "mailing_address" in self.omit or not self.facts.get("employer_address"):
            return ""
        return place(self.facts["employer_address"], postal_code="postal_code" not in self.omit)

    @property
    def head(self) -> str:
        return "" if "letterhead" in self.omit else f"{self.name}\n{self.address}".strip()

    @property
    def greeting(self) -> str:
        student = self.wording.student
        return f"{student}\n300 Massachusetts Avenue\nAmherst, MA 01003\n\nDear {student}:"

    @property
    def tail(self) -> str:
        """The signature names the employer, with the address where no letterhead does."""
        return f"{CLOSING}\n{self.name}" + (f"\n{self.address}" if "letterhead" in self.omit else "")

    @property
    def paragraphs(self) -> list[str]:
        return list(sentences(self.facts, self.wording, self.omit).values())

    @property
    def rows(self) -> list[tuple[str, str]]:
        return rows(self.facts, self.wording, self.omit)
