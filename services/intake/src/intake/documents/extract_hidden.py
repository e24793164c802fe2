"""Text of a PDF that nobody sees: invisible, as white as the paper, too small to read, or outside of the page."""

import ctypes
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]  # ships no types

SMALLEST = 3.0  # points: small print is set in five and more
_WHITE = 245  # of 255: what no printer shows on paper


class HiddenText:
    """`now`: the text object looked at last is hidden; `found`: any was."""

    def __init__(self) -> None:
        self.now = False
        self.found = False

    def look_at(self, page: Any, text: Any, item: Any, index: int) -> None:
        self.now = (
            raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
            or _white(page, item, text, index)
            or _height(text, index) < SMALLEST
            or _outside(page, text, index)
        )
        self.found = self.found or self.now


def _white(page: Any, item: Any, text: Any, index: int) -> bool:
    """As white as paper, or wholly transparent, with nothing drawn behind it that would make it seen."""
    colors = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *colors):
        return False
    red, green, blue, opacity = (color.value for color in colors)
    return opacity == 0 or (min(red, green, blue) > _WHITE and not _on_something(page, text, index))


def _on_something(page: Any, text: Any, index: int) -> bool:
    left, bottom, right, top = text.get_charbox(index, loose=True)
    across, up = (left + right) / 2, (bottom + top) / 2
    drawn = (item.get_bounds() for item in page.get_objects(max_depth=4) if item.type != raw.FPDF_PAGEOBJ_TEXT)
    return any(one[0] <= across <= one[2] and one[1] <= up <= one[3] for one in drawn)


def _height(text: Any, index: int) -> float:
    """Of the letter as it stands on the page, in points, whatever scale its font was set in."""
    left, bottom, right, top = text.get_charbox(index, loose=True)
    return float(max(top - bottom, right - left)) or SMALLEST


def _outside(page: Any, text: Any, index: int) -> bool:
    left, bottom, right, top = text.get_charbox(index, loose=True)
    page_left, page_bottom, page_right, page_top = page.get_bbox()
    return bool(right < page_left or left > page_right or top < page_bottom or bottom > page_top)
