"""A file of rows → entries and faults, one after the other; whatever shows that it is not whole refuses all of it."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from enrollment_sync.extracts.fields import FIELDS, Entry, Fault, Forms, Record
from enrollment_sync.extracts.mapping import Mapping as SiteMapping
from enrollment_sync.extracts.mapping import RecordMapping, names_of, slice_of
from enrollment_sync.extracts.read_row import read_row

MOST_ROWS = 5_000_000
_LONGEST_LINE = 20_000
_AGAIN = "Have the extract made and sent again; nothing of this file was taken."
Line = tuple[int, str]
Texts = tuple[int, Mapping[str, str] | Fault]


class NotWhole(Exception):
    """The file proves nothing; its fault says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def read_extract(path: Path, record: Record, site: SiteMapping) -> Iterator[tuple[Entry | None, list[Fault]]]:
    """One for each row. Raises NotWhole, also at its end; what was read before counts for nothing then."""
    mapping = site.of(record)
    assert mapping is not None
    forms = forms_of(site, record)
    with _opened(path) as raw:
        lines = _counted(_lines(raw, site), site)
        rows = _csv(lines, record, mapping, site) if site.form == "csv" else _fixed(lines, mapping)
        for number, texts in rows:
            yield (None, [texts]) if isinstance(texts, Fault) else read_row(number, record, texts, forms)


def forms_of(site: SiteMapping, record: Record) -> Forms:
    mapping = site.of(record)
    columns = {name: " ".join(names_of(column)) for name, column in mapping.columns.items()} if mapping else {}
    return Forms(tuple(site.dates), tuple(site.times), site.decimal, site.tz, columns)


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _lines(raw: BinaryIO, site: SiteMapping) -> Iterator[Line]:
    """Decoded, without their ends; a last line that has no end was cut off."""
    number = 0
    try:
        while line := raw.readline(_LONGEST_LINE + 1):
            number += 1
            _require_line(number, line)
            text = line.decode(site.encoding if number == 1 else site.encoding.removesuffix("-sig"))
            if stripped := text.rstrip("\r\n"):
                yield number, stripped
    except UnicodeDecodeError:
        raise NotWhole(
            Fault(number, "", "", f"is not written in {site.encoding}", "Name the file's encoding in the mapping.")
        ) from None
    except (EOFError, OSError, zlib.error):
        raise NotWhole(Fault(number, "", "", "the file breaks off or is damaged", _AGAIN)) from None


def _require_line(number: int, line: bytes) -> None:
    if len(line) > _LONGEST_LINE:
        raise NotWhole(Fault(number, "", "", f"is longer than {_LONGEST_LINE:,} characters", _AGAIN))
    if not line.endswith(b"\n"):
        raise NotWhole(Fault(number, "", "", "ends without a line break: the file breaks off here", _AGAIN))
    if number > MOST_ROWS:
        raise NotWhole(
            Fault(number, "", "", f"the file has more than {MOST_ROWS:,} rows", "Send it in parts, by term.")
        )


def _counted(lines: Iterator[Line], site: SiteMapping) -> Iterator[Line]:
    """Without the trailer, whose number must be that of the rows before it."""
    if not site.trailer:
        yield from lines
        return
    trailer, rows, told = re.compile(site.trailer), 0, None
    for number, line in lines:
        if told is not None:
            raise NotWhole(Fault(number, "", "", "stands after the trailer", _AGAIN))
        if found := trailer.fullmatch(line):
            told = found[1]
            continue
        rows += 1
        yield number, line
    rows -= site.form == "csv"  # its header is no row
    if told is None:
        raise NotWhole(Fault(0, "", "", "the trailer is missing: the file breaks off", _AGAIN))
    if not (told.isdecimal() and int(told) == rows):
        raise NotWhole(
            Fault(0, "", told[:40], f"the trailer tells another number of rows than the {rows:,} there are", _AGAIN)
        )


def _csv(lines: Iterator[Line], record: Record, mapping: RecordMapping, site: SiteMapping) -> Iterator[Texts]:
    at = [0]

    def texts() -> Iterator[str]:
        for number, line in lines:
            at[0] = number
            yield line

    rows = csv.reader(texts(), delimiter=site.delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        columns = _columns(header, record, mapping)
        for row in rows:
            if len(row) != len(header):
                what = f"has {len(row)} columns, the header has {len(header)}"
                yield (
                    at[0],
                    Fault(
                        at[0],
                        "",
                        "",
                        what,
                        "See that the delimiter is as the mapping says and that texts with it are quoted.",
                    ),
                )
            else:
                yield at[0], {name: " ".join(row[place] for place in places) for name, places in columns.items()}
    except csv.Error as error:
        do = "See that quotes inside of a text are doubled."
        raise NotWhole(Fault(at[0], "", "", f"cannot be split into columns ({error})", do)) from None


def _columns(header: list[str], record: Record, mapping: RecordMapping) -> Mapping[str, list[int]]:
    """Where each field stands; one that is not needed may be absent. Raises NotWhole naming every column that is."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    places = {name: place for place, name in enumerate(header)}
    absent = [
        one
        for name, column in mapping.columns.items()
        if FIELDS[record][name].required
        for one in names_of(column)
        if one not in places
    ]
    if not header or absent or twice:
        what = "the file is empty" if not header else ""
        what = what or (
            f"the header has {', '.join(twice[:5])} twice" if twice else f"the header lacks {', '.join(absent)}"
        )
        raise NotWhole(Fault(1, "", "", what, "Name the file's columns in the mapping, or add them to the query."))
    return {
        name: [places[one] for one in names_of(column)]
        for name, column in mapping.columns.items()
        if all(one in places for one in names_of(column))
    }


def _fixed(lines: Iterator[Line], mapping: RecordMapping) -> Iterator[Texts]:
    """Trailing blanks may be cut off, a place of the key may not."""
    places = {name: [slice_of(place) for place in names_of(column)] for name, column in mapping.columns.items()}
    first = next(lines, None)
    if first is None:
        raise NotWhole(Fault(0, "", "", "the file is empty", _AGAIN))
    width = max(place.stop for several in places.values() for place in several)
    for number, line in chain([first], lines):
        if len(line) > width + _LONGEST_LINE // 2:
            yield (
                number,
                Fault(
                    number,
                    "",
                    "",
                    "is much longer than the places of the mapping",
                    "See that each row ends with a line break.",
                ),
            )
        else:
            yield number, {name: " ".join(line[place] for place in several).strip() for name, several in places.items()}
