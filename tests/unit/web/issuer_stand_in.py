"""A small OIDC issuer: the university's sign-in is outside of the system, so tests stand in for it."""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

SERVICES = ["intake", "enrollment-sync", "review", "notifier"]


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@dataclass
class Product:
    """What a product of a campus says of one person, and where; an access token may be a text that nobody can read."""

    id_token: dict[str, Any]
    access_token: dict[str, Any] | str
    user_info: dict[str, Any] | int


class StandInIssuer:
    """Signs in `person` without asking; `away` makes every address fail, `spoil` changes the ID token's claims.

    With `elsewhere` the token endpoint leads there.
    With `product` it sends exactly what that product would.
    `gives` names the tokens of an answer beside the ID token; with `refused` nobody gets any more of them.
    """

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self.url = url
        self.clock = clock
        self.keys: list[RSAKey | ECKey] = [new_key()]
        self.key_reads = 0
        self.person: dict[str, Any] = {}
        self.spoil: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.exchanged: list[dict[str, str]] = []
        self.refresh_tokens: set[str] = set()
        self.elsewhere = ""
        self.lasts: float = 3600
        self.reset()

    def reset(self) -> None:
        self.away, self.refused, self.client_refused, self.spoil = False, False, False, {}
        self.product: Product | None = None
        self.gives = {"access_token", "refresh_token"}
        self.person = {"sub": "30012345", "roles": ["student"], "name": "Mei Tanaka"}
        self.exchanged.clear()

    def token(
        self,
        sub: str = "30012345",
        roles: Sequence[str] | None = ("student",),
        *,
        key: RSAKey | ECKey | None = None,
        lasts: float = 3600,
        **more: Any,
    ) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.url,
            "aud": SERVICES,
            "sub": sub,
            "roles": roles and list(roles),
            "iat": now,
            "exp": now + lasts,
        }
        signing = key or self.keys[-1]
        algorithm = "ES256" if signing.key_type == "EC" else "RS256"
        kept = {name: value for name, value in {**claims, **more}.items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": signing.kid}, kept, signing)

    def as_the_product(self, said: dict[str, Any] | str, **more: Any) -> str:
        """Nothing of our own beside what every token needs."""
        if isinstance(said, str):
            return said
        own = {"aud": None, "roles": None, "sub": None}
        return self.token(**{**own, **said, **more})

    def app(self) -> Starlette:
        paths = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._user_info,
        }
        routes = [Route(path, self._unless_away(answer), methods=["GET", "POST"]) for path, answer in paths.items()]
        return Starlette(routes=routes)

    def _unless_away(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return Response(status_code=503) if self.away else await answer(request)

        return endpoint

    async def _discovery(self, _: Request) -> Response:
        names = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "keys",
        }
        addresses = {name: f"{self.url}/{path}" for name, path in names.items()}
        return JSONResponse({"issuer": self.url, "end_session_endpoint": f"{self.url}/bye", **addresses})

    async def _keys(self, _: Request) -> Response:
        self.key_reads += 1
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.exchanged.append(form)
        if self.elsewhere:
            return RedirectResponse(self.elsewhere, 307)
        if form["grant_type"] == "client_credentials":
            return self._machine(request, form)
        if form["grant_type"] == "refresh_token":
            return self._refreshed(form)
        asked = self.asked.pop(form["code"], None)
        if asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if self.product:
            identity = self.as_the_product(self.product.id_token, nonce=asked["nonce"])
            return JSONResponse({"id_token": identity, **self._tokens()})
        identity = {"aud": form["client_id"], "nonce": asked["nonce"], **self.person, **self.spoil}
        return JSONResponse({"id_token": self.token(**identity), **self._tokens()})

    def _machine(self, request: Request, form: dict[str, str]) -> Response:
        """RFC 6749, 4.4: the client is the one that its password belongs to."""
        name, _, password = (
            base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        )
        if password != "s3cret":
            return JSONResponse({"error": "invalid_client"}, 401)
        token = self.token(name, aud=form.get("audience"), scope=form.get("scope"), roles=None, lasts=self.lasts)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": self.lasts})

    def _refreshed(self, form: dict[str, str]) -> Response:
        """Each refresh token counts once, as issuers that rotate them have it."""
        if self.client_refused:
            return JSONResponse({"error": "invalid_client"}, 400)
        if self.refused or form["refresh_token"] not in self.refresh_tokens:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.refresh_tokens.remove(form["refresh_token"])
        identity = {"id_token": self.as_the_product(self.product.id_token)} if self.product else {}
        return JSONResponse({**identity, **self._tokens()})

    def _tokens(self) -> dict[str, str]:
        access = self.as_the_product(self.product.access_token) if self.product else self.token(**self.person)
        made = {"access_token": access}
        if "refresh_token" in self.gives:
            made["refresh_token"] = secrets.token_urlsafe(8)
            self.refresh_tokens.add(made["refresh_token"])
        return {name: token for name, token in made.items() if name in self.gives}

    async def _user_info(self, _: Request) -> Response:
        if self.product and isinstance(self.product.user_info, int):
            return Response(status_code=self.product.user_info)
        if self.product and not self.refused:
            return JSONResponse(self.product.user_info)
        return Response(status_code=401) if self.refused else JSONResponse(self.person)
