import asyncio
import hashlib

import pytest
from obstore.store import S3Store

from infra.devstack.patience import stretched
from intake.documents.accept_upload import Uploads
from intake.documents.document_store import DocumentStore
from intake.documents.media_types import ACCEPTED, media_type_of
from intake.documents.read_document import DocumentReaders
from intake.documents.refusals import DocumentRefused, DocumentsUnavailableError
from intake.documents.scanner import ClamAV, NoScanner
from tests.unit.documents import files
from tests.unit.documents.children import PATIENT
from tests.unit.documents.clamd import EICAR, FakeClamd

LETTER, PROOF = ACCEPTED["offer_letter"], ACCEPTED["enrollment_proof"]


@pytest.fixture(scope="module")
async def readers():
    async with DocumentReaders(seconds=PATIENT) as readers:
        yield readers


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "with a space" / "documents"


@pytest.fixture
def store(folder):
    return DocumentStore.at(folder.as_uri())


@pytest.fixture
def uploads(store, readers):
    return Uploads(store, readers, NoScanner(), limit=200_000)


def kept(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_letter_is_kept_under_a_key_of_our_own_with_hash_and_text(uploads, store):
    letter = files.letter()

    received = await uploads.accept(files.stream(letter), LETTER, "30012345")

    assert received.sha256 == hashlib.sha256(letter).hexdigest()
    assert (received.size, received.media_type, received.pages) == (len(letter), "application/pdf", 1)
    assert received.scan == "not scanned"
    assert received.text.pages[0].lines[0].text == "Baystate Robotics Inc."
    assert await store.read(received.key) == letter


@pytest.mark.parametrize("content", [files.picture(), files.picture("JPEG"), files.pdf()])
async def test_pictures_and_pdfs_are_accepted_as_enrollment_proof(uploads, content):
    assert (await uploads.accept(files.stream(content), PROOF, "30012345")).size == len(content)


@pytest.mark.parametrize(
    ("content", "accepted", "code"),
    [
        (b"", LETTER, "empty"),
        (files.picture(), LETTER, "wrong_type"),
        (b"MZ\x90\x00 this program cannot be run", LETTER, "wrong_type"),
        (b"PK\x03\x04 word/document.xml", LETTER, "wrong_type"),
        (b"<html>%PDF-1.7</html>", LETTER, "wrong_type"),
        (b"GIF89a", PROOF, "wrong_type"),
        (files.letter()[:200], LETTER, "unreadable"),
        (files.pdf(user_password="secret", owner_password="boss"), LETTER, "encrypted"),
        (files.letter() + bytes(200_000), LETTER, "oversize"),
    ],
)
async def test_what_is_refused_is_not_received(uploads, folder, content, accepted, code):
    """Case 35"""
    with pytest.raises(DocumentRefused) as refused:
        await uploads.accept(files.stream(content), accepted, "30012345")

    assert refused.value.code == code
    assert kept(folder) == []


async def test_an_upload_without_end_is_cut_off_at_the_limit(uploads, folder):
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 100_000
            yield bytes(100_000)

    with pytest.raises(DocumentRefused, match="too large"):
        await uploads.accept(endless(), LETTER, "30012345")

    assert sent <= 300_000
    assert kept(folder) == []


async def test_a_stream_that_breaks_leaves_no_object(uploads, folder):
    with pytest.raises(ConnectionResetError):
        await uploads.accept(files.broken_stream(files.letter()), LETTER, "30012345")

    assert kept(folder) == []


async def test_an_upload_that_is_given_up_leaves_no_object(uploads, folder):
    begun = asyncio.Event()

    async def stalled():
        yield files.letter()
        begun.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(uploads.accept(stalled(), LETTER, "30012345"))
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    async with asyncio.timeout(stretched(10)):  # the store takes the begun file away in a thread of its own
        while kept(folder):  # noqa: ASYNC110 nobody tells when it is gone
            await asyncio.sleep(0.01)


async def test_two_uploads_of_the_same_bytes_are_two_objects(uploads):
    letter = files.letter()
    one, other = [await uploads.accept(files.stream(letter), LETTER, "30012345") for _ in range(2)]

    assert one.sha256 == other.sha256
    assert one.key != other.key


async def test_a_clean_file_is_received_with_the_scanners_word(uploads):
    async with FakeClamd() as clamd:
        scanned = Uploads(uploads.store, uploads.readers, ClamAV("127.0.0.1", clamd.port))

        assert (await scanned.accept(files.stream(files.letter()), LETTER, "30012345")).scan == "clean (ClamAV)"


async def test_an_infected_file_is_not_received(uploads, folder):
    """Case 35"""
    async with FakeClamd() as clamd:
        scanned = Uploads(uploads.store, uploads.readers, ClamAV("127.0.0.1", clamd.port))
        with pytest.raises(DocumentRefused, match="virus"):
            await scanned.accept(files.stream(files.letter() + EICAR), LETTER, "30012345")

    assert kept(folder) == []


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: ", b"UNKNOWN COMMAND\0", b"OK"]
)
async def test_without_a_verdict_nothing_is_received(uploads, folder, answer):
    """A scanner that fails closes the door."""
    async with FakeClamd(answer) as clamd:
        scanned = Uploads(uploads.store, uploads.readers, ClamAV("127.0.0.1", clamd.port, seconds=2))
        with pytest.raises(DocumentsUnavailableError):
            await scanned.accept(files.stream(files.letter()), LETTER, "30012345")

    assert kept(folder) == []


async def test_an_absent_scanner_closes_the_door(uploads, folder):
    async with FakeClamd() as clamd:
        port = clamd.port
    with pytest.raises(DocumentsUnavailableError):
        await Uploads(uploads.store, uploads.readers, ClamAV("127.0.0.1", port)).accept(
            files.stream(files.letter()), LETTER, "30012345"
        )

    assert kept(folder) == []


async def test_a_document_is_read_back_in_pieces(store):
    object_ = await store.keep(files.stream(bytes(900_000), 50_000), limit=1_000_000)

    pieces = [len(piece) async for piece in store.open(object_.key)]

    assert sum(pieces) == 900_000
    assert len(pieces) > 1


async def test_removing_twice_is_no_error(store):
    object_ = await store.keep(files.stream(b"x"), limit=10)

    await store.remove(object_.key)
    await store.remove(object_.key)

    with pytest.raises(FileNotFoundError):
        await store.read(object_.key)


def test_a_bucket_is_opened_by_its_url():
    assert isinstance(DocumentStore.at("s3://cpt-documents/intake")._store, S3Store)


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b"\r\n\r\n"])
def test_a_pdf_may_begin_with_blanks_as_some_printers_write(lead):
    assert media_type_of(lead + files.letter()) == "application/pdf"


@pytest.mark.parametrize("url", ["", "documents", "file:documents", "https://documents.example"])
def test_without_a_place_for_documents_nothing_starts_and_the_setting_is_named(url):
    """No place is guessed: uploads in a wrong one are lost ones."""
    with pytest.raises(ValueError, match="CPT_DOCUMENTS__URL"):
        DocumentStore.at(url)
