"""One limited child process as its parent sees it."""

import asyncio
import contextlib
import json
import os
import struct
import sys
from typing import Any

from .extract_limits import PING

_FRAME = struct.Struct(">I")
_LARGEST_ANSWER = 8 * 1024**2  # bytes: two drawn pages, or 60,000 characters a line each
_START_SECONDS = 30


class ChildDied(Exception):
    """Of its document, mostly: too much memory, too much time, or a fault in what reads it."""


class ReaderProcess:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.documents = 0

    @classmethod
    async def start(cls, cpu_seconds: int, language_data: str = "") -> "ReaderProcess":
        """Its environment holds where to import from and nothing else: no address, no password.

        With `language_data` it reads the words in pictures too.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "intake.documents.reader_child",
            str(cpu_seconds),
            *filter(None, [language_data]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        child = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child._receive()
        except BaseException:
            await child.kill()
            raise
        return child

    async def read(self, content: bytes, media_type: str) -> dict[str, Any]:
        self.documents += 1
        return await self._ask(content, media_type)

    async def lives(self) -> bool:
        """Whether it did not die of an earlier document, or of something else."""
        try:
            return bool(await self._ask(b"", PING))
        except ChildDied:
            return False

    async def _ask(self, content: bytes, media_type: str) -> dict[str, Any]:
        assert self._process.stdin
        with contextlib.suppress(ConnectionError):  # the answer, or its absence, tells more
            for part in (media_type.encode(), content):
                self._process.stdin.write(_FRAME.pack(len(part)))
                self._process.stdin.write(part)
            await self._process.stdin.drain()
        return await self._receive()

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout
        try:
            (size,) = _FRAME.unpack(await self._process.stdout.readexactly(_FRAME.size))
            if size > _LARGEST_ANSWER:
                await self.kill()
            answer: dict[str, Any] = json.loads(await self._process.stdout.readexactly(size))
        except asyncio.IncompleteReadError as error:
            await self._process.wait()
            raise ChildDied from error
        return answer
