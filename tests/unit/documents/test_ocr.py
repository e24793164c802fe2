"""What stands in a picture of the letter is read, in the same limited process (R3, R6, R10)."""

import asyncio
import io

import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from intake.documents import read_document
from intake.documents.language_data import language_data
from intake.documents.read_document import PLACES, DocumentReaders
from intake.letter import Outcome, check_letter
from tests.letters.factory import form, typed
from tests.unit.documents.children import MOST_CHILD, PATIENT, most_children
from tests.unit.documents.outlines import outline

PDF = "application/pdf"
needs_ocr = pytest.mark.skipif(not language_data(), reason="no English for Tesseract: apt-get install tesseract-ocr")


@pytest.fixture(scope="module")
async def readers():
    async with DocumentReaders(seconds=PATIENT) as readers:
        yield readers


def painted(*lines: str) -> Image.Image:
    picture = Image.new("L", (1500, 90 * len(lines) + 30), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((20, 15 + 90 * number), line, fill=0, font=ImageFont.load_default(size=48))
    return picture


def letter(*lines: str, picture: Image.Image | None = None, at: int = 20, width: int = 120) -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=11)
    document.set_y(70)
    for line in lines:
        document.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=8)
    if picture:
        stored = io.BytesIO()
        picture.save(stored, "PNG")
        document.image(stored, x=20, y=at, w=width)
    return bytes(document.output())


TERMS = (
    "Dear Wei, we are pleased to offer you the position of Robotics intern. You test motor controllers, write Python",
    "tools for the laboratory and document the results. You start on September 14, 2026 and end on December 11, 2026.",
    "You work 20 hours per week at 400 Dwight Street, Suite 5, Holyoke, Massachusetts.",
)
PAY = "You are paid $24.00 per hour and get a transit pass."
HEAD = ("Baystate Robotics Inc.", "12 Main Street, Springfield, MA 01103")


def on_outlined_stationery() -> bytes:
    """Its letterhead is shapes only, as design programs write it."""
    document = FPDF()
    document.add_page()
    for number, line in enumerate(HEAD):
        outline(document, line, left=20, base=20 + 8 * number, points=14)
    document.set_font("Helvetica", size=10)
    document.set_y(70)
    for line in (*TERMS, PAY):
        document.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=8)
    return bytes(document.output())


async def judged(readers, content: bytes):
    return check_letter((await readers.read(content, PDF)).text, typed(form()))


def lines(document):
    return [line.text for page in document.text.pages for line in page.lines]


WORDS = ("Dear Wei, we are glad to offer you the position of Data Intern in our office.", "Sincerely, Dana Okafor")


@needs_ocr
@pytest.mark.parametrize(("at", "line"), [(20, 0), (200, -1)], ids=["letterhead", "table"])
async def test_words_in_a_picture_stand_among_the_lines(readers, at, line):
    document = await readers.read(letter(*WORDS, picture=painted("Acme Robotics Inc. $24.00 per hour"), at=at), PDF)

    assert lines(document)[line] == "Acme Robotics Inc. $24.00 per hour"
    (page,) = document.text.pages
    assert [one.seen for one in page.lines].count(True) == 1
    assert not page.zones


@needs_ocr
async def test_a_scanned_page_is_read(readers):
    scan = painted("Acme Robotics Inc.", *WORDS[0].split(", "), "You work 20 hours per week.", *["and on and on"] * 14)

    document = await readers.read(letter(picture=scan, at=10, width=180), PDF)

    assert "You work 20 hours per week." in lines(document)
    assert not document.text.pages[0].picture


async def test_where_tesseract_is_not_installed_the_picture_stays_one(readers, monkeypatch):
    monkeypatch.setattr(read_document, "language_data", lambda: "")

    document = await readers.read(letter(*WORDS, picture=painted("$24.00 per hour"), at=200), PDF)

    assert lines(document) == list(WORDS)
    assert len(document.text.pages[0].zones) == 1


async def test_a_reading_that_fails_leaves_the_text(readers, monkeypatch):
    """The limited process dies of its folder; the letter's own words are there."""
    monkeypatch.setattr(read_document, "language_data", lambda: "/no/such/folder")

    document = await readers.read(letter(*WORDS, picture=painted("$24.00 per hour"), at=200), PDF)

    assert lines(document) == list(WORDS)
    assert len(document.text.pages[0].zones) == 1


@needs_ocr
async def test_there_are_never_more_processes_than_places():
    """Of a pod's memory the chart counts one process a place, whichever kind it is."""
    scan = letter(
        picture=painted("Acme Robotics Inc.", *WORDS[0].split(", "), *["and on and on"] * 14), at=10, width=180
    )
    with most_children() as most:
        async with DocumentReaders(seconds=PATIENT) as readers:
            await asyncio.gather(*(readers.read(scan, PDF) for _ in range(PLACES)))

    assert most.count == PLACES
    assert most.memory <= PLACES * MOST_CHILD


@needs_ocr
async def test_a_letterhead_of_outlined_letters_is_read(readers):
    """R2, R3; what only a machine read is named for a person to compare"""
    report = await judged(readers, on_outlined_stationery())

    assert report.missing == ()
    (flag,) = (flag for flag in report.flags if flag.code == "letter_is_scan")
    assert "employer, letterhead, mailing address" in flag.message


async def test_outlined_letters_that_nothing_reads_may_hold_the_letterhead_only(readers, monkeypatch):
    """R2, R3; where Tesseract is not installed"""
    monkeypatch.setattr(read_document, "language_data", lambda: "")
    report = await judged(readers, on_outlined_stationery())

    assert report.facts(Outcome.UNVERIFIABLE) == ["employer", "letterhead", "mailing_address"]
    assert report.missing == ()


@needs_ocr
@pytest.mark.parametrize(
    ("text", "shown", "at", "facts"),
    [
        ((*TERMS, PAY), HEAD, 15, {"employer", "letterhead", "mailing_address"}),
        ((*HEAD, *TERMS), ("Hourly pay: $24.00 per hour", "Benefit: transit pass"), 140, {"compensation"}),
    ],
    ids=["logo", "pasted table"],
)
async def test_a_fact_that_only_a_picture_states_is_found_and_named(readers, text, shown, at, facts):
    """R2, R3, R10"""
    report = await judged(readers, letter(*text, picture=painted(*shown), at=at))

    assert report.missing == ()
    (flag,) = (flag for flag in report.flags if flag.code == "letter_is_scan")
    assert all(fact.replace("_", " ") in flag.message for fact in facts)


@pytest.mark.parametrize(
    ("text", "shown", "at", "facts"),
    [
        (TERMS, HEAD, 15, ["employer", "letterhead", "mailing_address"]),
        (HEAD, ("Hourly pay: $24.00 per hour", "Benefit: transit pass"), 140, []),
    ],
    ids=["logo", "pasted table"],
)
async def test_a_picture_that_nothing_reads_excuses_its_zone_and_no_other(readers, monkeypatch, text, shown, at, facts):
    """R11; a logo excuses no lacking pay, a table no lacking letterhead"""
    monkeypatch.setattr(read_document, "language_data", lambda: "")
    report = await judged(readers, letter(*text, picture=painted(*shown), at=at))

    excused = report.facts(Outcome.UNVERIFIABLE)
    assert ("compensation" in report.facts(Outcome.MISSING)) == bool(facts)
    assert set(facts) <= set(excused)
