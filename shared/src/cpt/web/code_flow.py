"""The client's side of OpenID Connect: authorization code with PKCE, state and nonce, and asking again later."""

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cpt.web.oidc import IssuerAway
from cpt.web.pending import Pending
from cpt.web.person import Person
from cpt.web.strength import Strength
from cpt.web.token_endpoint import TokenEndpoint, Tokens, TokensRefused
from cpt.web.tokens import BadToken, TokenChecker


class SignInFailed(Exception):
    """The issuer's answer cannot be trusted or used."""


class SignInTooWeak(Exception):
    """Staff signed in with less than this installation asks for."""


@dataclass(frozen=True)
class CodeFlow:
    endpoint: TokenEndpoint
    redirect_uri: str
    scope: str
    id_tokens: TokenChecker
    access_tokens: TokenChecker
    strength: Strength

    async def authorize_url(self, pending: Pending) -> str:
        query = {
            "response_type": "code",
            "client_id": self.endpoint.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": pending.challenge(),
            "code_challenge_method": "S256",
        } | ({"acr_values": " ".join(self.strength.acr)} if self.strength.acr else {})
        return _with_query(await self.endpoint.issuer.address("authorization_endpoint"), query)

    async def sign_out_url(self, back_to: str) -> str | None:
        """None when the issuer offers no sign-out of its own, or is away."""
        try:
            endpoint = await self.endpoint.issuer.address("end_session_endpoint")
        except IssuerAway:
            return None
        query = {"client_id": self.endpoint.client.client_id, "post_logout_redirect_uri": back_to}
        return _with_query(endpoint, query)

    async def sign_in(self, code: str, pending: Pending) -> tuple[Person, Tokens]:
        """Who signed in. Raises SignInFailed, SignInTooWeak or IssuerAway.

        Roles for this service come from the access token, or from the ID token where that is not for this service.
        """
        try:
            answer = await self.endpoint.exchange(
                grant_type="authorization_code",
                code=code,
                redirect_uri=self.redirect_uri,
                code_verifier=pending.verifier,
            )
            identity = await self.id_tokens.claims(str(answer.get("id_token")))
        except (TokensRefused, BadToken) as error:
            raise SignInFailed(str(error) or "The issuer gave no tokens for the code.") from None
        if not hmac.compare_digest(str(identity.get("nonce")).encode(), pending.nonce.encode()):
            raise SignInFailed("The answer belongs to another sign-in.")
        access = await _readable(self.access_tokens, answer.get("access_token"))
        if access and access["sub"] != identity["sub"]:
            raise SignInFailed("The two tokens name two people.")
        person = Person.of_claims({**identity, **_about_person(access)})
        if not self.strength.suffices(person, identity):
            raise SignInTooWeak
        return person, Tokens.of(answer)

    async def ask_again(self, sub: str, tokens: Tokens) -> tuple[Person, Tokens]:
        """Who the person is by now. Raises TokensRefused, or IssuerAway when nothing can be learned."""
        claims: dict[str, Any] = {}
        if tokens.refresh:
            answer = await self.endpoint.exchange(grant_type="refresh_token", refresh_token=tokens.refresh)
            tokens = Tokens.of(answer, tokens)
            identity = await _readable(self.id_tokens, answer.get("id_token"))
            claims = {**identity, **await _readable(self.access_tokens, tokens.access)}
        claims = claims or await self._user_info(tokens.access)
        if claims.get("sub") != sub:
            raise TokensRefused
        return Person.of_claims(claims), tokens

    async def _user_info(self, access_token: str | None) -> dict[str, Any]:
        claims = await self.endpoint.user_info(access_token) if access_token else {}
        if "roles" not in claims:
            raise IssuerAway
        return claims


async def _readable(checker: TokenChecker, token: object) -> dict[str, Any]:
    """The claims of a token that is for us; empty for any other."""
    try:
        return await checker.claims(str(token))
    except BadToken:
        return {}


def _about_person(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: claims[name] for name in ("roles", "name", "email") if name in claims}


def _with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
