"""Reads PDFs and pictures in a small pool of limited child processes, replaced after some documents and any failure."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from intake.letter import LetterText, Line, Page

from .extract_limits import DRAW, MAX_PAGES, MAX_PIXELS, SEE, ExtractedPage
from .language_data import language_data
from .media_types import PDF
from .reader_process import ChildDied, ReaderProcess
from .refusals import Code, DocumentRefused, DocumentsUnavailableError
from .turns import Turns

_SEEING_CPU_SECONDS = 10
PLACES = 2  # documents at once, and processes at most; each may take what one may, and the pod must have it

_LIMITS = {Code.TOO_MANY_PAGES: str(MAX_PAGES), Code.OVERSIZE: f"{MAX_PIXELS // 1_000_000} million pixels"}


@dataclass(frozen=True, slots=True)
class ReadDocument:
    pages: int
    text: LetterText


class DocumentReaders:
    """One document may use `cpu_seconds`; `seconds` on the wall clock only end what an overloaded host never would.

    Each person has one turn at a time, so that nobody's files hold up another's.
    """

    def __init__(
        self, size: int = PLACES, *, cpu_seconds: int = 5, seconds: float = 30, documents_per_child: int = 50
    ) -> None:
        self._turns = Turns(size)
        self._idle: list[ReaderProcess] = []
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds
        self._documents_per_child = documents_per_child

    async def __aenter__(self) -> Self:
        """Starts one child, so that a host on which none can run is noticed at once."""
        self._idle.append(await self._start())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        while self._idle:
            await self._idle.pop().kill()

    def turn(self, person: str) -> AbstractAsyncContextManager[None]:
        """A file is held in memory in its turn only. Raises DocumentsUnavailableError where too many wait."""
        return self._turns.turn(person)

    async def read(self, content: bytes, media_type: str) -> ReadDocument:
        """In a turn. Raises DocumentRefused, or DocumentsUnavailableError when the failure is not the document's."""
        if not content:
            raise DocumentRefused(Code.EMPTY)
        answer = await self._in_time(content, media_type)
        if refused := answer.get("refused"):
            raise DocumentRefused(Code(refused), limit=_LIMITS.get(refused, ""))
        pages = answer["pages"]
        if media_type == PDF and any(page["picture"] or page["zones"] for page in pages):
            pages = await self._see(content) or pages
        return ReadDocument(len(pages), letter_text(pages))

    async def draw(self, content: bytes) -> list[bytes]:
        """In a turn: the first pages of a PDF as PNG; none of one that cannot be drawn."""
        answer = await self._in_time(content, DRAW)
        return [base64.b64decode(picture) for picture in answer.get("pictures", ())]

    async def _see(self, content: bytes) -> list[ExtractedPage]:
        """The pages with the words in their pictures; none where that fails, since the text is there without it."""
        if not (folder := language_data()):
            return []
        if self._idle:  # it keeps the memory of what it has read: one process a place, or the pod has too little
            await self._idle.pop().kill()
        try:
            async with asyncio.timeout(self._seconds):
                child = await ReaderProcess.start(_SEEING_CPU_SECONDS, folder)
                try:
                    pages: list[ExtractedPage] = (await child.read(content, SEE)).get("pages", [])
                finally:
                    await child.kill()
        except (OSError, ChildDied, TimeoutError):
            return []
        return pages

    async def _in_time(self, content: bytes, media_type: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._seconds):
                async with self._child() as child:
                    return await child.read(content, media_type)
        except ChildDied:  # a document has one try
            return {"refused": Code.UNREADABLE}
        except TimeoutError as error:
            raise DocumentsUnavailableError("no answer from the reading process in time") from error

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[ReaderProcess]:
        child = await self._idle_one() or await self._start()
        try:
            yield child
        except BaseException:
            await child.kill()
            raise
        if child.documents < self._documents_per_child:
            self._idle.append(child)
        else:
            await child.kill()

    async def _idle_one(self) -> ReaderProcess | None:
        """One that lives: what it may have died of was not this document."""
        while self._idle:
            child = self._idle.pop()
            if await child.lives():
                return child
            await child.kill()
        return None

    async def _start(self) -> ReaderProcess:
        try:
            return await ReaderProcess.start(self._cpu_seconds)
        except (OSError, ChildDied, TimeoutError) as error:
            raise DocumentsUnavailableError("the reading process does not start") from error


def letter_text(pages: Sequence[ExtractedPage]) -> LetterText:
    return LetterText(tuple(_page(page) for page in pages))


def _page(page: ExtractedPage) -> Page:
    return Page(
        tuple(Line(text, top, left, bottom, right, seen) for text, (top, left, bottom, right), seen in page["lines"]),
        page["picture"],
        tuple((top, bottom) for top, _, bottom, _ in page["zones"]),
        page["hidden"],
        page["unread"],
    )
