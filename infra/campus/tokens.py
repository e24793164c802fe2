"""The signing key, kept so that tokens survive a restart, and the tokens made with it."""

import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from infra.campus.clock import Clock
from infra.campus.people import Person
from infra.campus.settings import AUDIENCE, TOKEN_SECONDS

ALGORITHM = "RS256"


def refreshing(client_id: str) -> str:
    """The audience of a client's refresh tokens."""
    return f"refresh:{client_id}"


def load_or_create_key(folder: Path) -> RSAKey:
    """The key file appears whole or not at all, readable by its owner only."""
    file = folder / "signing-key.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)), encoding="utf-8")
        draft.replace(file)
    return _imported(file.read_text(encoding="utf-8"))


@cache
def _imported(key: str) -> RSAKey:
    """The library proves its numbers each time, which takes longer than all the rest of a campus."""
    return RSAKey.import_key(json.loads(key))


@dataclass(frozen=True, slots=True)
class Signer:
    key: RSAKey
    issuer: str
    clock: Clock

    def public_keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False) | {"use": "sig", "alg": ALGORITHM}]}

    def access_token(self, person: Person) -> str:
        """Good for all four services (docs/connect.md)."""
        return self._sign(person, AUDIENCE, {"jti": str(uuid.uuid4())})

    def id_token(self, person: Person, client_id: str, nonce: str | None) -> str:
        return self._sign(person, client_id, {"nonce": nonce} if nonce else {})

    def refresh_token(self, person: Person, roles: Iterable[str], client_id: str) -> str:
        """Signed instead of remembered, so that it survives a restart; `roles` are those the person came with."""
        return self._sign(person.model_copy(update={"roles": sorted(roles)}), refreshing(client_id), {})

    def claims(self, token: str, audience: str) -> dict[str, Any] | None:
        """None for a token that is not ours, not for this audience, or over."""
        rules = jwt.JWTClaimsRegistry(
            now=int(self.clock.now().timestamp()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": audience},
        )
        try:
            claims = jwt.decode(token, self.key, [ALGORITHM]).claims
            rules.validate(claims)
        except (JoseError, ValueError):
            return None
        return claims

    def _sign(self, person: Person, audience: str | list[str], extra: dict[str, Any]) -> str:
        now = int(self.clock.now().timestamp())
        claims = person.model_dump(exclude_none=True) | extra
        times = {"iat": now, "exp": now + TOKEN_SECONDS}
        header = {"alg": ALGORITHM, "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, {"iss": self.issuer, "aud": audience} | times | claims, self.key)
