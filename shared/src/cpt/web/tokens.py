"""Signed tokens of the OIDC issuer, checked for one audience."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from cpt.contracts.attributes import is_key
from cpt.web.oidc import Issuer

_ALGORITHMS = ["RS256", "ES256"]
_LEEWAY = 30  # seconds two clocks may differ
_LONGEST = 16_384
"""Characters; one with two hundred groups has some 12,000."""


class BadToken(Exception):
    """The message names the fault and quotes nothing of the token."""


class TokenChecker:
    """`audience` is the name of the service for access tokens, the client id for ID tokens."""

    def __init__(self, issuer: Issuer, audience: str, clock: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    async def claims(self, token: str) -> dict[str, Any]:
        """Raises BadToken, or IssuerAway when there is no key to check with."""
        kid = _key_id(token)
        key = await self._issuer.key(kid)
        if key is None:
            raise BadToken("The token is signed with a key that the issuer does not know.")
        try:
            claims = jwt.decode(token, key, _ALGORITHMS).claims
            self._rules().validate(claims)
            _require_name(claims["sub"])
        except ExpiredTokenError:
            raise BadToken("The token has expired.") from None
        except ClaimError as error:
            raise BadToken(f"The token's claim {error.claim} is missing or not accepted.") from None
        except (JoseError, ValueError):
            raise BadToken("The token's signature does not hold.") from None
        return claims

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._issuer.url},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )


def _require_name(sub: object) -> None:
    """Raises BadToken: it becomes a key of rows and events, which some texts cannot be."""
    if not isinstance(sub, str) or not is_key(sub):
        raise BadToken("The token's claim sub is no name that can be kept.")


def _key_id(token: str) -> str:
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid") if len(token) <= _LONGEST else None
    except (JoseError, ValueError):
        kid = None
    if not isinstance(kid, str):
        raise BadToken("The token is not readable.")
    return kid
