"""Where a site puts its extracts: a file, a folder, an S3 prefix, an HTTP address."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

MOST_BYTES = 2 * 2**30
_MOST_FILES = 1_000
_SECONDS = 60.0


class NoPlace(Exception):
    """Nothing can be read there; says what to do."""


class _Passing(Exception):
    """May be over the next time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file on this machine. `name`: as people know it, without its folder."""

    name: str
    path: Path
    size: int
    modified_at: datetime


@contextmanager
def folder_for_copies() -> Iterator[Path]:
    """Extracts hold personal data: what was fetched is removed, whatever happens."""
    made = Path(tempfile.mkdtemp(prefix="extracts-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


async def find_files(place: str, copies: Path, patterns: list[str]) -> AsyncIterator[Found]:
    """The file itself, or those of a folder or prefix whose names fit a pattern. Raises NoPlace."""
    kind = urlsplit(place).scheme
    if kind in {"http", "https"}:
        yield await _download(place, copies)
    elif kind == "s3":
        async for found in _objects(place, copies, patterns):
            yield found
    elif kind in {"", "file"}:
        for found in _files(Path(urlsplit(place).path if kind else place), patterns):
            yield found
    else:
        raise NoPlace(f"{kind}:// is no place that can be read: give a file, a folder, s3://… or https://…")


def _files(path: Path, patterns: list[str]) -> list[Found]:
    try:
        named = (
            [path]
            if path.is_file()
            else [one for one in sorted(path.iterdir()) if one.is_file() and _fits(one.name, patterns)]
        )
        return [
            Found(one.name, one, one.stat().st_size, datetime.fromtimestamp(one.stat().st_mtime, UTC)) for one in named
        ]
    except OSError as error:
        raise NoPlace(f"{path} cannot be read: {error.strerror or error.__class__.__name__}") from None


async def _objects(place: str, copies: Path, patterns: list[str]) -> AsyncIterator[Found]:
    """Credentials as AWS tools find them."""
    parts = urlsplit(place)
    try:
        store = from_url(f"s3://{parts.netloc}")
        listed = [meta async for page in obstore.list(store, parts.path.lstrip("/") or None) for meta in page]
        for number, meta in enumerate(listed[:_MOST_FILES]):
            name = meta["path"].rpartition("/")[2]
            if _fits(name, patterns):
                yield await _object(store, meta["path"], copies / f"{number}-{name}", name, meta["last_modified"])
    except (BaseError, OSError) as error:
        raise NoPlace(f"{place} cannot be read: {error.__class__.__name__}") from None


async def _object(store: ObjectStore, key: str, copy: Path, name: str, modified_at: datetime) -> Found:
    answer, size = await obstore.get_async(store, key), 0
    with copy.open("wb") as out:
        async for chunk in answer.stream():
            size = _within(size + len(chunk))
            out.write(chunk)
    return Found(name, copy, size, modified_at)


async def _download(address: str, copies: Path) -> Found:
    name = urlsplit(address).path.rpartition("/")[2] or "extract"
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_Passing), wait=wait_exponential_jitter(multiplier=0.2, max=10, jitter=0.2),
        stop=stop_after_attempt(4), reraise=True,
    )  # fmt: skip
    try:
        return await retrying(_downloaded, address, copies / name.replace("\0", ""), name)
    except _Passing as error:
        raise NoPlace(f"{urlsplit(address).netloc} does not give the file: {error}") from None


async def _downloaded(address: str, copy: Path, name: str) -> Found:
    size = 0
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS) as client, client.stream("GET", address) as answer:
            if answer.status_code == 429 or answer.status_code >= 500:
                raise _Passing(f"it answered {answer.status_code}")
            if not answer.is_success:
                raise NoPlace(
                    f"{urlsplit(address).netloc} answered {answer.status_code}: see that the address is right"
                )
            with copy.open("wb") as out:
                async for chunk in answer.aiter_bytes():
                    size = _within(size + len(chunk))
                    out.write(chunk)
            return Found(name, copy, size, _last_modified(answer.headers.get("Last-Modified")))
    except httpx2.TransportError as error:
        raise _Passing(error.__class__.__name__) from None


def _last_modified(told: str | None) -> datetime:
    try:
        return parsedate_to_datetime(told or "").astimezone(UTC)
    except ValueError:
        raise NoPlace("The server does not say when the file was made (Last-Modified): give --taken-at") from None


def _within(size: int) -> int:
    if size > MOST_BYTES:
        raise NoPlace(f"The file has more than {MOST_BYTES // 2**30} GiB: send it in parts, by term.")
    return size


def _fits(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
