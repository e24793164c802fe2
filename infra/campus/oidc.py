"""The browser's half of the OpenID Connect provider: anyone may sign in as anyone, which only a demonstration may do."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from infra.campus.campus import HeldCampus
from infra.campus.pages import render
from infra.campus.people import sample_data
from infra.campus.sign_in import Ask, RefusedError, is_loopback
from infra.campus.tokens import ALGORITHM

router = APIRouter(prefix="/oidc")

SHOWN_STUDENTS = 40
ROLES = ["student", "adviser", "director", "compliance", "operations", "registrar", "handshake"]


@router.get("/.well-known/openid-configuration")
async def discovery(campus: HeldCampus) -> dict[str, Any]:
    issuer = campus.settings.issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end_session",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": ["openid", "profile", "email"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "name", "email", "roles"],
    }


@router.get("/jwks")
async def public_keys(campus: HeldCampus) -> dict[str, Any]:
    return campus.signer.public_keys()


@router.get("/authorize")
async def choose_person(request: Request, campus: HeldCampus, ask: Annotated[Ask, Depends()]) -> Response:
    """A refusal that concerns the flow goes back to the client; all else is shown to the person."""
    if refusal := _refusal(request, ask):
        return refusal
    profiles = [student.profile for student in campus.spire.students.values() if student.profile]
    return render(
        request,
        "sign_in.html",
        staff=sample_data().staff,
        students=profiles[: -SHOWN_STUDENTS - 1 : -1],
        roles=ROLES,
        client=ask.client_id,
    )


@router.post("/authorize")
async def sign_in(
    request: Request,
    campus: HeldCampus,
    ask: Annotated[Ask, Depends()],
    sub: Annotated[str, Form()] = "",
    roles: Annotated[list[str] | None, Form()] = None,
    cancel: Annotated[bool, Form()] = False,
) -> Response:
    if refusal := _refusal(request, ask):
        return refusal
    if cancel:
        return RedirectResponse(ask.back(error="access_denied"), 303)
    if not sub.strip():
        return render(request, "refused.html", 400, message="Choose a person, or type who signs in.")
    try:
        person = campus.signed_in(sub.strip(), roles or [])
    except RefusedError as refused:
        return render(request, "refused.html", 403, message=str(refused))
    code = campus.grants.give(ask, person, campus.clock.now())
    return RedirectResponse(ask.back(code=code), 303)


@router.get("/end_session")
async def end_session(
    request: Request,
    post_logout_redirect_uri: Annotated[str, Query()] = "",
    state: Annotated[str, Query()] = "",
) -> Response:
    """The provider keeps no session: whoever comes is asked again who they are."""
    if is_loopback(post_logout_redirect_uri):
        return RedirectResponse(Ask(redirect_uri=post_logout_redirect_uri, state=state).back(), 303)
    return render(request, "signed_out.html")


def _refusal(request: Request, ask: Ask) -> Response | None:
    try:
        ask.check_client()
    except RefusedError as refused:
        return render(request, "refused.html", 400, message=str(refused))
    try:
        ask.check_flow()
    except RefusedError as refused:
        return RedirectResponse(ask.back(error=refused.code, error_description=str(refused)), 303)
    return None
