"""The recipes of docs/sign-in.md as they stand there, with the very tokens that each product sends."""

import os
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr
from structlog.testing import capture_logs

from cpt.postgres import PostgresSettings
from cpt.runtime.settings import Settings
from cpt.runtime.web import identity_of
from tests.unit.web.issuer_stand_in import Product
from tests.unit.web.sample_service import SECRET, running_world

PAGE = Path("docs/sign-in.md").read_text("utf-8")
RECIPES = {
    name: yaml.safe_load(text) for name, text in re.findall(r"\n## ([^\n]+)\n.*?```yaml\n(.*?)```", PAGE, re.DOTALL)
}
SERVICES = ["intake", "enrollment-sync", "review", "notifier"]
API = "0a000000-0000-0000-0000-0000000000a1"
CLIENT = "0a000000-0000-0000-0000-000000000001"
SOON = timedelta(minutes=5, seconds=1)


def keycloak(emplid, *, roles=(), groups=()):
    """26: realm roles in the access token alone; what the realm needs for itself is among them."""
    person = {"email_verified": True, "name": "Mei Tanaka", "preferred_username": "mtanaka", "given_name": "Mei"}
    person |= {"family_name": "Tanaka", "email": "mei@umass.example"} | ({"emplid": emplid} if emplid else {})
    common = {"sub": "f7a1c3d2-8a52-4a35-a1de-3ddc6e5a0f11", "azp": "cpt", "sid": "aGVsbG8", "acr": "1", **person}
    access = common | {
        "jti": "onrtac:1", "typ": "Bearer", "aud": [*SERVICES, "account"], "allowed-origins": ["https://cpt.example"],
        "realm_access": {"roles": ["offline_access", "uma_authorization", "default-roles-campus", *roles]},
        "resource_access": {"account": {"roles": ["manage-account", "view-profile"]}},
        "scope": "openid profile email", "groups": list(groups),
    }  # fmt: skip
    return Product(
        common | {"typ": "ID", "aud": "cpt", "at_hash": "x", "auth_time": 1}, access, {"sub": common["sub"], **person}
    )


def entra(emplid, *, roles=(), groups=()):
    """Version 2: the subject is another one in each token, user info takes no token of ours."""
    common = {
        "oid": "9f6d1c8e-0000-0000-0000-000000000001",
        "tid": "11111111-2222",
        "ver": "2.0",
        "aio": "A",
        "rh": "0.",
    }
    common |= {"name": "Mei Tanaka", "preferred_username": "mtanaka@umass.example"}
    common |= {"extn.emplid": [emplid]} if emplid else {}
    common |= {"roles": list(roles)} if roles else {}
    common |= (
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph"}}}
        if groups
        else {}
    )
    identity = common | {"sub": "AAAAidentity", "aud": CLIENT, "email": "mei@umass.example"}
    return Product(
        identity, common | {"sub": "BBBBaccess", "aud": API, "scp": "access", "azp": CLIENT, "azpacr": "1"}, 401
    )


def shibboleth(emplid, *, roles=(), groups=()):
    """Version 4 and its OIDC plugin: everything but the subject in user info, and an access token of its own making."""
    said = {"sub": "XGR2ZZ7T3M", "eduPersonPrincipalName": "mtanaka@umass.example", "displayName": "Mei Tanaka"}
    said |= {"mail": "mei@umass.example"} | ({"umassEmplid": emplid} if emplid else {})
    said |= {"eduPersonAffiliation": list(roles)} if roles else {}
    said |= {"isMemberOf": list(groups)} if groups else {}
    return Product({"sub": "XGR2ZZ7T3M", "aud": "cpt", "auth_time": 1, "acr": "password"}, "AAdzZWNyZXQx.opaque", said)


def cas(emplid, *, roles=(), groups=()):
    """Version 7, view NESTED: attributes of one value are no lists."""
    held = {"displayName": "Mei Tanaka", "mail": "mei@umass.example"} | ({"employeeNumber": emplid} if emplid else {})
    for name, values in (("eduPersonAffiliation", roles), ("memberOf", groups)):
        held |= {name: list(values) if len(values) > 1 else values[0]} if values else {}
    identity = {"jti": "TGT-1", "sub": "mtanaka", "aud": "cpt", "client_id": "cpt", "auth_time": 1, "at_hash": "x"}
    identity |= {"amr": ["LdapAuthenticationHandler"], "preferred_username": "mtanaka"}
    info = {"sub": "mtanaka", "id": "mtanaka", "client_id": "cpt", "service": "https://cpt.example", "attributes": held}
    return Product(identity, "AT-1-opaque", info)


