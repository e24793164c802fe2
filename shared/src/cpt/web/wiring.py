"""Everything that signing in and checking tokens needs, put together from one identity."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx2

from cpt.postgres import Database
from cpt.web.claims import ClaimMap
from cpt.web.code_flow import CodeFlow
from cpt.web.cookies import CookieJar
from cpt.web.kept_forms import KeptForms
from cpt.web.oidc import Issuer
from cpt.web.options import Identity
from cpt.web.pending import PendingSignIns
from cpt.web.sealing import Vault
from cpt.web.session_revalidation import SessionRevalidation
from cpt.web.session_rows import SessionStore
from cpt.web.sessions import Sessions
from cpt.web.strength import Strength
from cpt.web.token_endpoint import Client, TokenEndpoint
from cpt.web.tokens import TokenChecker


@dataclass(frozen=True)
class SignIn:
    """`tokens` checks bearer tokens for this service."""

    flow: CodeFlow
    sessions: Sessions
    pending: PendingSignIns
    kept: KeptForms
    tokens: TokenChecker
    strength: Strength
    claims: ClaimMap
    public_url: str


def build_sign_in(
    service: str, identity: Identity, clock: Callable[[], datetime], http: httpx2.AsyncClient, database: Database
) -> SignIn:
    issuer = Issuer(identity.issuer, http)
    tokens = TokenChecker(issuer, identity.audience or service, clock)
    jar = CookieJar(service, insecure=identity.insecure_cookies)
    keys = identity.session_secrets or [secrets.token_urlsafe(48)]
    public_url = identity.public_url.rstrip("/")
    endpoint = TokenEndpoint(issuer, http, Client(identity.client_id, identity.client_secret))
    id_tokens = TokenChecker(issuer, identity.client_id, clock)
    back = f"{public_url}/signin/callback"
    flow = CodeFlow(endpoint, back, identity.scope, id_tokens, tokens, identity.strength, identity.claims)
    rows = SessionStore(database, Vault(keys, f"{service} tokens"), identity.sessions)
    standing = SessionRevalidation(rows, flow.ask_again, identity.ask_every, identity.patience, identity.strength)
    return SignIn(
        flow=flow,
        sessions=Sessions(jar, Vault(keys, f"{service} session"), standing, clock, identity.idle, identity.absolute),
        pending=PendingSignIns(jar, Vault(keys, f"{service} sign-in")),
        kept=KeptForms(database, Vault(keys, f"{service} kept form")),
        tokens=tokens,
        strength=identity.strength,
        claims=identity.claims,
        public_url=public_url,
    )
