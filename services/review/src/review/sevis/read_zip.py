"""What SEVIS gives back, as it comes: the bare log or a zip of the log and PDFs. Nothing of it is written to a disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

LOG_NAME = "sevis_transaction_log.xml"
MOST_ENTRIES, MOST_LOG, MOST_PDF, MOST_UNPACKED = 300, 5 * 2**20, 10 * 2**20, 100 * 2**20
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1


class Unreadable(Exception):
    """The file is none of SEVIS's, or not whole; `faults` say what is wrong and what to do, and hold nothing personal."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF of the zip, by the name that SEVIS gave it."""

    name: str
    content: bytes


def unpack(content: bytes) -> tuple[bytes, tuple[Paper, ...]]:
    """The log's bytes and the PDFs. Raises `Unreadable`."""
    if not content:
        raise Unreadable("The file is empty. Download it from SEVIS again.")
    if not content.startswith(b"PK"):
        if len(content) > MOST_LOG:
            raise Unreadable(f"The log is larger than {MOST_LOG // 2**20} MB.")
        return content, ()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise Unreadable("The zip cannot be opened; it may be cut off. Download it from SEVIS again.") from error


def _read(archive: zipfile.ZipFile) -> tuple[bytes, tuple[Paper, ...]]:
    entries = archive.infolist()
    if faults := list(_entry_faults(entries)):
        raise Unreadable(*faults[:10])
    room, log, papers = MOST_UNPACKED, b"", []
    for entry in entries:
        is_log = entry.filename == LOG_NAME
        found = _bounded(archive, entry, min(MOST_LOG if is_log else MOST_PDF, room))
        room -= len(found)
        if is_log:
            log = found
        elif found.startswith(b"%PDF-"):
            papers.append(Paper(entry.filename, found))
        else:
            raise Unreadable("A file of the zip is called a PDF and is none. Download it from SEVIS again.")
    return log, tuple(papers)


def _entry_faults(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        yield f"The zip holds {len(entries)} files; a batch has at most {MOST_ENTRIES}."
        return
    if len(set(names)) < len(names):
        yield "The zip holds two files of one name."
    if names.count(LOG_NAME) == 0:
        yield f"The zip holds no {LOG_NAME}. Give back the zip as SEVIS gave it."
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        yield "The zip is encrypted. Give back the zip as SEVIS gave it."
    if any(not _expected(entry) for entry in entries):
        yield f"The zip holds something else than {LOG_NAME} and PDFs, or a name with a folder. Give it back as SEVIS gave it."


def _expected(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    plain = name.isprintable() and not set(name) & set('/\\:*?"<>|') and not name.startswith(".") and len(name) <= 200
    return plain and (name == LOG_NAME or name.lower().endswith(".pdf"))


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Counted while it unpacks: what a zip says of its own sizes is not believed."""
    parts, size = [], 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise Unreadable("The zip unpacks to more than any batch has. It was not read further.")
            parts.append(chunk)
    return b"".join(parts)
