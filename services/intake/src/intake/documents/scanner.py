"""The virus scanner as the intake sees it: a verdict on every upload, or no upload is received."""

import asyncio
import struct
from dataclasses import dataclass
from typing import Protocol

from .refusals import DocumentsUnavailableError

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class ScanResult:
    """`record` is kept in the case file."""

    infected: bool
    record: str


class Scanner(Protocol):
    async def scan(self, content: bytes) -> ScanResult:
        """Raises DocumentsUnavailableError when no verdict can be had."""


class NoScanner:
    async def scan(self, content: bytes) -> ScanResult:  # noqa: ARG002 - the port's form
        return ScanResult(infected=False, record="not scanned")


@dataclass(frozen=True, slots=True)
class ClamAV:
    """clamd over TCP, command INSTREAM; whatever is not a plain "OK" or "FOUND" is no verdict."""

    host: str
    port: int = 3310
    seconds: float = 30

    async def scan(self, content: bytes) -> ScanResult:
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._instream(content)
        except (OSError, EOFError, TimeoutError) as error:
            raise DocumentsUnavailableError("no answer from the virus scanner") from error
        match answer.removeprefix("stream: ").rsplit(" ", 1):
            case ["OK"]:
                return ScanResult(infected=False, record="clean (ClamAV)")
            case [name, "FOUND"]:
                return ScanResult(infected=True, record=f"{name} (ClamAV)")
        raise DocumentsUnavailableError("the virus scanner gave no verdict")

    async def _instream(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                writer.write(struct.pack(">I", len(chunk)) + chunk)
                await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1].decode("utf-8", "replace")
        finally:
            writer.close()
