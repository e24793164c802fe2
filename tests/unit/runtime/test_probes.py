"""Who may ask a process how it is."""

import pytest
from starlette.routing import Route

from cpt.runtime.settings import HttpSettings
from tests.security.services import build_web

PROBES = {"/livez", "/readyz", "/metrics"}


@pytest.mark.parametrize("service", ["intake", "enrollment_sync", "review", "notifier"])
@pytest.mark.parametrize("probe_port", [0, 8080])
def test_with_a_port_of_their_own_probes_and_metrics_are_nowhere_else(service, probe_port):
    """ASVS 13.4.5: whoever reaches the pages does not reach them, whatever headers a proxy sets."""
    app = build_web(service, http=HttpSettings(probe_port=probe_port))
    there = {route.path for route in app.routes if isinstance(route, Route)}

    assert there & PROBES == (set() if probe_port else PROBES)
