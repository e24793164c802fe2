"""What the OIDC issuer publishes about itself: its addresses and its signing keys, cached."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

log = structlog.get_logger(__name__)

VerifyKey = RSAKey | ECKey
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}

_FRESH = 600.0  # seconds until the keys are asked for again, so that a withdrawn one is not trusted for ever
_PAUSE = 5.0  # seconds between two attempts, whatever tokens come in
_FIRST_PAUSE = 1.0  # the same while there are no keys yet


_UNUSABLE = (httpx2.HTTPError, JoseError, LookupError, TypeError, ValueError)  # no answer, or not one to use


class IssuerAway(Exception):
    """The issuer does not answer, and nothing is known of it yet."""


class NotOffered(IssuerAway):
    """The issuer answers, and has no such endpoint."""


class Issuer:
    """`url` is the issuer exactly as its tokens name it."""

    def __init__(self, url: str, client: httpx2.AsyncClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._client = client
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, VerifyKey] = {}
        self._fetched = self._tried = float("-inf")

    async def address(self, name: str) -> str:
        """An endpoint by its name in the discovery document; raises IssuerAway if that cannot be read, NotOffered if it does
        not name one.
        """
        try:
            self._metadata = self._metadata or await self._discover()
        except _UNUSABLE as error:
            raise IssuerAway from error
        if name not in self._metadata:
            raise NotOffered
        return str(self._metadata[name])

    async def key(self, kid: str) -> VerifyKey | None:
        """The key of that id, from the cache while the issuer is away; raises IssuerAway if there never were keys."""
        known = self._keys.get(kid)
        stale = self._monotonic() - self._fetched > _FRESH
        if known is None or (stale and not self._lock.locked()):
            await self._refresh()
        if not self._keys:
            raise IssuerAway
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        async with self._lock:
            if self._monotonic() - self._tried < (_PAUSE if self._keys else _FIRST_PAUSE):
                return
            self._tried = self._monotonic()
            try:
                self._keys = await self._fetch_keys() or self._keys
                self._fetched = self._monotonic()
            except _UNUSABLE as error:
                log.warning("issuer_keys_not_read", error=type(error).__name__)

    async def _discover(self) -> dict[str, Any]:
        document = await self._get(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.url:
            raise ValueError("the discovery document names another issuer")
        return document

    async def _fetch_keys(self) -> dict[str, VerifyKey]:
        self._metadata = await self._discover()
        document = await self._get(self._metadata["jwks_uri"])
        return {item["kid"]: _KINDS[item["kty"]].import_key(item) for item in document["keys"] if _signs(item)}

    async def _get(self, url: str) -> dict[str, Any]:
        response = await self._client.get(url)
        response.raise_for_status()
        document = response.json()
        if not isinstance(document, dict):
            raise TypeError("the issuer sent no JSON object")
        return document


def _signs(key: dict[str, Any]) -> bool:
    return key.get("kty") in _KINDS and key.get("use") != "enc" and "kid" in key
