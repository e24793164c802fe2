"""Reads the words that stand in pictures, with Tesseract; loaded by the reading process that was started for it only.

What it reads surely becomes a line like any other, marked as seen. Where it reads nothing, or nothing sure, the picture
stays one that can hold words. It stops in time: what is then left stays unread.
"""

import time
from collections.abc import Iterator
from typing import Any

import tesserocr  # type: ignore[import-untyped]  # its types are its own
from PIL import Image

from .extract_limits import Box, ExtractedLine, ExtractedPage
from .extract_zones import pixels, without_text

DOTS_PER_INCH = 200
_LARGEST_SIDE = 2400  # pixels: A4 at 200 dots an inch
_PAGE_SECONDS = 5  # of a page, on the wall clock
_SECONDS = 3  # of computing, after which no further page is begun
_SURE, _SURE_LINE = 80, 60  # of 100: of a picture, and of each of its lines
_WORDS = 3  # letters and digits that make a line


class TesseractEyes:
    """Holds the language from the start on, since no file can be opened later."""

    def __init__(self, folder: str) -> None:
        self._tesseract = tesserocr.PyTessBaseAPI(path=folder, lang="eng", psm=tesserocr.PSM.AUTO)
        self._began = 0.0
        self._read(Image.new("L", (64, 64), 255))  # what is loaded late must be there before the sandbox

    def begin(self) -> None:
        """A document."""
        self._began = time.process_time()

    def look(self, page: Any, found: ExtractedPage) -> None:
        """Puts what stands in the page's pictures among its lines."""
        if not (found["picture"] or found["zones"]) or time.process_time() - self._began > _SECONDS:
            return
        zones = [Box(0, 0, 1, 1)] if found["picture"] else found["zones"]
        side = max(page.get_width(), page.get_height(), 1)
        scale = min(DOTS_PER_INCH / 72, _LARGEST_SIDE / side)
        picture = without_text(page.render(scale=scale, grayscale=True).to_pil(), found["lines"])
        lines = list(self._read(_only(zones, picture)))
        unsure = [zone for zone in zones if not _surely(zone, lines)]
        found["picture"] = found["picture"] and bool(unsure)
        found["zones"] = [] if found["picture"] else unsure
        seen = [
            line for line, sure in lines if sure > _SURE_LINE and not any(_inside(line.box, zone) for zone in unsure)
        ]
        for line in seen:
            found["lines"].insert(_place(line, found["lines"]), line)

    def _read(self, picture: Image.Image) -> Iterator[tuple[ExtractedLine, float]]:
        level = tesserocr.RIL.TEXTLINE
        self._tesseract.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
        self._tesseract.SetSourceResolution(DOTS_PER_INCH)
        if not self._tesseract.Recognize(1000 * _PAGE_SECONDS):
            return
        for line in tesserocr.iterate_level(self._tesseract.GetIterator(), level):
            box = line.BoundingBox(level)
            text = (line.GetUTF8Text(level) or "").strip() if box else ""
            if sum(map(str.isalnum, text)) >= _WORDS:
                left, right = (edge / picture.width for edge in (box[0], box[2]))
                top, bottom = (edge / picture.height for edge in (box[1], box[3]))
                yield ExtractedLine(text, Box(top, left, bottom, right), seen=True), line.Confidence(level)


def _only(zones: list[Box], picture: Image.Image) -> Image.Image:
    """The picture with white around the zones."""
    alone = Image.new("L", picture.size, 255)
    for zone in zones:
        at = pixels(zone, picture)
        alone.paste(picture.crop(at), at[:2])
    return alone


def _surely(zone: Box, lines: list[tuple[ExtractedLine, float]]) -> bool:
    """Whether words were read there and nearly all of them surely."""
    inside = [(len(line.text), sure) for line, sure in lines if _inside(line.box, zone)]
    return bool(inside) and sum(size * sure for size, sure in inside) / sum(size for size, _ in inside) >= _SURE


def _inside(box: Box, zone: Box) -> bool:
    down, across = (box.top + box.bottom) / 2, (box.left + box.right) / 2
    return zone.top <= down <= zone.bottom and zone.left <= across <= zone.right


def _place(line: ExtractedLine, lines: list[ExtractedLine]) -> int:
    """Before the first line that stands lower."""
    return next((at for at, other in enumerate(lines) if other.box.top > line.box.top), len(lines))
