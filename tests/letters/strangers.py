"""Offer letters written before the matcher was read, one TOML file each; `«fact|words»` marks what states a fact."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from infra.letters.sheet import Sheet, printable
from intake.letter import Address, LetterText, TypedFacts
from tests.letters.factory import text_of, with_ligatures

_MARK = re.compile(r"«(?P<fact>\w+)\|(?P<words>.*?)»", re.DOTALL)


@dataclass(frozen=True)
class Stranger:
    name: str
    told: dict[str, Any]

    @property
    def facts(self) -> TypedFacts:
        told = self.told
        return TypedFacts(
            employer=told["employer"],
            mailing_address=Address(*told["mailing_address"]),
            job_title=told["job_title"],
            duties=told["duties"],
            hours_per_week=Decimal(told["hours_per_week"]),
            start_date=date.fromisoformat(told["start_date"]),
            end_date=date.fromisoformat(told["end_date"]),
            work_locations=tuple(Address(*place) for place in told["work_locations"]),
            compensation=told["compensation"],
        )

    def read(self, *omit: str) -> LetterText:
        """As intake reads the upload; letters that core fonts cannot write are taken as text."""
        parts = {part: without(omit, self.told.get(part, "")) for part in ("head", "foot", "letter")}
        if self.told.get("paper") == "text":
            return LetterText.of(parts["letter"])
        pdf = bytes(_set(parts["letter"].strip("\n"), Sheet(parts["head"], parts["foot"])).output())
        return text_of(with_ligatures(pdf) if self.told.get("paper") == "ligatures" else pdf)


def marks_of(text: str) -> list[str]:
    """The facts of which the text marks what states them."""
    return sorted({mark["fact"] for mark in _MARK.finditer(text)})


def without(omit: tuple[str, ...], text: str) -> str:
    return _MARK.sub(lambda mark: "" if mark["fact"] in omit else mark["words"], text)


def _set(letter: str, sheet: Sheet) -> Sheet:
    """A form feed begins a page; lines with a bar are the rows of a table; all others are set as they stand."""
    for number, page in enumerate(letter.split("\f")):
        if number:
            sheet.add_page()
        for block in re.findall(r"(?:^[^|\n]* \| [^|\n]*(?:\n|\Z))+|(?:^[^\n]*\n?)", page, re.MULTILINE):
            _set_block(block, sheet)
    return sheet


def _set_block(block: str, sheet: Sheet) -> None:
    if block.count(" | ") < 2 or "\n" not in block.strip():
        sheet.say(block.rstrip("\n") or " ")
        return
    with sheet.table(col_widths=(1, 3)) as table:
        for row in block.strip().splitlines():
            table.row([printable(cell.strip()) for cell in row.split(" | ")])


STRANGERS = [
    Stranger(path.stem, tomllib.loads(path.read_text("utf-8")))
    for path in sorted(Path(__file__).with_name("strangers").glob("*.toml"))
]
