"""No call of ours follows a redirect: an answer cannot send a token or a student's number elsewhere."""

from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from cpt.web.oidc import Issuer, IssuerAway
from cpt.web.token_endpoint import Client, TokenEndpoint
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.spire import Spire, SpireAway
from intake.spire import SpireDirectory
from tests.factories import NOW
from tests.unit.web.sample_service import running_world
from tests.unit.web.serving import served


@asynccontextmanager
async def leading_elsewhere():
    """A server that leads every call elsewhere, and what came there."""
    arrived = []

    async def elsewhere(request):
        arrived.append(request.headers.get("authorization"))
        return JSONResponse({})

    async def lead(_):
        return RedirectResponse(f"{there[0]}/anywhere", 307)

    there = []
    routes = ["GET", "POST"]
    async with (
        served(lambda _: Starlette(routes=[Route("/{rest:path}", elsewhere, methods=routes)])) as target,
        served(lambda _: Starlette(routes=[Route("/{rest:path}", lead, methods=routes)])) as address,
    ):
        there.append(target)
        yield address, arrived


async def test_spire_leads_nobody_elsewhere():
    async with leading_elsewhere() as (address, arrived):
        spire = Spire(address, "secret", timeout=1, budget=1)
        with pytest.raises(SpireAway):
            await spire.read("30012345", ["1267"], NOW, shipped_codes())
        with pytest.raises(SpireAway):
            _ = [line async for line in spire.snapshot("1267")]
        await spire.close()

        assert await SpireDirectory(address, "secret").find_student("30012345") is None
        assert arrived == []


async def test_the_sign_in_leads_no_code_and_no_token_elsewhere():
    async with leading_elsewhere() as (address, arrived), httpx2.AsyncClient() as http:
        issuer = Issuer(address, http)
        with pytest.raises(IssuerAway):
            await issuer.address("token_endpoint")
        issuer._metadata = {"token_endpoint": f"{address}/token", "userinfo_endpoint": f"{address}/who"}
        endpoint = TokenEndpoint(issuer, http, Client("cpt", "secret"))
        with pytest.raises(IssuerAway):
            await endpoint.exchange(grant_type="refresh_token", refresh_token="secret")
        with pytest.raises(IssuerAway):
            await endpoint.user_info("secret")

        assert arrived == []


async def test_the_client_of_the_service_itself_follows_none(postgres):
    async with leading_elsewhere() as (address, arrived), running_world(postgres) as world:
        world.issuer.elsewhere = address
        async with world.browser(signed_in=False) as browser:
            assert (await browser.get("/")).status_code == 503

        assert arrived == []
