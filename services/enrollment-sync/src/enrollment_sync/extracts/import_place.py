"""`import-extract`: every file of a place that is new, oldest first; a report for people and an exit code for machines."""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Literal

from cpt.postgres import Database
from enrollment_sync.extracts.fields import FIELDS, Record
from enrollment_sync.extracts.import_extract import Extract, Row, import_extract
from enrollment_sync.extracts.mapping import Mapping
from enrollment_sync.extracts.places import Found, find_files, folder_for_copies
from enrollment_sync.extracts.read_extract import read_extract
from enrollment_sync.extracts.report import Report
from enrollment_sync.extracts.store import sql

APPLIED, NOT_TAKEN = 0, 1
_PROGRESS = 50_000
_STAMPS = {
    "%Y": r"\d{4}",
    "%m": r"\d\d",
    "%d": r"\d\d",
    "%H": r"\d\d",
    "%M": r"\d\d",
    "%S": r"\d\d",
    "%y": r"\d\d",
    "%j": r"\d{3}",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command's words ask for; what they leave open the mapping or the file's name says."""

    place: str
    record: Record | None
    mode: str | None
    taken_at: datetime | None
    accept_smaller: bool
    mapping: str


class NotNamed(Exception):
    """Nobody says what the file holds."""


def read_wish(words: list[str]) -> Wish:
    """Ends the process with a line of usage for words that are none."""
    parser = argparse.ArgumentParser(prog="import-extract", description=__doc__)
    parser.add_argument("place", help="a file, a folder, s3://bucket/prefix or https://…")
    parser.add_argument("--mapping", default="", help="how your site writes its extracts; absent: the delivered names")
    parser.add_argument(
        "--record", choices=list(FIELDS), help="what the file holds; absent: as its name fits the mapping"
    )
    parser.add_argument(
        "--mode", choices=["full", "delta"], help="all rows of its terms, or changed ones; absent: the mapping's"
    )
    parser.add_argument(
        "--taken-at", type=_instant, help="when it was taken, with its offset, such as 2026-09-30T02:00-04:00"
    )
    parser.add_argument(
        "--accept-smaller", action="store_true", help="a person has seen that the missing rows are gone indeed"
    )
    found = parser.parse_args(words)
    return Wish(found.place, found.record, found.mode, found.taken_at, found.accept_smaller, found.mapping)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("needs its offset from UTC")
    return found.astimezone(UTC)


async def import_place(
    database: Database, wish: Wish, site: Mapping, now: datetime, by: str, min_share: float
) -> list[Report]:
    """One report for each file that was not imported before. Raises NoPlace, NotNamed."""
    patterns = [mapping.files for record in FIELDS if (mapping := site.of(record))]
    reports = list[Report]()
    with folder_for_copies() as copies:
        found = [one async for one in find_files(wish.place, copies, patterns)]
        planned = [(taken_at(one.name, site) or one.modified_at, record_of(one.name, wish, site), one) for one in found]
        for stamped, record, one in sorted(
            planned, key=lambda plan: (plan[0], list(FIELDS).index(plan[1]), plan[2].name)
        ):
            async with database.connection() as connection:
                before = await connection.fetchval(sql.is_imported, record, one.name[:500], one.size, one.modified_at)
            if before:
                print(f"{one.name}: imported before. Nothing to do.")  # noqa: T201 a command's answer
                continue
            extract = _extract(one, record, wish, site, stamped)
            report = await import_extract(
                database, extract, now, by, min_share=min_share, accept_smaller=wish.accept_smaller
            )
            print("\n".join(report.lines()))  # noqa: T201 a command's answer
            reports.append(report)
    return reports


def _extract(found: Found, record: Record, wish: Wish, site: Mapping, stamped: datetime) -> Extract:
    mapping = site.of(record)
    assert mapping is not None
    mode: Literal["full", "delta"] = "full" if (wish.mode or mapping.mode) == "full" else "delta"
    rows = _with_progress(read_extract(found.path, record, site), found.name)
    at = wish.taken_at or stamped
    return Extract(record, mode, rows, found.name, found.size, found.modified_at, at)


def record_of(name: str, wish: Wish, site: Mapping) -> Record:
    """Raises NotNamed for a name that fits none, or several, of the mapping's patterns."""
    if wish.record:
        fitting = [wish.record] if site.of(wish.record) else []
    else:
        fitting = [record for record in FIELDS if (mapping := site.of(record)) and fnmatch(name, mapping.files)]
    if len(fitting) != 1:
        raise NotNamed(f"{name}: say with --record what it holds; the mapping's patterns do not tell.")
    return fitting[0]


def taken_at(name: str, site: Mapping) -> datetime | None:
    """As the file's name tells, in the mapping's zone."""
    if not site.taken_at:
        return None
    expression = re.escape(site.taken_at)
    for stamp, digits in _STAMPS.items():
        expression = expression.replace(re.escape(stamp), digits)
    for found in re.findall(rf"(?<!\d){expression}(?!\d)", name):
        try:
            return datetime.strptime(found, site.taken_at).replace(tzinfo=site.tz).astimezone(UTC)
        except ValueError:
            continue
    return None


def _with_progress(rows: Iterable[Row], name: str) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % _PROGRESS == 0:
            print(f"{name}: {number:,} rows", file=sys.stderr)  # noqa: T201 a long step shows progress
        yield row
