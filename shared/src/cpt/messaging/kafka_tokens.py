"""Tokens that a login at Kafka is proven with: from an OAuth issuer, or signed with what the pod may do at AWS."""

import asyncio
import time
from typing import Any

import httpx2
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaConnectionError, SaslAuthenticationFailed

from cpt.messaging.oauth_settings import OAuthSettings

_SECONDS = 5.0
"""In which the issuer has to answer."""
_EARLY = 0.8
"""Of its life, after which a token is asked for anew: one that ends while the broker looks at it opens nothing."""


class ClientCredentials(AbstractTokenProvider):  # type: ignore[misc]  # the client library is not typed
    """RFC 6749, 4.4. One token for all connections of a client."""

    def __init__(self, settings: OAuthSettings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._token, self._good_until = "", 0.0

    async def token(self) -> str:
        """Raises KafkaConnectionError while the issuer is away, SaslAuthenticationFailed when it refuses this service."""
        async with self._lock:
            if time.monotonic() >= self._good_until:
                began = time.monotonic()
                answer = await self._ask()
                self._token = str(answer["access_token"])
                self._good_until = began + _EARLY * _lifetime(answer)
            return self._token

    def extensions(self) -> dict[str, str]:
        return dict(self._settings.extensions)

    async def _ask(self) -> dict[str, Any]:
        wanted = self._settings
        form = {"grant_type": "client_credentials", "scope": wanted.scope, "audience": wanted.audience}
        login = (wanted.client_id, wanted.client_secret.get_secret_value())
        try:
            async with httpx2.AsyncClient(timeout=_SECONDS, auth=login) as http:
                response = await http.post(wanted.token_url, data={name: text for name, text in form.items() if text})
                answer = response.json() if response.status_code < 500 else None
        except (httpx2.HTTPError, ValueError) as error:
            raise KafkaConnectionError(f"no token: {type(error).__name__}") from None
        if response.status_code in (400, 401, 403):
            raise SaslAuthenticationFailed("the issuer gives this service no token for Kafka")
        if not isinstance(answer, dict) or "access_token" not in answer:
            raise KafkaConnectionError(f"no token: the issuer answers {response.status_code}")
        return answer


class SignedForMsk(AbstractTokenProvider):  # type: ignore[misc]  # as above
    """What the pod's role may do is signed anew for each connection; that calls out only for the role itself."""

    def __init__(self, region: str) -> None:
        """Raises ImportError where the image holds no signer (docs/kafka.md)."""
        from aws_msk_iam_sasl_signer import MSKAuthTokenProvider  # noqa: PLC0415 only images for MSK hold it

        self._region, self._signer = region, MSKAuthTokenProvider

    async def token(self) -> str:
        token, _ = await asyncio.to_thread(self._signer.generate_auth_token, self._region)
        return str(token)


def _lifetime(answer: dict[str, Any]) -> float:
    """Seconds; 0 where the issuer does not say, for then no token is known to be good twice."""
    said = answer.get("expires_in")
    return float(said) if isinstance(said, int | float) and said > 0 else 0.0
