"""A letter as read from its file: lines with their place on the page, and the orders in which people read them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

TOP_THIRD = 1 / 3
HEADER_MARGIN = 0.08
FOOTER_MARGIN = 0.92
SAME_ROW = 0.006  # of the page's height: well under half a line of nine-point type


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; its four edges run from 0 to 1 over the page. `seen`: read from a picture by OCR."""

    text: str
    top: float
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    seen: bool = False

    @property
    def in_margin(self) -> bool:
        return self.top < HEADER_MARGIN or self.top > FOOTER_MARGIN


class PlacedLine(NamedTuple):
    """A line with its page and its number there, both counted from 1."""

    page: int
    number: int
    line: Line


@dataclass(frozen=True, slots=True)
class Page:
    """`picture`: the page shows an image or outlines instead of text, as a scan does.

    `zones`: the tops and bottoms, from 0 to 1, of smaller pictures that can hold words. `hidden`: it holds text that
    nobody sees, which is left out. `unread`: the letter goes on after what was read of this page.
    """

    lines: tuple[Line, ...]
    picture: bool = False
    zones: tuple[tuple[float, float], ...] = ()
    hidden: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class LetterText:
    pages: tuple[Page, ...]

    @classmethod
    def of(cls, *pages: str) -> "LetterText":
        """Spread the lines of each page evenly from its top to its bottom."""
        return cls(tuple(Page(tuple(_spread(page.splitlines()))) for page in pages))

    @property
    def seen_in_pictures(self) -> bool:
        return any(line.seen for page in self.pages for line in page.lines)

    def without_pictures(self) -> "LetterText":
        """Without the lines that were read from pictures."""
        return LetterText(tuple(replace(page, lines=tuple(o for o in page.lines if not o.seen)) for page in self.pages))

    def in_order(self) -> list[PlacedLine]:
        """As its maker wrote it; page headers and footers come last, so that they cut no sentence in two."""
        return _body_then_margins(page.lines for page in self.pages)

    def row_by_row(self) -> list[PlacedLine]:
        """The same lines as the eye meets them, for tables that were written column by column."""
        return _body_then_margins(_by_rows(page.lines) for page in self.pages)

    def letterhead(self) -> list[str]:
        """The places where a letterhead can stand: the first page's top third, and the running header of later ones."""
        first, *later = self.pages or (Page(()),)
        return [
            _joined(line for line in first.lines if line.top < TOP_THIRD),
            *(_joined(line for line in page.lines if line.top < HEADER_MARGIN) for page in later),
        ]

    def footers(self) -> list[str]:
        return [_joined(line for line in page.lines if line.top > FOOTER_MARGIN) for page in self.pages]


def _spread(lines: list[str]) -> Iterator[Line]:
    for number, text in enumerate(lines):
        yield Line(text, (number + 0.5) / max(len(lines), 1))


def _by_rows(lines: Iterable[Line]) -> list[Line]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if not rows or line.top - rows[-1][0].top > SAME_ROW:
            rows.append([])
        rows[-1].append(line)
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _body_then_margins(pages: Iterable[Iterable[Line]]) -> list[PlacedLine]:
    """The first page's head stays where it is: it cuts nothing, and a letterhead may go on below the margin."""
    body: list[PlacedLine] = []
    margins: dict[str, PlacedLine] = {}
    for number, page in enumerate(pages):
        for count, line in enumerate(page, 1):
            if line.in_margin and (number or line.top > FOOTER_MARGIN):
                margins.setdefault(line.text, PlacedLine(number + 1, count, line))
            else:
                body.append(PlacedLine(number + 1, count, line))
    told = {one.line.text for one in body}
    return [*body, *(one for text, one in margins.items() if text not in told)]


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)
