"""Small encrypted values that travel through the browser and back."""

import hmac
import json
from collections.abc import Sequence
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_SHORTEST_SECRET = 32
_HEADER = {"alg": "dir", "enc": "A256GCM"}


class Vault:
    """Seals with the first secret and opens with any, so that secrets can be changed without signing people out.

    `purpose` keeps values apart: what was sealed for one purpose cannot be opened for another.
    """

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        if not secrets or min(map(len, secrets)) < _SHORTEST_SECRET:
            raise ValueError(f"a session secret needs at least {_SHORTEST_SECRET} characters")
        self._keys = [OctKey.import_key(hmac.digest(secret.encode(), purpose.encode(), "sha256")) for secret in secrets]

    def seal(self, value: dict[str, Any]) -> str:
        return jwe.encrypt_compact(_HEADER, json.dumps(value, separators=(",", ":")), self._keys[0])

    def open(self, sealed: str) -> dict[str, Any] | None:
        """None for anything that this vault did not seal."""
        for key in self._keys:
            try:
                plain = jwe.decrypt_compact(sealed, key, algorithms=list(_HEADER.values())).plaintext
            except (JoseError, ValueError):
                continue
            value: dict[str, Any] = json.loads(plain or b"{}")
            return value
        return None
