"""Keeps uploads as objects under keys of our own: a local folder, or S3 by its URL."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import obstore
from obstore.exceptions import GenericError
from obstore.store import ObjectStore, from_url

from .refusals import Code, DocumentRefused

MEGABYTE = 1024**2
_CHUNK = 256 * 1024


class StoreAway(OSError):
    """The store takes or deletes nothing now, a full disk or a lost connection: it passes, and the student may try again."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    sha256: str
    size: int


class DocumentStore:
    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def at(cls, url: str) -> Self:
        """`file:///…`, made if absent, or `s3://bucket/prefix` with credentials as AWS tools find them."""
        if not url.startswith(("file:///", "s3://")):
            raise ValueError("CPT_DOCUMENTS__URL must be file:///folder or s3://bucket/prefix: no place is guessed.")
        options: dict[str, Any] = {"mkdir": True} if url.startswith("file:") else {}
        return cls(from_url(url, **options))

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> StoredObject:
        """Streams the upload; one that breaks off or grows beyond `limit` bytes leaves no object (DocumentRefused).

        Raises `StoreAway`.
        """
        key, counted = f"documents/{uuid4().hex}", _Counted(chunks, limit)
        try:
            await obstore.put_async(self._store, key, counted.pass_on())
        except GenericError:
            raise StoreAway("the document store takes nothing now") from None  # its own words hold paths
        except BaseException:
            await self.remove(key)
            raise
        return StoredObject(key, counted.sha256.hexdigest(), counted.size)

    async def put(self, key: str, content: bytes) -> None:
        """For what belongs to an upload, under a key of ours."""
        await obstore.put_async(self._store, key, content)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Raises FileNotFoundError at the first chunk."""
        found = await obstore.get_async(self._store, key)
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    async def read(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.open(key)])

    async def has(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def remove(self, key: str) -> None:
        """Removing what is not there is no error. Raises `StoreAway`."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except (GenericError, PermissionError):
            raise StoreAway("the document store deletes nothing now") from None


class _Counted:
    def __init__(self, chunks: AsyncIterator[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit
        self.sha256 = hashlib.sha256()
        self.size = 0

    async def pass_on(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise DocumentRefused(Code.OVERSIZE, limit=f"{self._limit // MEGABYTE} MB")
            self.sha256.update(chunk)
            if chunk:
                yield chunk
