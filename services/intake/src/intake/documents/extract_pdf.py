"""Takes the text out of a PDF, line by line with positions, and tells pages that are pictures."""

import ctypes
import io
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

from .extract_hidden import HiddenText
from .extract_limits import DRAWN_PAGES, DRAWN_WIDTH, MAX_CHARACTERS, MAX_PAGES, ExtractedPage, Refused

PICTURE_SHARE = 0.4  # of a page covered by images: more than a logo or a signature
OUTLINES = 300  # paths on a page whose letters were turned into shapes
SHORTEST_LETTER = 400  # letters and signs: a portfolio's cover page has fewer
FEW_LETTERS = 100  # a scan's page may carry a stamp or a page number as text
WORDS_SHARE = 0.015  # of a page: a picture that can hold a line of words
_GRID = 10_000
_LINE_END_HYPHEN = 2  # PDFium's sign for a word broken at the line's end


def read_pdf(content: bytes) -> list[ExtractedPage]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "unreadable") from error
    document.init_forms()  # draws fields that were filled in without their looks
    try:
        pages = list(_pages(document))
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
        return [_drawn(_flattened(document, number)) for number in range(min(len(document), DRAWN_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error


def _drawn(page: Any) -> bytes:
    picture = page.render(scale=DRAWN_WIDTH / max(page.get_width(), page.get_height() / 2)).to_pil()
    png = io.BytesIO()
    picture.convert("L").quantize(16).save(png, "PNG", optimize=False)
    page.close()
    return png.getvalue()


def _pages(document: Any) -> Iterator[ExtractedPage]:
    left = MAX_CHARACTERS
    for number in range(min(len(document), MAX_PAGES)):
        page = _flattened(document, number)
        hidden = HiddenText()
        lines = list(_lines(page, left, hidden))
        letters = sum(c.isalnum() for line in lines for c in line[0])
        left -= sum(len(line[0]) for line in lines)
        drawn, filled, zones = _drawings(page)
        unread = left <= 0 or number == MAX_PAGES - 1 < len(document) - 1
        picture = filled and letters < FEW_LETTERS
        yield ExtractedPage(lines=lines, picture=picture, drawn=drawn, zones=zones, hidden=hidden.found, unread=unread)
        page.close()


def _flattened(document: Any, number: int) -> Any:
    """The page with what was filled into form fields or typed onto it as its own text."""
    page = document[number]
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[number]


def _lines(page: Any, limit: int, hidden: HiddenText) -> Iterator[tuple[str, float, float]]:
    """PDFium's own lines, broken also where the next letter stands lower or further left, as between two fields."""
    text = page.get_textpage()
    codes: list[int] = []
    first, owner = 0, 0
    for index in range(min(text.count_chars(), limit)):
        code = raw.FPDFText_GetUnicode(text, index)
        item = raw.FPDFText_GetTextObject(text, index)
        if item and (at := ctypes.addressof(item.contents)) != owner:
            if owner and codes and _begins_anew(text, index):
                yield from _line(page, text, codes, first)
                codes = []
            owner = at
            hidden.look_at(page, text, item, index)
        if item and hidden.now and code not in {10, 13}:
            continue
        if code in {10, 13, _LINE_END_HYPHEN}:
            yield from _line(page, text, codes + ([ord("-")] if code == _LINE_END_HYPHEN else []), first)
            codes = []
            continue
        if not codes or (len(codes) == 1 and codes[0] <= 32):
            first = index
        codes.append(code)
    yield from _line(page, text, codes, first)


def _begins_anew(text: Any, index: int) -> bool:
    """Whether this letter stands a line lower than the last, or before it, although no line end is between them."""
    last = next((at for at in range(index - 1, max(index - 4, -1), -1) if raw.FPDFText_GetUnicode(text, at) > 32), None)
    if last is None:
        return False
    left, bottom, right, top = text.get_charbox(index, loose=True)
    old_left, old_bottom, _, old_top = text.get_charbox(last, loose=True)
    height = max(old_top - old_bottom, top - bottom, 1.0)
    across = abs(right - left) + abs(top - bottom) and abs((old_bottom + old_top) - (bottom + top)) / 2
    return raw.FPDFText_GetCharAngle(text, index) == 0 and bool(across > 1.2 * height and left < old_left + 40 * height)


def _line(page: Any, text: Any, codes: list[int], first: int) -> Iterator[tuple[str, float, float]]:
    written = b"".join(
        code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le") for code in codes
    )
    line = written.decode("utf-16-le", "replace").strip()
    if line:
        left, _, _, top = text.get_charbox(first, loose=True)
        yield line, *_relative(page, left, top)


def _relative(page: Any, x: float, y: float) -> tuple[float, float]:
    """Distance from the top and left edge of the page as it is shown, cropped and turned, from 0 to 1."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return tuple(min(max(value / _GRID, 0.0), 1.0) for value in (down.value, across.value))  # type: ignore[return-value]  # two in, two out


def _drawings(page: Any) -> tuple[bool, bool, list[tuple[float, float]]]:
    """Whether anything is drawn at all, whether pictures or outlines fill the page as a scan does, and where smaller
    pictures stand that can hold words: the top and bottom of each, from 0 to 1.
    """
    covered, paths, drawn = 0.0, 0, False
    whole = page.get_width() * page.get_height()
    zones: list[tuple[float, float]] = []
    for item in page.get_objects(max_depth=4):
        drawn = drawn or item.type in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING}
        paths += item.type == raw.FPDF_PAGEOBJ_PATH
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            size = abs((right - left) * (top - bottom))
            covered += size
            if WORDS_SHARE * whole < size < PICTURE_SHARE * whole:
                ends = (_relative(page, left, top)[0], _relative(page, right, bottom)[0])
                zones.append((min(ends), max(ends)))
    return drawn, covered > PICTURE_SHARE * whole or paths > OUTLINES, zones
