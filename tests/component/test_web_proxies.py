"""Whose word about the caller's address is taken."""

import pytest

from cpt.runtime.main import serving
from cpt.runtime.settings import HttpSettings
from cpt.web.options import RequestLimits
from tests.unit.web.sample_service import running_world


async def refusals(postgres, trusted, *forwarded):
    """The answers to one request after the other; each address may ask once."""
    server = serving(HttpSettings(trusted_proxies=trusted))
    async with running_world(postgres, server=server, limits=RequestLimits(address_rate=0.001)) as world:
        return [
            (await world.http.get("/signed-out", headers={"x-forwarded-for": one})).status_code for one in forwarded
        ]


async def test_behind_a_trusted_proxy_each_caller_has_a_rate_of_their_own(postgres):
    assert await refusals(postgres, "127.0.0.0/8", "192.0.2.1", "192.0.2.2", "192.0.2.1") == [200, 200, 429]


async def test_what_a_caller_writes_before_the_proxy_is_not_their_address(postgres):
    forged = [f"198.51.100.{number}, 192.0.2.1" for number in range(2)]

    assert await refusals(postgres, "127.0.0.1", *forged) == [200, 429]


@pytest.mark.parametrize("trusted", ["", "192.0.2.7"])
async def test_nobody_else_is_believed_about_an_address(postgres, trusted):
    assert await refusals(postgres, trusted, "192.0.2.1", "192.0.2.2") == [200, 429]
