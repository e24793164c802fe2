"""Takes the text out of a PDF, line by line with positions, and tells pages that are pictures."""

import io
from collections.abc import Iterator
from typing import Any, Protocol

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

from cpt.contracts.documents import DRAWN_PAGES

from .extract_hidden import HiddenText
from .extract_letters import Letters, Points
from .extract_limits import (
    DRAWN_WIDTH,
    MAX_CHARACTERS,
    MAX_PAGES,
    Box,
    ExtractedLine,
    ExtractedPage,
    Refused,
)
from .extract_zones import box_on, drawings, height, inked

SHORTEST_LETTER = 400  # letters and signs: a portfolio's cover page has fewer
SHORT_PICTURE = 0.3  # of a page's height: stationery behind a signature shows less
FEW_LETTERS = 100  # a scan's page may carry a stamp or a page number as text
_SIXTEENTHS = [gray // 16 for gray in range(256)]  # of a drawn page: choosing grays for each costs five times the rest
_PALETTE = [gray * 17 for gray in range(16) for _ in "RGB"]
_LINE_END_HYPHEN = 2  # PDFium's sign for a word broken at the line's end


class Eyes(Protocol):
    """What reads the words in a page's pictures."""

    def begin(self) -> None: ...

    def look(self, page: Any, found: ExtractedPage) -> None: ...


def read_pdf(content: bytes, eyes: Eyes | None = None) -> list[ExtractedPage]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "unreadable") from error
    document.init_forms()  # draws fields that were filled in without their looks
    try:
        pages = list(_pages(document, eyes))
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error
    if document.count_attachments() and _is_cover(pages):
        raise Refused("portfolio")
    if not any(page["lines"] or page["drawn"] for page in pages):
        raise Refused("empty")
    return pages


def _is_cover(pages: list[ExtractedPage]) -> bool:
    """Whether the pages say too little to be a letter, so that the letter is one of the files attached."""
    written = sum(len(line[0]) for page in pages for line in page["lines"])
    return written < SHORTEST_LETTER and not any(page["picture"] for page in pages)


def draw_pdf(content: bytes) -> list[bytes]:
    """PNGs of the first pages, for people to look at beside what was found."""
    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
        return [_drawn(_flattened(document, number)) for number in range(min(len(document), DRAWN_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error


def _drawn(page: Any) -> bytes:
    picture = page.render(scale=DRAWN_WIDTH / max(page.get_width(), page.get_height() / 2), grayscale=True).to_pil()
    picture = picture.point(_SIXTEENTHS)
    picture.putpalette(_PALETTE)
    png = io.BytesIO()
    picture.save(png, "PNG", bits=4)
    page.close()
    return png.getvalue()


def _pages(document: Any, eyes: Eyes | None) -> Iterator[ExtractedPage]:
    left = MAX_CHARACTERS
    if eyes:
        eyes.begin()
    for number in range(min(len(document), MAX_PAGES)):
        page = _flattened(document, number)
        hidden = HiddenText(page, number)
        lines = list(_lines(page, left, hidden))
        letters = sum(c.isalnum() for line in lines for c in line.text)
        left -= sum(len(line.text) for line in lines)
        drawn, filled, zones = drawings(page)
        unread = left <= 0 or number == MAX_PAGES - 1 < len(document) - 1
        scanned = filled and letters < FEW_LETTERS  # a scanner puts the words it read behind its picture
        zones = inked(zones, hidden, lines)
        picture = scanned and height(zones) > SHORT_PICTURE
        found = ExtractedPage(
            lines=lines, picture=picture, drawn=drawn, zones=zones, hidden=hidden.found and not scanned, unread=unread
        )
        if eyes:
            eyes.look(page, found)
        yield found
        page.close()


def _flattened(document: Any, number: int) -> Any:
    """The page with what was filled into form fields or typed onto it as its own text."""
    page = document[number]
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[number]


def _lines(page: Any, limit: int, hidden: HiddenText) -> Iterator[ExtractedLine]:
    """PDFium's own lines as far as they are seen, broken also where the next letter stands lower or further left, as between two fields."""
    letters = Letters(page.get_textpage())
    run = _Run(page, letters)
    owner = None
    for index in range(min(letters.count, limit)):
        code = letters.code(index)
        item = letters.owner(index)
        if item and item != owner:
            box = letters.box(index)
            if owner and run.codes and _begins_anew(letters, index, box):
                yield from run.end(hidden)
            owner = item
            hidden.look_at(letters, item, index, box)
        if item and hidden.now and code not in {10, 13}:
            continue
        if code in {10, 13, _LINE_END_HYPHEN}:
            run.codes += [ord("-")] if code == _LINE_END_HYPHEN else []
            yield from run.end(hidden)
            continue
        run.add(code, index)
    yield from run.end(hidden)


class _Run:
    """Letters of one line, and which of the page's they are, without the spaces around them."""

    def __init__(self, page: Any, letters: Letters) -> None:
        self.codes: list[int] = []
        self._page, self._letters = page, letters
        self._first = self._last = -1

    def add(self, code: int, index: int) -> None:
        self.codes.append(code)
        if code > 32:
            self._first = index if self._first < 0 else self._first
            self._last = index

    def end(self, hidden: HiddenText) -> Iterator[ExtractedLine]:
        written = (
            "".join(map(chr, self.codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
        )
        if written and self._first >= 0 and hidden.shows(box := self._box()):
            yield ExtractedLine(written, box)
        self.codes, self._first, self._last = [], -1, -1

    def _box(self) -> Box:
        boxes = [self._letters.box(index) for index in (self._first, self._last)]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        return box_on(self._page, min(lefts), min(bottoms), max(rights), max(tops))


def _begins_anew(letters: Letters, index: int, box: Points) -> bool:
    """Whether this letter stands a line lower than the last, or before it, although no line end is between them."""
    last = next((at for at in range(index - 1, max(index - 4, -1), -1) if letters.code(at) > 32), None)
    if last is None:
        return False
    left, bottom, right, top = box
    old_left, old_bottom, _, old_top = letters.box(last)
    height = max(old_top - old_bottom, top - bottom, 1.0)
    across = abs(right - left) + abs(top - bottom) and abs((old_bottom + old_top) - (bottom + top)) / 2
    return bool(across > 1.2 * height and left < old_left + 40 * height) and not letters.turned(index)
