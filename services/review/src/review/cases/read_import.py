"""The office's list of authorizations from before this system: a CSV, every fault of every row named at once."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from review.cases.import_row import Frame, ImportRow


class Faulty(Exception):
    """Nothing was stored; `faults` name row, column and reason, and no value."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def read_import(content: bytes, frame: Frame) -> list[ImportRow]:
    """Raises `Faulty`."""
    rows: list[ImportRow] = []
    faults: list[str] = []
    for number, row in _lines(content):
        try:
            rows.append(ImportRow.model_validate(row, context=frame))
        except ValidationError as error:
            faults += [f"row {number}: {fault}" for fault in _explained(error)]
    faults += [f"key {key}: {times} rows have it" for key, times in Counter(r.key for r in rows).items() if times > 1]
    if faults or not rows:
        raise Faulty(faults or ["the file holds no row"])
    return rows


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbered as a spreadsheet shows them; an empty cell is an absent one. Raises `Faulty`."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), restkey="", strict=True)
        columns = list(reader.fieldnames or ())
        known = ImportRow.model_fields
        faults = [f"column {name}: unknown" for name in columns if name not in known]
        faults += [f"column {name}: missing" for name, f in known.items() if f.is_required() and name not in columns]
        faults += [f"column {name}: twice" for name, times in Counter(columns).items() if times > 1]
        if faults:
            raise Faulty(faults)
        for number, row in enumerate(reader, 2):
            yield number, {name: cell for name, cell in row.items() if cell}
    except (UnicodeDecodeError, csv.Error) as error:
        raise Faulty([f"the file is no CSV in UTF-8: {error}"]) from None


def _explained(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_input=False, include_url=False):
        column = fault["loc"][0] or "a cell beyond the last column"
        yield f"{column}: {'missing' if fault['type'] == 'missing' else fault['msg'].removeprefix('Value error, ')}"
