"""Takes the text out of a PDF, line by line with positions, and tells pages that are pictures."""

import ctypes
import io
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

from .extract_limits import DRAWN_PAGES, DRAWN_WIDTH, MAX_CHARACTERS, MAX_PAGES, ExtractedPage, Refused

PICTURE_SHARE = 0.4  # of a page covered by images: more than a logo or a signature
OUTLINES = 300  # paths on a page whose letters were turned into shapes
FEW_LETTERS = 100  # a scan's page may carry a stamp or a page number as text
_GRID = 10_000
_LINE_END_HYPHEN = 2  # PDFium's sign for a word broken at the line's end


def read_pdf(content: bytes) -> list[ExtractedPage]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "unreadable") from error
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        raise Refused("encrypted")
    if len(document) > MAX_PAGES:
        raise Refused("too_many_pages")
    try:
        pages = list(_pages(document))
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error
    if not any(page["lines"] or page["drawn"] for page in pages):
        raise Refused("empty")
    return pages


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
    for number in range(len(document)):
        page = _flattened(document, number)
        lines = list(_lines(page, left))
        letters = sum(c.isalnum() for line in lines for c in line[0])
        left -= sum(len(line[0]) for line in lines)
        drawn, filled = _drawings(page)
        unread = left <= 0  # as much for a person as a picture is
        yield ExtractedPage(lines=lines, picture=unread or (filled and letters < FEW_LETTERS), drawn=drawn)
        page.close()


def _flattened(document: Any, number: int) -> Any:
    """The page with what was filled into form fields or typed onto it as its own text."""
    page = document[number]
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[number]


def _lines(page: Any, limit: int) -> Iterator[tuple[str, float, float]]:
    text = page.get_textpage()
    codes: list[int] = []
    first = 0
    for index in range(min(text.count_chars(), limit)):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in {10, 13, _LINE_END_HYPHEN}:
            yield from _line(page, text, codes + ([ord("-")] if code == _LINE_END_HYPHEN else []), first)
            codes = []
            continue
        if not codes or (len(codes) == 1 and codes[0] <= 32):
            first = index
        codes.append(code)
    yield from _line(page, text, codes, first)


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


def _drawings(page: Any) -> tuple[bool, bool]:
    """Whether anything is drawn at all, and whether pictures or outlines fill the page as a scan does."""
    covered, paths, drawn = 0.0, 0, False
    for item in page.get_objects(max_depth=4):
        drawn = drawn or item.type in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING}
        paths += item.type == raw.FPDF_PAGEOBJ_PATH
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += abs((right - left) * (top - bottom))
    whole = page.get_width() * page.get_height()
    return drawn, covered > PICTURE_SHARE * whole or paths > OUTLINES
