"""Sign-ins under way: what a browser keeps, sealed, until it comes back from the issuer; one cookie for each tab."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from starlette.datastructures import MutableHeaders

from cpt.web.cookies import CookieJar
from cpt.web.sealing import Vault

_SECONDS = 600
_BEGUN = re.compile(r"[A-Za-z0-9_-]{8}")
_MOST = 5  # tabs at once; many more cookies would not fit into a request


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Pending:
    return_to: str
    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)

    def challenge(self) -> str:
        """RFC 7636, method S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class PendingSignIns:
    jar: CookieJar
    vault: Vault

    def keep(self, headers: MutableHeaders, cookies: Mapping[str, str], pending: Pending) -> None:
        before, _, after = self.jar.name("signin-*").partition("*")
        names = [name.removeprefix(before).removesuffix(after) for name in cookies if name.startswith(before)]
        begun = [name for name in names if _BEGUN.fullmatch(name)]  # any other is none of ours, whoever set it
        for name in begun if len(begun) >= _MOST else ():
            self.jar.remove(headers, f"signin-{name}")
        self.jar.put(headers, _cookie(pending.state), self.vault.seal(asdict(pending)), _SECONDS)

    def find(self, cookies: Mapping[str, str], state: str) -> Pending | None:
        """None for a state that this browser did not begin."""
        sealed = cookies.get(self.jar.name(_cookie(state)))
        value = self.vault.open(sealed) if sealed else None
        return Pending(**value) if value and value["state"] == state else None

    def drop(self, headers: MutableHeaders, state: str) -> None:
        self.jar.remove(headers, _cookie(state))


def _cookie(state: str) -> str:
    return f"signin-{state[:8]}"
