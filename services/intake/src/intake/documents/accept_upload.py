"""An upload counts as received only once it is kept, is what it should be, is clean, and opens (case 35)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from cpt.contracts.documents import DRAWN_PAGES, page_key
from intake.letter import LetterText

from .document_store import MEGABYTE, DocumentStore
from .media_types import media_type_of, spoken
from .read_document import DocumentReaders
from .refusals import Code, DocumentRefused
from .scanner import Scanner

LIMIT = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """`scan` says in words for the case file what the virus scanner found, or that there was none."""

    key: str
    sha256: str
    size: int
    media_type: str
    pages: int
    scan: str
    text: LetterText


@dataclass(frozen=True, slots=True)
class Uploads:
    store: DocumentStore
    readers: DocumentReaders
    scanner: Scanner
    limit: int = LIMIT

    async def accept(self, chunks: AsyncIterator[bytes], accepted: frozenset[str], person: str) -> ReceivedDocument:
        """Raises DocumentRefused or DocumentsUnavailableError; neither leaves an object behind. `person` takes a turn."""
        kept = await self.store.keep(chunks, limit=self.limit)
        try:
            async with self.readers.turn(person):
                content = await self.store.read(kept.key)
                media_type = _accepted_type(content, accepted)
                scan = await self._scanned(content)
                document = await self.readers.read(content, media_type)
        except BaseException:
            await self.store.remove(kept.key)
            raise
        return ReceivedDocument(kept.key, kept.sha256, kept.size, media_type, document.pages, scan, document.text)

    async def draw(self, key: str, person: str) -> None:
        """Pictures of a PDF's first pages beside it, for pages of people; a document that cannot be drawn has none."""
        async with self.readers.turn(person):
            pictures = await self.readers.draw(await self.store.read(key))
        for number, picture in enumerate(pictures, 1):
            await self.store.put(page_key(key, number), picture)

    async def page_count(self, key: str) -> int:
        """How many pages there are pictures of."""
        number = 0
        while number < DRAWN_PAGES and await self.store.has(page_key(key, number + 1)):
            number += 1
        return number

    async def page_picture(self, key: str, number: int) -> bytes | None:
        try:
            return await self.store.read(page_key(key, number))
        except FileNotFoundError:
            return None

    async def _scanned(self, content: bytes) -> str:
        verdict = await self.scanner.scan(content)
        if verdict.infected:
            raise DocumentRefused(Code.INFECTED)
        return verdict.record


async def forget_document(store: DocumentStore, key: str) -> None:
    """The pictures go first: as long as the document is there, somebody knows that they may be. Repeating it is no error."""
    for number in range(1, DRAWN_PAGES + 1):
        await store.remove(page_key(key, number))
    await store.remove(key)


def _accepted_type(content: bytes, accepted: frozenset[str]) -> str:
    if not content:
        raise DocumentRefused(Code.EMPTY)
    media_type = media_type_of(content)
    if media_type is None or media_type not in accepted:
        raise DocumentRefused(Code.WRONG_TYPE, accepted=spoken(accepted))
    return media_type
