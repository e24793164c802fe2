"""The documents of a request: intake keeps them, review reads them for the case file and adds the signed I-20 (A28)."""

from functools import cached_property

import obstore
from obstore.exceptions import GenericError
from obstore.store import ObjectStore, from_url

from cpt.contracts.documents import DRAWN_PAGES, page_key


class Documents:
    """`url` is intake's document store: `file:///…` or `s3://bucket/prefix`."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _store(self) -> ObjectStore:
        """Opened with the first reading: a local folder is there from the first upload on, not before."""
        return from_url(self._url)

    async def put(self, key: str, content: bytes) -> None:
        """Under a key of ours; raises OSError where the store takes nothing now."""
        try:
            await obstore.put_async(self._store, key, content)
        except GenericError:
            raise OSError("the document store takes nothing now") from None  # its own words hold paths

    async def pages(self, key: str) -> int:
        """How many pictures of its pages there are, from the first on."""
        number = 0
        while number < DRAWN_PAGES and await self._is_there(page_key(key, number + 1)):
            number += 1
        return number

    async def _is_there(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def read(self, key: str) -> bytes | None:
        """None when the document is gone: the case file then says so."""
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
