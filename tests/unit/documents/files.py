"""Small files of every kind that people upload, the broken ones included."""

import io
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from functools import cache

from fpdf import FPDF
from PIL import Image

from infra.letters import offer_letter
from tests.letters.factory import form


def letter() -> bytes:
    return offer_letter(form())


def pdf(pages: int = 1, text: str = "Enrolled in COMPSCI 698", **encryption: str) -> bytes:
    document = FPDF()
    if encryption:
        document.set_encryption(**encryption)
    for _ in range(pages):
        document.add_page()
        document.set_font("Helvetica")
        document.cell(text=text)
    return bytes(document.output())


def blank_pdf() -> bytes:
    document = FPDF()
    document.add_page()
    return bytes(document.output())


@cache
def heavy_pdf(million_strokes: int = 12) -> bytes:
    """A small file that keeps a reader busy for many seconds."""
    return bare_pdf(b"0 0 m 9 9 l S\n" * (million_strokes * 1_000_000), zipped=True)


def bare_pdf(
    content: bytes, extra: bytes = b"", *, zipped: bool = False, page: bytes = b"", named: bytes = b""
) -> bytes:
    """A PDF written by hand without an index, which readers rebuild."""
    body, packed = (zlib.compress(content, 9), b"/Filter /FlateDecode ") if zipped else (content, b"")
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>%s>>endobj\n"
        b"4 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n%strailer<</Root 1 0 R>>\n%%%%EOF"
        % (named, page, packed, len(body), body, extra)
    )


def layered(content: bytes) -> bytes:
    """A page whose layer Off is switched off, as drawing programs leave them."""
    groups = b"7 0 obj<</Type/OCG/Name(shown)>>endobj\n8 0 obj<</Type/OCG/Name(not shown)>>endobj\n"
    made = bare_pdf(content, extra=groups, named=b"/Properties<</On 7 0 R/Off 8 0 R>>")
    return made.replace(b"/AcroForm<</Fields[6 0 R]>>", b"/OCProperties<</OCGs[7 0 R 8 0 R]/D<</OFF[8 0 R]>>>>")


def bare_form() -> bytes:
    """Three fields one below the other that hold values and no appearance, as many libraries fill them."""
    values = (b"Geophysics Lab Assistant", b"20", b"$18.50")
    fields = b"".join(
        b"%d 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(f%d)/V(%s)/DA(/F 12 Tf 0 g)/Rect[200 %d 400 %d]/F 4>>endobj\n"
        % (number, number, value, 700 - 24 * number, 716 - 24 * number)
        for number, value in enumerate(values, start=6)
    )
    content = bare_pdf(b"", extra=fields, page=b"/Annots[6 0 R 7 0 R 8 0 R]")
    form = b"/AcroForm<</Fields[6 0 R 7 0 R 8 0 R]/NeedAppearances true/DR<</Font<</F 5 0 R>>>>/DA(/F 12 Tf 0 g)>>"
    return content.replace(b"/AcroForm<</Fields[6 0 R]>>", form)


def portfolio() -> bytes:
    """A cover page whose letter is an attachment, as mail programs make them."""
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica")
    document.cell(text="Open this portfolio in a newer program.")
    document.embed_file(bytes=letter(), basename="letter.pdf")
    return bytes(document.output())


def filled_form() -> bytes:
    """A letter whose start date stands in a form field."""
    look = b"BT /F 12 Tf 2 4 Td (September 14, 2026) Tj ET"
    field = (
        b"6 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(start)/V(September 14, 2026)/Rect[200 600 400 620]/F 4/AP<</N 7 0 R>>>>"
        b"endobj\n7 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F 5 0 R>>>>/Length %d>>stream\n%s\n"
        b"endstream endobj\n" % (len(look), look)
    )
    return bare_pdf(b"BT /F 12 Tf 50 604 Td (Your first day is) Tj ET", field, page=b"/Annots[6 0 R]")


def turned(text: bytes) -> bytes:
    """Text at the top of a page that is shown turned by a quarter."""
    return bare_pdf(b"BT 0 1 -1 0 40 100 Tm /F 12 Tf (%s) Tj ET" % text, page=b"/Rotate 90")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", size, "white").save(stored, kind)
    return stored.getvalue()


def enormous_png() -> bytes:
    """A few hundred bytes that claim 3.6 thousand million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


async def stream(content: bytes, chunk: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), chunk):
        yield content[start : start + chunk]


async def broken_stream(content: bytes) -> AsyncIterator[bytes]:
    yield content
    raise ConnectionResetError("the browser went away")


_XOBJECTS = b"/XObject<</F%d %d 0 R>>"


def _nested() -> bytes:
    nested = zlib.compress(zlib.compress(zlib.compress(b"\0" * 100_000_000, 9), 9), 9)
    return _streamed(nested, b"/Filter[/FlateDecode/FlateDecode/FlateDecode]")


def _tenfold() -> bytes:
    forms = b"".join(_form(number, b"/F%d Do " % (number + 1) * 10, number + 1) for number in range(10, 19))
    return bare_pdf(b"/F10 Do", forms, named=_XOBJECTS % (10, 10))


def _annotated() -> bytes:
    annotations = b"6 0 obj<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>endobj\n"
    return bare_pdf(b"", annotations, page=b"/Annots[" + b"6 0 R " * 200_000 + b"]")


def _shaded() -> bytes:
    shading = (
        b"6 0 obj<</ShadingType 1/ColorSpace/DeviceRGB/Matrix[600 0 0 800 0 0]/Function<</FunctionType 4/Domain[0 1 0 1]"
        b"/Range[0 1 0 1 0 1]/Length 60000>>>>endobj\n"
    )
    return bare_pdf(b"/S sh " * 5_000, shading, named=b"/Shading<</S 6 0 R>>")


def _jbig2() -> bytes:
    """A page of 30,000 by 30,000 points, and regions that each paint all of it."""
    side = struct.pack(">II", 30_000, 30_000)
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + side + bytes(8) + b"\0\0\0"
    adaptive = bytes((3, 255, 253, 255, 2, 254, 254, 254))
    region = side + bytes(8) + b"\0" + b"\0" + adaptive + bytes(16)
    regions = b"".join(struct.pack(">IBBBI", number, 38, 0, 1, len(region)) + region for number in range(1, 40))
    picture = page + regions
    image = (
        b"6 0 obj<</Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 1/ColorSpace/DeviceGray"
        b"/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream endobj\n" % (len(picture), picture)
    )
    return bare_pdf(b"600 0 0 800 0 0 cm /I Do", image, named=b"/XObject<</I 6 0 R>>")


BOMBS: dict[str, Callable[[], bytes]] = {
    "nested Flate": _nested,
    "a form that calls itself": lambda: bare_pdf(
        b"/F10 Do", _form(10, b"/F10 Do " * 2, 10), named=_XOBJECTS % (10, 10)
    ),
    "forms that call ten forms each": _tenfold,
    "JBIG2": _jbig2,
    "200,000 annotations": _annotated,
    "function shading": _shaded,
    "many strokes": heavy_pdf,
}
"""A few KB each that make a reader take all the memory or time it can get."""


def _form(number: int, content: bytes, calls: int) -> bytes:
    return (
        b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F%d %d 0 R>>>>/Length %d>>stream\n"
        b"%s\nendstream endobj\n" % (number, calls, calls, len(content), content)
    )


def _streamed(content: bytes, filters: bytes) -> bytes:
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
        % (filters, len(content), content)
    )
