"""What PDFium says of single letters, asked with plain pointers: typed ones cost more than the answer does.

A page of a thousand letters is asked several thousand times, and some programs make each letter an object of its own.
"""

import ctypes
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]  # ships no types

Points = tuple[float, float, float, float]
"""Left, bottom, right and top in the points of the page."""

_POINTER, _INT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, _POINTER).value or 0)


_code = _plain(raw.FPDFText_GetUnicode, _UINT, _POINTER, _INT)
_object = _plain(raw.FPDFText_GetTextObject, _POINTER, _POINTER, _INT)
_box = _plain(raw.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_angle = _plain(raw.FPDFText_GetCharAngle, ctypes.c_float, _POINTER, _INT)
_mode = _plain(raw.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)
_fill = _plain(raw.FPDFPageObj_GetFillColor, _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)


class Letters:
    """The letters of a page by their index, and the text objects that they belong to."""

    def __init__(self, text: Any) -> None:
        self.count: int = text.count_chars()
        self._text = text  # kept, or PDFium lets go of it
        self._page = ctypes.cast(text.raw, _POINTER).value
        self._rectangle = raw.FS_RECTF()
        self._at = ctypes.addressof(self._rectangle)
        self._colors = (_UINT * 4)()
        self._color_at = [ctypes.addressof(self._colors) + number * ctypes.sizeof(_UINT) for number in range(4)]

    def code(self, index: int) -> int:
        found: int = _code(self._page, index)
        return found

    def owner(self, index: int) -> int | None:
        """The address of its text object; none of a blank that PDFium put between two words."""
        found: int | None = _object(self._page, index)
        return found

    def box(self, index: int) -> Points:
        """As high as the line, whatever the letter."""
        if not _box(self._page, index, self._at):
            return 0.0, 0.0, 0.0, 0.0
        at = self._rectangle
        return at.left, at.bottom, at.right, at.top

    def turned(self, index: int) -> bool:
        return bool(_angle(self._page, index))

    def invisible(self, owner: int) -> bool:
        return bool(_mode(owner) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)

    def fill(self, owner: int) -> tuple[int, int, int, int] | None:
        """Red, green, blue and opacity, each up to 255."""
        if not _fill(owner, *self._color_at):
            return None
        red, green, blue, opacity = self._colors
        return red, green, blue, opacity
