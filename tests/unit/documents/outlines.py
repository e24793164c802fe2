"""Words drawn as shapes, as design programs write stationery: no letter of them is text."""

from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fpdf import FPDF
from PIL import ImageFont

_POINTS_OF_A_MILLIMETER = 72 / 25.4


class _Pen(BasePen):
    """Draws one glyph into a path of the page, its origin at `left` and `base` in millimeters."""

    def __init__(self, glyphs: Any, path: Any, left: float, base: float, scale: float) -> None:
        super().__init__(glyphs)
        self._path, self._left, self._base, self._scale = path, left, base, scale

    def _at(self, *points: tuple[float, float]) -> list[float]:
        return [edge for x, y in points for edge in (self._left + x * self._scale, self._base - y * self._scale)]

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - fontTools calls it
        self._path.move_to(*self._at(point))

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._path.line_to(*self._at(point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._path.curve_to(*self._at(*points))

    def _closePath(self) -> None:  # noqa: N802
        self._path.close()


def outline(document: FPDF, words: str, left: float, base: float, points: float = 12) -> None:
    """Draws the words as shapes in the font that Pillow brings, from a place in millimeters."""
    font = TTFont(ImageFont.load_default(size=10).path)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    scale = points / _POINTS_OF_A_MILLIMETER / font["head"].unitsPerEm
    for sign in words:
        glyph = glyphs[names[ord(sign)]]
        if sign != " ":
            with document.new_path() as path:
                path.style.fill_color, path.style.stroke_color = "#000000", None
                glyph.draw(_Pen(glyphs, path, left, base, scale))
        left += glyph.width * scale
