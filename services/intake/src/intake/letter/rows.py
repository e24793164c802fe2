"""Where a line of the letter begins something new: a paragraph, a row of a table, an item; `NEW` marks it in the text."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .date_forms import MONTH_NAMES
from .text import SAME_ROW, Line, PlacedLine

NEW = "\u00b6"
_CELL = " | "
_LABEL = re.compile(r"[^\W_][\w /()&.'\u2019-]{1,38}?[ \t]?:[ \t]")
_LEADER = re.compile(r" ?(?:\.{3,}|(?:\. ){3,}|_{3,}|\u2026+)[ .]*(?=[^\s.])")  # "Position ........ Intern"
_BULLET = re.compile(r"[-*\u2022\u25cf\u25aa] ")
_GAP = re.compile(r"\S {3,}\S")  # between the cells of a row
_VALUE = re.compile(r"[\d$\u20ac\u00a3\u20b9]")
_HANGS = re.compile(
    rf"\b(?:a|an|the|of|at|to|for|in|with|by|as|and|or|your|our|their|his|her|its|from|on|will|shall|be|per|is|are|{MONTH_NAMES})$",
    re.IGNORECASE,
)  # a line never ends on purpose with such a word
_LONGEST_HANGING = 12  # letters, with the blank before
_SAME_LEFT = 0.02  # of the page's width
_LABEL_WORDS = 3  # a line of so few words may be the label of the next one
_LEAST_COLUMNS = 2
_ROOM = 1.15  # times its width that a word needs at least, since letters differ in width


def told(lines: list[PlacedLine]) -> str:
    """The lines in their order; a blank line of a text given without places parts as a paragraph does."""
    written = [one for one in lines if one.line.text.strip()]
    begins = {id(one): True for one in _after_blanks(lines)}
    margins = _right_margins(written)
    parts = list[str]()
    for index, one in enumerate(written):
        before = written[index - 1] if index else None
        if before and _same_row(before, one):
            parts.append(_CELL)
        elif not before or begins.get(id(one)) or _new(before, one, margins) or _opens_row(written, index):
            parts.append(f"\n{NEW} ")
        else:
            parts.append("\n")
        parts.append(_without_leaders(one.line.text))
    return "".join(parts).lstrip(f"\n{NEW} ")


def paired(written: str) -> str:
    """The same with each value of a table beside the heading of its column, where a row of headings stands over it."""
    rows = written.split(f"\n{NEW} ")
    for index in range(1, len(rows)):
        headings, values = _cells(rows[index - 1]), _cells(rows[index])
        if len(headings) == len(values) > _LEAST_COLUMNS and _heads(headings) and _VALUE.search(rows[index]):
            rows[index] = f"\n{NEW} ".join(f"{head}: {value}" for head, value in zip(headings, values, strict=True))
    return f"\n{NEW} ".join(rows)


def _cells(row: str) -> list[str]:
    return re.split(r" \| | {3,}|\t+", row.strip())


def _heads(cells: Iterable[str]) -> bool:
    return all(len(cell.split()) <= _LABEL_WORDS and not re.search(r"\d|:", cell) for cell in cells)


def _without_leaders(text: str) -> str:
    """A row of dots leads from a label to its value, as a new cell does; a line to sign on leads to nothing."""
    return _LEADER.sub(_CELL, text) if _LEADER.search(text) and text.lstrip()[:1].isalnum() else text


def _after_blanks(lines: list[PlacedLine]) -> Iterator[PlacedLine]:
    for before, one in pairwise(lines):
        if not before.line.text.strip() and before.page == one.page:
            yield one


def _right_margins(lines: Iterable[PlacedLine]) -> dict[tuple[int, int], float]:
    """How far the lines reach that begin at the same left edge of a page."""
    margins: dict[tuple[int, int], float] = {}
    for one in lines:
        at = _column(one)
        margins[at] = max(margins.get(at, 0.0), _right(one.line))
    return margins


def _column(one: PlacedLine) -> tuple[int, int]:
    return one.page, round(one.line.left / _SAME_LEFT)


def _right(line: Line) -> float:
    return line.right or len(line.text)


def _new(before: PlacedLine, one: PlacedLine, margins: dict[tuple[int, int], float]) -> bool:
    """Whether the line was begun on purpose: its first word had had room in the line before it, or it is a label or item."""
    text, last = one.line.text.lstrip(), before.line.text.rstrip()
    if _GAP.search(text) or _BULLET.match(text) or _LABEL.match(text) or _CELL in text:
        return True
    if (
        before.page != one.page
        or text[0].islower()
        or last.endswith((":", ",", "-", "|"))
        or _HANGS.search(last[-_LONGEST_HANGING:])
    ):
        return False
    if not re.search(r"\d", last) and (len(last.split()) <= _LABEL_WORDS or _VALUE.match(text)):
        return False
    if one.line.bottom and one.line.top - before.line.bottom > 0.9 * (one.line.bottom - one.line.top):
        return True
    width = _right(before.line) - before.line.left
    word = width / max(len(last), 1) * (len(text.split()[0]) + 1)
    return _right(before.line) + _ROOM * word < margins[_column(before)]


def _same_row(before: PlacedLine, one: PlacedLine) -> bool:
    return bool(
        one.line.right
        and before.page == one.page
        and abs(one.line.top - before.line.top) < SAME_ROW
        and one.line.left >= before.line.right
    )


def _opens_row(lines: list[PlacedLine], index: int) -> bool:
    return index + 1 < len(lines) and _same_row(lines[index], lines[index + 1])