STUDENT = {
    "Keycloak": (keycloak, {"roles": ["cpt-student"]}),
    "Microsoft Entra": (entra, {"roles": ["CPT.Student"]}),
    "Shibboleth": (shibboleth, {"roles": ["student", "member"]}),
    "CAS": (cas, {"roles": ["student"]}),
}
DIRECTOR = {
    "Keycloak": ("mtanaka", {"groups": ["/international/directors", "/international"]}),
    "Microsoft Entra": ("9f6d1c8e-0000-0000-0000-000000000001", {"roles": ["CPT.Director"]}),
    "Shibboleth": ("mtanaka@umass.example", {"roles": ["staff"], "groups": ["umass:international:directors"]}),
    "CAS": ("mtanaka", {"groups": ["cn=cpt-directors,ou=groups,dc=umass"], "roles": ["staff", "alum"]}),
}


def given(recipe, monkeypatch):
    """As the chart gives it to intake."""
    for name in [name for name in os.environ if name.startswith("CPT_")]:
        monkeypatch.delenv(name)
    audience = recipe["oidc"].get("audiences", {}).get("intake", "")
    values = {"CPT_OIDC__CLIENT_ID": recipe["oidc"]["clientId"], "CPT_OIDC__AUDIENCE": audience}
    for name, value in (recipe["settings"] | values).items():
        monkeypatch.setenv(name, value)
    return Settings(postgres=PostgresSettings(dsn=SecretStr("postgresql://nobody")))


@asynccontextmanager
async def campus_of(recipe, postgres, monkeypatch, **claims):
    settings = given(recipe, monkeypatch)

    def identify(issuer, url):
        told = identity_of(settings)
        mine = {"session_secrets": [SECRET], "insecure_cookies": True, "claims": replace(told.claims, **claims)}
        return replace(told, issuer=issuer, public_url=url, **mine)

    async with running_world(postgres, identify=identify) as world:
        yield world


@pytest.fixture(params=STUDENT)
async def campus(request, postgres, monkeypatch):
    async with campus_of(RECIPES[request.param], postgres, monkeypatch) as world:
        yield request.param, world


async def test_a_product_s_tokens_say_who_somebody_is_from_signing_in_to_leaving(campus):
    """A student, a director and a director who studies; five minutes later; without the role; then as bearers."""
    name, world = campus
    make, as_student = STUDENT[name]
    subject, as_director = DIRECTOR[name]
    both = {kind: [*as_student.get(kind, []), *as_director.get(kind, [])] for kind in ("roles", "groups")}
    people = [
        (make("30012345", **as_student), "30012345", ["student"]),
        (make(None, **as_director), subject, ["director"]),
        (make("30012345", **both), "30012345", ["director", "student"]),
    ]
    for product, sub, roles in people:
        world.issuer.product = product
        async with world.browser() as browser:
            me = (await browser.get("/api/me")).json()
            world.clock.offset += SOON
            later = await browser.get("/api/me")
            assert me == {"sub": sub, "roles": roles, "name": "Mei Tanaka"}
            assert (later.status_code, later.json()) == (200, me)

            world.issuer.product = make("30012345")
            world.clock.offset += SOON
            assert (await browser.get("/api/me")).status_code == 401
    if not isinstance(people[1][0].access_token, str):
        bearer = {"authorization": f"Bearer {world.issuer.as_the_product(people[1][0].access_token)}"}
        answer = (await world.http.get("/api/me", headers=bearer)).json()
        assert (answer["sub"], answer["roles"]) == (subject, ["director"])


async def test_a_student_whom_no_emplid_names_is_told_that_signing_in_again_is_no_help(campus):
    name, world = campus
    make, as_student = STUDENT[name]
    for emplid in (None, "mtanaka"):
        world.issuer.product = make(emplid, **as_student)
        async with world.browser(signed_in=False) as browser:
            with capture_logs() as lines:
                answer = await browser.get("/")

        (line,) = [line for line in lines if line["event"] == "sign_in_incomplete"]
        assert (answer.status_code, "mtanaka" in line["reason"]) == (403, False)
        assert RECIPES[name]["settings"]["CPT_OIDC__CLAIMS__EMPLID"] in line["reason"]
        assert "does not say who you are" in answer.text


async def test_groups_that_were_left_out_are_not_taken_for_none(postgres, monkeypatch):
    """Above 200 Entra names a place to ask instead of the groups; who is signed in stays so as if it did not answer."""
    few, many = entra(None, roles=["CPT.Director"]), entra(None, roles=["CPT.Director"], groups=["any"])
    async with campus_of(RECIPES["Microsoft Entra"], postgres, monkeypatch, roles="roles groups") as world:
        world.issuer.product = few
        async with world.browser() as browser:
            world.issuer.product = many
            world.clock.offset += SOON
            assert (await browser.get("/api/me")).status_code == 200
        async with world.browser(signed_in=False) as browser:
            assert (await browser.get("/")).status_code == 403
        bearer = {"authorization": f"Bearer {world.issuer.as_the_product(many.access_token)}"}
        refused = await world.http.get("/api/me", headers=bearer)

    assert (refused.status_code, "groups: it has too many values" in refused.json()["detail"]) == (401, True)


def test_every_recipe_is_tried():
    assert set(RECIPES) == set(STUDENT) == set(DIRECTOR)
