"""Files for a spreadsheet: words instead of codes, Eastern times, and no cell that would be run as a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cpt.campus.clock import EASTERN

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def line_of(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(map(_cell, cells))
    return text.getvalue()


def _cell(value: Any) -> str:
    """A moment as `2026-09-08 10:02 ET`. A cell that begins like a formula would be run by spreadsheets, which read
    full-width signs as the others.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(EASTERN):%Y-%m-%d %H:%M} ET"
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA and not text.lstrip("-").isdigit() else text
