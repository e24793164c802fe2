"""Text of a PDF that nobody sees: invisible, as white as the paper, too small to read, outside of the page, or not drawn."""

from typing import Any, cast

from PIL import Image
from pypdfium2 import raw  # type: ignore[import-untyped]  # ships no types

from .extract_letters import Letters, Points
from .extract_limits import Box

SMALLEST = 3.0  # points: small print is set in five and more
DRAWN_TO_SEE = 12  # pages: the letter itself, not the handbook behind it
_WHITE = 245  # of 255: what no printer shows on paper
_CONTRAST = 12  # of 255: between letters and what is behind them
_LETTERS = 3  # at the beginning of a text by which its height is told
_LARGEST_SIDE = 1200  # pixels


class HiddenText:
    """`now`: the text object looked at last is hidden; `found`: any was."""

    def __init__(self, page: Any, number: int) -> None:
        self.now = False
        self.found = False
        self._page = page
        self._looks = number < DRAWN_TO_SEE
        self._edges: Points = page.get_bbox()
        self._picture: Image.Image | None = None

    def look_at(self, letters: Letters, item: int, index: int, box: Points) -> None:
        """At the text object that begins with the letter."""
        self.now = (
            letters.invisible(item)
            or self._white(letters.fill(item), box)
            or (_height(box) < SMALLEST and _height_of_some(letters, index) < SMALLEST)
            or self._outside(box)
        )
        self.found = self.found or self.now

    def _white(self, fill: tuple[int, int, int, int] | None, box: Points) -> bool:
        """As white as paper, or wholly transparent, with nothing drawn behind it that would make it seen."""
        if not fill:
            return False
        red, green, blue, opacity = fill
        return opacity == 0 or (min(red, green, blue) > _WHITE and not _on_something(self._page, box))

    def _outside(self, box: Points) -> bool:
        left, bottom, right, top = box
        page_left, page_bottom, page_right, page_top = self._edges
        return right < page_left or left > page_right or top < page_bottom or bottom > page_top

    def shows(self, box: Box) -> bool:
        """Whether anything is drawn in the box: a layer switched off, a clip or a cover leave nothing."""
        if not self._looks:
            return True
        picture = self.picture
        left, top = int(box.left * picture.width), int(box.top * picture.height)
        right, bottom = max(int(box.right * picture.width), left + 1), max(int(box.bottom * picture.height), top + 1)
        darkest, lightest = cast("tuple[int, int]", picture.crop((left, top, right, bottom)).getextrema())
        seen = lightest - darkest >= _CONTRAST
        self.found = self.found or not seen
        return seen

    @property
    def picture(self) -> Image.Image:
        """The page as it is shown, in gray, at about one pixel a point; drawing it takes a millisecond."""
        if self._picture is None:
            side = max(self._page.get_width(), self._page.get_height(), 1)
            self._picture = self._page.render(scale=min(1.0, _LARGEST_SIDE / side), grayscale=True).to_pil()
        return self._picture


def _on_something(page: Any, box: Points) -> bool:
    left, bottom, right, top = box
    across, up = (left + right) / 2, (bottom + top) / 2
    drawn = (item.get_bounds() for item in page.get_objects(max_depth=4) if item.type != raw.FPDF_PAGEOBJ_TEXT)
    return any(one[0] <= across <= one[2] and one[1] <= up <= one[3] for one in drawn)


def _height(box: Points) -> float:
    """Of the letter as it stands on the page, in points, whatever scale its font was set in."""
    left, bottom, right, top = box
    return max(top - bottom, right - left) or SMALLEST


def _height_of_some(letters: Letters, index: int) -> float:
    """A hyphen's box may be flat: the letters beside it tell more."""
    few = range(index, min(index + _LETTERS, letters.count))
    return max(_height(letters.box(at)) for at in few)
