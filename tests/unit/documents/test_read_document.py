import asyncio
import os
from pathlib import Path

import pytest

from intake.documents.read_document import DocumentReaders
from intake.documents.refusals import DocumentRefused, DocumentsUnavailableError
from intake.documents.sandbox import ADDRESS_SPACE
from tests.unit.documents import files
from tests.unit.documents.children import PATIENT

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"


@pytest.fixture(scope="module")
async def readers():
    async with DocumentReaders(seconds=PATIENT) as readers:
        yield readers


def lines(document):
    return [line.text for page in document.text.pages for line in page.lines]


async def test_a_letter_comes_back_as_lines_with_their_places(readers):
    document = await readers.read(files.letter(), PDF)

    first = document.text.pages[0].lines[0]
    assert (document.pages, first.text) == (1, "Baystate Robotics Inc.")
    assert 0.05 < first.top < 0.15
    assert 0.10 < first.left < 0.15


async def test_what_was_filled_into_a_form_is_text(readers):
    assert lines(await readers.read(files.filled_form(), PDF)) == ["Your first day is", "September 14, 2026"]


async def test_places_are_those_of_the_page_as_it_is_shown(readers):
    document = await readers.read(files.turned(b"Baystate Robotics"), PDF)

    assert document.text.pages[0].lines[0].top < 0.1


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", PDF, "empty"),
        (files.blank_pdf(), PDF, "empty"),
        (b"%PDF-1.7\nnothing of the kind", PDF, "unreadable"),
        (files.letter()[:300], PDF, "unreadable"),
        (files.pdf(user_password="secret", owner_password="boss"), PDF, "encrypted"),
        (files.portfolio(), PDF, "portfolio"),
        (files.picture()[:60], PNG, "unreadable"),
        (files.picture("JPEG", (400, 400))[:-300], JPEG, "unreadable"),
        (files.enormous_png(), PNG, "oversize"),
        (files.picture("GIF"), PNG, "unreadable"),
        (os.urandom(2000), PDF, "unreadable"),
    ],
)
async def test_what_does_not_open_is_refused_by_name(readers, content, media_type, code):
    """Case 35"""
    with pytest.raises(DocumentRefused) as refused:
        await readers.read(content, media_type)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(("content", "media_type"), [(files.picture(), PNG), (files.picture("JPEG"), JPEG)])
async def test_a_picture_is_opened_and_holds_no_text(readers, content, media_type):
    document = await readers.read(content, media_type)

    assert document.pages == 1
    assert document.text.pages[0].picture


async def test_sixty_pages_are_read_of_a_longer_letter_and_it_says_so(readers):
    document = await readers.read(files.pdf(61), PDF)

    assert document.pages == 60
    assert [page.unread for page in document.text.pages] == [False] * 59 + [True]


async def test_a_file_that_opens_without_its_owners_password_is_read(readers):
    assert lines(await readers.read(files.pdf(owner_password="boss"), PDF)) == ["Enrolled in COMPSCI 698"]


@pytest.mark.parametrize(
    "unseen",
    [
        b"3 Tr 1 0 0 1 40 600 Tm (20 hours per week) Tj 0 Tr",
        b"1 g 1 0 0 1 40 600 Tm (20 hours per week) Tj 0 g",
        b"/F 0.5 Tf 1 0 0 1 40 600 Tm (20 hours per week) Tj /F 12 Tf",
        b"1 0 0 1 40 900 Tm (20 hours per week) Tj",
        b"ET q 0 0 9 9 re W n BT /F 12 Tf 1 0 0 1 40 600 Tm (20 hours per week) Tj ET Q BT /F 12 Tf",
        b"ET BT /F 12 Tf 1 0 0 1 40 600 Tm (20 hours per week) Tj ET 1 g 0 590 600 30 re f 0 g BT /F 12 Tf",
        b"ET /OC /Off BDC BT /F 12 Tf 1 0 0 1 40 600 Tm (20 hours per week) Tj ET EMC BT /F 12 Tf",
        b".956 g 1 0 0 1 40 600 Tm (20 hours per week) Tj 0 g",
    ],
    ids=[
        "invisible",
        "white",
        "half a point",
        "off the page",
        "clipped",
        "covered",
        "on a layer switched off",
        "nearly white",
    ],
)
async def test_text_that_nobody_sees_is_not_read_and_is_told_of(readers, unseen):
    """R6, R11"""
    content = b"BT /F 12 Tf 1 0 0 1 40 700 Tm (Dear Ada) Tj %s 1 0 0 1 40 500 Tm (Sincerely) Tj ET" % unseen

    document = await readers.read(files.layered(content), PDF)

    assert lines(document) == ["Dear Ada", "Sincerely"]
    assert document.text.pages[0].hidden


