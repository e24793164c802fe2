"""The client's side of OpenID Connect: authorization code with PKCE, state and nonce, and asking again later."""

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cpt.web.claims import ClaimMap, Unsaid
from cpt.web.oidc import IssuerAway, NotOffered
from cpt.web.pending import Pending
from cpt.web.person import Person
from cpt.web.strength import Strength
from cpt.web.token_endpoint import TokenEndpoint, Tokens, TokensRefused
from cpt.web.tokens import BadToken, TokenChecker


class SignInFailed(Exception):
    """The issuer's answer cannot be trusted or used."""


class SignInTooWeak(Exception):
    """Staff signed in with less than this installation asks for."""


class SignInIncomplete(Exception):
    """A claim that identifies the person is missing; the message names it."""


@dataclass(frozen=True)
class CodeFlow:
    endpoint: TokenEndpoint
    redirect_uri: str
    scope: str
    id_tokens: TokenChecker
    access_tokens: TokenChecker
    strength: Strength
    claims: ClaimMap

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
        """Who signed in. Raises SignInFailed, SignInTooWeak, SignInIncomplete or IssuerAway.

        Roles for this service come from the access token, else from the ID token, else from the issuer's user info.
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
        access, tokens = await _readable(self.access_tokens, answer.get("access_token")), Tokens.of(answer)
        if access and not self.claims.same_person(access, identity):
            raise SignInFailed("The two tokens name two people.")
        try:
            person = self.claims.person(access, identity, await self._more(tokens, access, identity))
        except Unsaid as error:
            raise SignInIncomplete(str(error)) from None
        if not self.strength.suffices(person, identity):
            raise SignInTooWeak
        return person, tokens

    async def ask_again(self, sub: str, tokens: Tokens) -> tuple[Person, Tokens]:
        """Who the person is by now. Raises TokensRefused, or IssuerAway when nothing can be learned."""
        access: dict[str, Any] = {}
        identity: dict[str, Any] = {}
        if tokens.refresh:
            answer = await self.endpoint.exchange(grant_type="refresh_token", refresh_token=tokens.refresh)
            tokens = Tokens.of(answer, tokens)
            identity = await _readable(self.id_tokens, answer.get("id_token"))
            access = await _readable(self.access_tokens, tokens.access)
        more = await self._more(tokens, access, identity)
        if not (access or identity or self.claims.says_roles(more)):
            raise IssuerAway
        try:
            person = self.claims.person(access, identity, more)
        except Unsaid as error:
            raise IssuerAway from error
        if person.sub != sub:
            raise TokensRefused
        return person, tokens

    async def _more(self, tokens: Tokens, access: dict[str, Any], identity: dict[str, Any]) -> dict[str, Any]:
        """What the issuer says at its user info endpoint where its tokens do not say all: many products put nothing but
        `sub` into an ID token. Empty where it offers none, or none for this access token. Raises TokensRefused for a token
        that counts no more, where nothing else is known, or IssuerAway.
        """
        if not tokens.access or self.claims.says_who(access, identity):
            return {}
        known = identity or access
        try:
            more = await self.endpoint.user_info(tokens.access)
        except NotOffered:
            return {}
        except TokensRefused:
            if known:
                return {}
            raise
        return more if not known or more.get("sub") == known["sub"] else {}


async def _readable(checker: TokenChecker, token: object) -> dict[str, Any]:
    """The claims of a token that is for us; empty for any other."""
    try:
        return await checker.claims(str(token))
    except BadToken:
        return {}


def _with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
