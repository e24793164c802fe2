"""`import-experiences FILE`: an export of Handshake as CSV; what it tells is told as its API would."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from cpt.contracts.attributes import is_key
from cpt.contracts.campus import AgreementChanged
from cpt.postgres import Database
from intake.handshake.mapping import FIELDS, Words, data_of
from intake.handshake.tell_experiences import tell_experiences

MOST_ROWS = 200_000
MOST_BYTES = 200 * 2**20
_SHOWN = 50


class Fault(NamedTuple):
    """For people; `row` is the line of the file."""

    row: int
    column: str
    value: str
    what: str


class NotWhole(Exception):
    """Nothing of the file was taken; says why and what to do."""


@dataclass(slots=True)
class Report:
    """`parked`: rows that go on as they are, and wait for a person; `skipped`: nobody knows whose they are."""

    rows: int = 0
    changed: int = 0
    skipped: int = 0
    faults: list[Fault] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{self.rows:,} rows read, {self.changed:,} experiences are new or have changed, {self.skipped:,} were left out."
        for fault in self.faults[:_SHOWN]:
            yield f"  row {fault.row}, column {fault.column}: {fault.value!r} {fault.what}"
        if len(self.faults) > _SHOWN:
            yield f"  … {len(self.faults):,} faults in all."


async def import_experiences(database: Database, path: Path, words: Words, now: datetime) -> Report:
    """A row without student or id is left out and said; any other fault goes on, to be parked. Raises NotWhole."""
    report, told = Report(), []
    for row, experience in read_rows(path, words):
        report.rows += 1
        data = data_of(experience, words)
        faults = list(faults_of(row, data, words))
        report.faults += faults
        if is_key(data["agreement_id"]) and is_key(data["emplid"]):
            told.append(data)
        else:
            report.skipped += 1
    if not report.rows:
        raise NotWhole("The file has no rows: see what the export selects.")
    if report.skipped > max(10, report.rows // 2):
        raise NotWhole(f"{report.skipped:,} of {report.rows:,} rows name no student or no id: correct the mapping.")
    async with database.transaction() as connection:
        report.changed = await tell_experiences(connection, told, now)
    return report


def read_rows(path: Path, words: Words) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Raises NotWhole."""
    reader = csv.reader(_text(path).splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if absent := [name for one in FIELDS if (name := getattr(words.fields, one)) not in header]:
            raise NotWhole(f"The header lacks {', '.join(absent)}: name the columns in the mapping.")
        for row in filter(None, reader):
            number = reader.line_num
            if number > MOST_ROWS:
                raise NotWhole(f"The file has more than {MOST_ROWS:,} rows: export fewer terms.")
            if len(row) != len(header):
                raise NotWhole(f"Row {number} has {len(row)} columns, the header has {len(header)}: export it again.")
            yield number, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise NotWhole(f"Row {reader.line_num} cannot be split into columns ({error}): export it again.") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotWhole(f"The file has more than {MOST_BYTES // 2**20} MiB: export fewer terms.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotWhole(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NotWhole("The file is not written in UTF-8: export it again as CSV UTF-8.") from None
    if not text.endswith("\n"):
        raise NotWhole("The file ends in the middle of a line: export it again.")
    return text


def faults_of(row: int, data: Mapping[str, str], words: Words) -> Iterator[Fault]:
    """By what judges every event of Handshake."""
    try:
        AgreementChanged.model_validate({**data, "version": 1})
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            column = getattr(words.fields, name, name)
            yield Fault(
                row,
                column,
                str(data.get(name, ""))[:40],
                f"{fault['msg']}. Correct it in Handshake, or give the word a meaning in the mapping.",
            )
    for name in ("agreement_id", "emplid"):
        if not data[name]:
            yield Fault(row, getattr(words.fields, name), "", "is blank. The row was left out: give it in Handshake.")
