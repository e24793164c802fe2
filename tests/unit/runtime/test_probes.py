"""Who may ask a process how it is."""

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette

from cpt.runtime.probes import probe_routes


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded"])
@pytest.mark.parametrize("probe", ["/livez", "/readyz", "/metrics"])
async def test_probes_and_metrics_are_not_for_those_who_come_through_an_ingress(probe, header):
    """ASVS 13.4.5: an ingress names its caller; kubelet and Prometheus come straight."""
    app = Starlette(routes=probe_routes({}, {}))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        assert (await http.get(probe)).status_code == 200
        assert (await http.get(probe, headers={header: "for=192.0.2.1"})).status_code == 404
