"""The client's side of OpenID Connect: authorization code with PKCE, state and nonce."""

import base64
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx2

from cpt.web.oidc import Issuer, IssuerAway
from cpt.web.pending import Pending
from cpt.web.tokens import BadToken, TokenChecker


class SignInFailed(Exception):
    """The issuer's answer cannot be trusted or used."""


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
class CodeFlow:
    issuer: Issuer
    http: httpx2.AsyncClient
    client: Client
    redirect_uri: str
    id_tokens: TokenChecker
    access_tokens: TokenChecker

    async def authorize_url(self, pending: Pending) -> str:
        query = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email",
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": pending.challenge(),
            "code_challenge_method": "S256",
        }
        return _with_query(await self.issuer.address("authorization_endpoint"), query)

    async def sign_out_url(self, back_to: str) -> str | None:
        """None when the issuer offers no sign-out of its own, or is away."""
        try:
            endpoint = await self.issuer.address("end_session_endpoint")
        except IssuerAway:
            return None
        return _with_query(endpoint, {"client_id": self.client.client_id, "post_logout_redirect_uri": back_to})

    async def claims(self, code: str, pending: Pending) -> dict[str, Any]:
        """Who signed in. Raises SignInFailed or IssuerAway.

        Roles for this service come from the access token, or from the ID token where that is not for this service.
        """
        tokens = await self._exchange(code, pending)
        try:
            identity = await self.id_tokens.claims(str(tokens.get("id_token")))
        except BadToken as error:
            raise SignInFailed(str(error)) from None
        if not hmac.compare_digest(str(identity.get("nonce")).encode(), pending.nonce.encode()):
            raise SignInFailed("The answer belongs to another sign-in.")
        return {**identity, **await self._access_claims(str(tokens.get("access_token")), identity["sub"])}

    async def _access_claims(self, token: str, sub: str) -> dict[str, Any]:
        try:
            claims = await self.access_tokens.claims(token)
        except BadToken:
            return {}
        if claims["sub"] != sub:
            raise SignInFailed("The two tokens name two people.")
        return {name: claims[name] for name in ("roles", "name", "email") if name in claims}

    async def _exchange(self, code: str, pending: Pending) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": pending.verifier,
            "client_id": self.client.client_id,
        }
        endpoint = await self.issuer.address("token_endpoint")
        try:
            response = await self.http.post(endpoint, data=form, headers=self.client.authorization())
            tokens = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise IssuerAway from error
        if response.is_server_error:
            raise IssuerAway
        if response.is_error or not isinstance(tokens, dict):
            raise SignInFailed("The sign-in service refused the code.")
        return tokens


def _with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
