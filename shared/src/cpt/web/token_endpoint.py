"""The issuer's token endpoint, as this service asks it."""

import base64
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote_plus

import httpx2

from cpt.web.oidc import Issuer, IssuerAway

_ABOUT_US = frozenset({"invalid_client", "invalid_request", "invalid_scope", "unauthorized_client"})


class TokensRefused(Exception):
    """The issuer gives nothing more for what was presented: the person, not this service, is refused."""


@dataclass(frozen=True)
class Client:
    """Our service as the issuer knows it; a public client has no secret."""

    client_id: str
    client_secret: str | None = field(repr=False)

    def authorization(self) -> dict[str, str]:
        """HTTP Basic, encoded as RFC 6749, section 2.3.1, has it."""
        if not self.client_secret:
            return {}
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


@dataclass(frozen=True)
class Tokens:
    """What the issuer can later be asked with about the person."""

    refresh: str | None = field(default=None, repr=False)
    access: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, answer: dict[str, Any], before: "Tokens | None" = None) -> Self:
        """A refresh token that is not replaced stays good."""
        kept = before.refresh if before else None
        return cls(_text(answer.get("refresh_token")) or kept, _text(answer.get("access_token")))


@dataclass(frozen=True)
class TokenEndpoint:
    issuer: Issuer
    http: httpx2.AsyncClient
    client: Client

    async def exchange(self, **form: str) -> dict[str, Any]:
        """Raises TokensRefused, or IssuerAway for an answer that is not about the person."""
        address = await self.issuer.address("token_endpoint")
        form["client_id"] = self.client.client_id
        try:
            response = await self.http.post(address, data=form, headers=self.client.authorization())
            answer = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise IssuerAway from error
        if not isinstance(answer, dict):
            raise IssuerAway
        if response.status_code in {400, 403} and answer.get("error") not in _ABOUT_US:
            raise TokensRefused
        if response.status_code != 200:
            raise IssuerAway
        return answer

    async def user_info(self, access_token: str) -> dict[str, Any]:
        """Raises TokensRefused for a token that counts no more, or IssuerAway."""
        address = await self.issuer.address("userinfo_endpoint")
        try:
            response = await self.http.get(address, headers={"Authorization": f"Bearer {access_token}"})
            if response.status_code in {401, 403}:
                raise TokensRefused
            answer = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise IssuerAway from error
        if response.status_code != 200 or not isinstance(answer, dict):
            raise IssuerAway
        return answer


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
