"""The paper on which letters are set, and the picture that a scanner makes of one."""

import io

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from fpdf import FPDF
from fpdf.enums import XPos, YPos

_MARGIN = 25  # millimetres, above and below the body


class Sheet(FPDF):
    """US Letter paper; `running_head` and `running_foot` are repeated on each page."""

    def __init__(self, running_head: str = "", running_foot: str = "") -> None:
        super().__init__(format="Letter")
        self.core_fonts_encoding = "cp1252"
        self.running_head, self.running_foot = running_head, running_foot
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 3)
        self.set_font("Helvetica", size=11)
        self.add_page()

    def header(self) -> None:
        if self.running_head:
            self.set_y(9)
            self.say(self.running_head, align="C")
            self.set_y(max(self.get_y(), _MARGIN))

    def footer(self) -> None:
        if self.running_foot:
            self.set_y(-17)
            self.say(self.running_foot, align="C")

    def say(self, text: str, *, width: float = 0, align: str = "L") -> None:
        self.multi_cell(width, 5.2, printable(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def letter(self, *parts: str, width: float = 0) -> None:
        for part in filter(None, parts):
            self.say(part, width=width)
            self.ln(3)

    def column(self, left: float, top: float, width: float, *parts: str) -> None:
        """Set the parts one below the other; the margin moves so that each starts at the column's edge."""
        self.set_left_margin(left)
        self.set_xy(left, top)
        self.letter(*parts, width=width)


def printable(text: str) -> str:
    """The fonts that every reader of PDF brings along hold the Western letters only."""
    return text.encode("cp1252", "replace").decode("cp1252")


def scanned(letter: bytes) -> bytes:
    """The same letter as a scanner makes it: one grey picture a page, no text."""
    with pypdfium2.PdfDocument(letter) as document:
        pictures = [page.render(scale=1.5).to_pil().convert("L") for page in document]
    sheet = FPDF(format="Letter")
    for picture in pictures:
        stored = io.BytesIO()
        picture.save(stored, "JPEG", quality=60)
        sheet.add_page()
        sheet.image(stored, x=0, y=0, w=sheet.w, h=sheet.h)
    return bytes(sheet.output())
