"""Where a page shows pictures, or letters turned into outlines, that can hold words."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageDraw
from pypdfium2 import raw

from .extract_limits import Box, ExtractedLine

PICTURE_SHARE = 0.4  # of a page covered by images: more than a logo or a signature
OUTLINES = 300  # paths on a page whose letters were turned into shapes
WORDS_SHARE = 0.015  # of a page: a picture that can hold a line of words
_OUTLINED_WORDS = 12  # letters' worth of curves in one band of a page
_CURVES_OF_A_LETTER = 10
_SHORTEST_WORD = 0.04  # of the page's width
_TALLEST_LETTER = 0.1  # of the page's height
_BAND = 0.03  # of the page's height between two bands of ink
_INK = 247  # of 255: darker than paper, in the mean of a sixteenth of a row
_GRID = 10_000
_DRAWN = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)


class Shown(Protocol):
    @property
    def picture(self) -> Image.Image:
        """The page as it is shown, in gray."""


class Drawings(NamedTuple):
    """`any`: something is drawn; `fill`: pictures or outlines fill the page as a scan does; `zones`: where they stand."""

    any: bool
    fill: bool
    zones: list[Box]


def drawings(page: Any) -> Drawings:
    covered, paths, drawn = 0.0, 0, False
    zones, outlines = list[Box](), list[tuple[Box, int]]()
    for item in _drawn(page):
        drawn = True
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
            if (curves := raw.FPDFPath_CountSegments(item.raw)) >= _CURVES_OF_A_LETTER:
                outlines.append((box_on(page, *item.get_bounds()), curves))
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            box = box_on(page, *item.get_bounds())
            share = (box.bottom - box.top) * (box.right - box.left)
            covered += share
            if share > WORDS_SHARE:
                zones.append(box)
    return Drawings(drawn, covered > PICTURE_SHARE or paths > OUTLINES, [*zones, *_outlined(outlines)])


def _drawn(page: Any) -> Iterator[Any]:
    """What is no text: a letter may be a thousand objects, of which few are worth a wrapper."""
    items = [raw.FPDFPage_GetObject(page, number) for number in range(raw.FPDFPage_CountObjects(page))]
    kinds = [raw.FPDFPageObj_GetType(item) for item in items]
    if raw.FPDF_PAGEOBJ_FORM in kinds:
        yield from page.get_objects(_DRAWN, max_depth=4)
        return
    for item, kind in zip(items, kinds, strict=True):
        if kind in _DRAWN:
            yield pypdfium2.PdfObject(item, page=page, pdf=page.pdf)


def _outlined(outlines: list[tuple[Box, int]]) -> Iterator[Box]:
    """Bands of the page in which enough curves stand to be a line of letters."""
    band: list[tuple[Box, int]] = []
    small = (one for one in outlines if one[0].bottom - one[0].top < _TALLEST_LETTER)
    for box, curves in [*sorted(small, key=lambda one: one[0].top), (Box(9, 9, 9, 9), 0)]:
        if band and box.top - max(one.bottom for one, _ in band) > _BAND:
            boxes = [one for one, _ in band]
            wide = max(one.right for one in boxes) - min(one.left for one in boxes) > _SHORTEST_WORD
            if wide and sum(count for _, count in band) > _OUTLINED_WORDS * _CURVES_OF_A_LETTER:
                tops, lefts, bottoms, rights = zip(*boxes, strict=True)
                yield Box(min(tops), min(lefts), max(bottoms), max(rights))
            band = []
        band.append((box, curves))


def inked(zones: list[Box], shown: Shown, lines: list[ExtractedLine]) -> list[Box]:
    """A large picture, such as stationery behind the text, cut down to the bands of it that show anything beside text."""
    large = [box for box in zones if (box.bottom - box.top) * (box.right - box.left) > PICTURE_SHARE]
    if not large:
        return zones
    bare = without_text(shown.picture, lines)
    return [box for box in zones if box not in large] + [band for box in large for band in _bands(box, bare)]


def height(zones: list[Box]) -> float:
    return sum(zone.bottom - zone.top for zone in zones)


def without_text(picture: Image.Image, lines: list[ExtractedLine]) -> Image.Image:
    bare = picture.copy()
    pen = ImageDraw.Draw(bare)
    for line in lines:
        pen.rectangle(pixels(line.box, picture), fill=255)
    return bare


def pixels(box: Box, picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, at least one pixel each way."""
    left, top = int(box.left * picture.width), int(box.top * picture.height)
    return (
        left,
        top,
        max(int(box.right * picture.width + 0.999), left + 1),
        max(int(box.bottom * picture.height + 0.999), top + 1),
    )


def _bands(box: Box, picture: Image.Image) -> Iterator[Box]:
    part = picture.crop(pixels(box, picture))
    rows = part.resize((16, part.height), Image.Resampling.BOX).tobytes()
    start = last = None
    for row in range(part.height + 1):
        dark = row < part.height and min(rows[16 * row : 16 * row + 16]) < _INK
        if start is not None and last is not None and (row == part.height or row - last > _BAND * picture.height):
            yield Box(box.top + start / picture.height, box.left, box.top + (last + 1) / picture.height, box.right)
            start = None
        if dark:
            start, last = row if start is None else start, row


def box_on(page: Any, left: float, bottom: float, right: float, top: float) -> Box:
    """A box of the page's own points as it is shown, cropped and turned."""
    one, other = _relative(page, left, top), _relative(page, right, bottom)
    return Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _relative(page: Any, x: float, y: float) -> tuple[float, float]:
    """Distance from the top and left edge of the page as it is shown, from 0 to 1."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return min(max(down.value / _GRID, 0.0), 1.0), min(max(across.value / _GRID, 0.0), 1.0)
