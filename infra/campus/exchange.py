"""The client's half of the OpenID Connect provider: a code, or a refresh token, becomes tokens."""

import base64
import binascii
import secrets
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Header
from fastapi.responses import JSONResponse, Response

from infra.campus.campus import Campus, HeldCampus
from infra.campus.people import Account, Person
from infra.campus.settings import AUDIENCE, TOKEN_SECONDS
from infra.campus.sign_in import RefusedError
from infra.campus.tokens import refreshing

router = APIRouter(prefix="/oidc")

NO_STORE = {"Cache-Control": "no-store"}


@router.post("/token")
async def token(
    campus: HeldCampus,
    code: Annotated[str, Form()] = "",
    grant_type: Annotated[str, Form()] = "",
    redirect_uri: Annotated[str, Form()] = "",
    code_verifier: Annotated[str, Form()] = "",
    refresh_token: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    client_secret: Annotated[str | None, Form()] = None,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    try:
        client_id, client_secret = _basic(authorization) or (client_id, client_secret)
        if grant_type == "refresh_token":
            _check_secret(campus, client_secret)
            return _answer(campus, _still_there(campus, refresh_token, client_id), client_id, None)
        _check_grant_type(grant_type)
        _check_secret(campus, client_secret)
        grant = campus.grants.take(code)
        grant.check(client_id, redirect_uri, code_verifier, campus.clock.now())
    except RefusedError as refused:
        status = 401 if refused.code == "invalid_client" else 400
        return JSONResponse({"error": refused.code, "error_description": str(refused)}, status, NO_STORE)
    return _answer(campus, grant.person, client_id, grant.ask.nonce)


@router.get("/userinfo")
async def user_info(campus: HeldCampus, authorization: Annotated[str, Header()] = "") -> Response:
    claims = campus.signer.claims(authorization.partition(" ")[2], AUDIENCE[0])
    if claims is None or campus.accounts.get(claims["sub"], Account()).locked:
        return JSONResponse({"error": "invalid_token"}, 401, NO_STORE | {"WWW-Authenticate": "Bearer"})
    person = campus.named(claims["sub"], claims["roles"])
    return JSONResponse(person.model_dump(exclude_none=True), headers=NO_STORE)


def _answer(campus: Campus, person: Person, client_id: str, nonce: str | None) -> Response:
    tokens = {
        "access_token": campus.signer.access_token(person),
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "id_token": campus.signer.id_token(person, client_id, nonce),
        "refresh_token": campus.signer.refresh_token(person, campus.accounts[person.sub].roles, client_id),
    }
    return JSONResponse(tokens, headers=NO_STORE)


def _still_there(campus: Campus, refresh_token: str, client_id: str) -> Person:
    """The person with the roles that are left of those they came with. Raises RefusedError."""
    claims = campus.signer.claims(refresh_token, refreshing(client_id))
    if claims is None:
        raise RefusedError("invalid_grant", "the refresh token is expired, or another client's")
    return campus.signed_in(claims["sub"], claims["roles"])


def _check_grant_type(grant_type: str) -> None:
    if grant_type != "authorization_code":
        raise RefusedError("unsupported_grant_type", "only authorization_code and refresh_token are served")


def _check_secret(campus: Campus, presented: str | None) -> None:
    """A public client sends none; PKCE binds the code to it. Raises RefusedError."""
    wanted = campus.settings.client_secret
    if wanted and presented and not secrets.compare_digest(presented.encode(), wanted.get_secret_value().encode()):
        raise RefusedError("invalid_client", "the client secret is wrong")


def _basic(authorization: str) -> tuple[str, str] | None:
    """Client id and secret from HTTP Basic, form-encoded as RFC 6749, section 2.3.1 has it. Raises RefusedError."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RefusedError("invalid_client", "the Authorization header cannot be read") from error
    return unquote_plus(client_id), unquote_plus(secret)