async def test_a_layer_that_is_on_is_read(readers):
    content = b"/OC /On BDC BT /F 12 Tf 1 0 0 1 40 600 Tm (20 hours per week) Tj ET EMC"

    assert lines(await readers.read(files.layered(content), PDF)) == ["20 hours per week"]


async def test_white_letters_on_a_dark_bar_are_seen(readers):
    content = b"0 g 0 680 600 60 re f 1 g BT /F 12 Tf 1 0 0 1 40 700 Tm (Acme Corporation) Tj ET"

    document = await readers.read(files.bare_pdf(content), PDF)

    assert lines(document) == ["Acme Corporation"]
    assert not document.text.pages[0].hidden


async def test_fields_filled_without_their_looks_are_read_one_by_one(readers):
    assert lines(await readers.read(files.bare_form(), PDF)) == ["Geophysics Lab Assistant", "20", "$18.50"]


async def test_the_reading_process_knows_no_secret(monkeypatch):
    monkeypatch.setenv("CPT_POSTGRES__DSN", "postgresql://intake:secret@db/cpt")
    async with DocumentReaders(seconds=PATIENT) as readers:
        environment = proc(readers, "environ")

    assert "PYTHONPATH=" in environment
    assert "CPT_" not in environment


async def test_the_reading_process_is_limited():
    async with DocumentReaders(seconds=PATIENT) as readers:
        limits = proc(readers, "limits")

    assert [line.split()[3] for line in limits.splitlines() if "address space" in line] == [str(ADDRESS_SPACE)]
    assert [line.split()[3] for line in limits.splitlines() if line.startswith("Max file size")] == ["0"]


async def test_a_document_that_takes_too_long_is_refused_and_the_next_one_is_read():
    async with DocumentReaders(size=1, cpu_seconds=1, seconds=PATIENT) as readers:
        with pytest.raises(DocumentRefused, match="cannot be opened"):
            await readers.read(files.heavy_pdf(), PDF)

        assert (await readers.read(files.letter(), PDF)).pages == 1


async def test_an_overloaded_host_is_not_the_students_fault():
    async with DocumentReaders(size=1, seconds=0.2) as readers:
        with pytest.raises(DocumentsUnavailableError):
            await readers.read(files.heavy_pdf(), PDF)


async def test_a_child_that_died_meanwhile_costs_no_document():
    async with DocumentReaders(size=1, seconds=PATIENT) as readers:
        os.kill(pid(readers), 9)

        assert (await readers.read(files.letter(), PDF)).pages == 1


async def test_children_are_reused_and_replaced_after_some_documents():
    async with DocumentReaders(size=1, seconds=PATIENT, documents_per_child=2) as readers:
        pids = []
        for _ in range(4):
            await readers.read(files.picture(), PNG)
            pids.append(pid(readers))

    assert pids[0] is not None
    assert pids[1] is None
    assert pids[2] not in {None, pids[0]}


async def test_the_event_loop_goes_on_while_documents_are_read(readers):
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    await asyncio.gather(*[readers.read(files.letter(), PDF) for _ in range(6)])
    turning.cancel()

    assert turns > 50


async def test_no_child_outlives_its_pool():
    async with DocumentReaders(seconds=PATIENT) as readers:
        await asyncio.gather(*[readers.read(files.letter(), PDF) for _ in range(4)])
        pids = [child._process.pid for child in readers._idle]

    assert pids
    assert not any(map(alive, pids))


async def test_a_reader_that_gives_up_leaves_the_pool_in_order():
    async with DocumentReaders(size=1, seconds=PATIENT) as readers:
        reading = asyncio.create_task(readers.read(files.heavy_pdf(3), PDF))
        while readers._idle:  # noqa: ASYNC110 - until the reading has begun
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

        assert (await readers.read(files.letter(), PDF)).pages == 1


def pid(readers):
    return readers._idle[0]._process.pid if readers._idle else None


def proc(readers, name):
    return Path(f"/proc/{pid(readers)}/{name}").read_text()


def alive(child):
    return Path(f"/proc/{child}").exists()


async def test_pages_beyond_what_is_read_are_for_a_person(readers):
    document = await readers.read(files.pdf(50, "many words " * 200), PDF)

    unread = [page for page in document.text.pages if page.unread]
    assert unread
    assert not any(page.picture for page in document.text.pages)
    assert not any(page.lines for page in unread[1:])
