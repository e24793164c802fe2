"""The web process of each service, put together without a connection."""

import importlib
from functools import cache
from typing import Any

_SETTINGS = {
    "intake": "IntakeSettings",
    "enrollment_sync": "EnrollmentSettings",
    "review": "ReviewSettings",
    "notifier": "NotifierSettings",
}
SERVICES = tuple(_SETTINGS)


def settings_of(service: str, **values: Any) -> Any:
    return getattr(importlib.import_module(f"{service}.settings"), _SETTINGS[service])(**values)


def build_web(service: str, **values: Any) -> Any:
    settings = settings_of(
        service,
        postgres={"dsn": "postgresql://"},
        oidc={"issuer": "http://issuer.example"},
        public_url="http://service.example",
        **({"documents": {"url": "file:///tmp/never"}} if service in ("intake", "review") else {}),
        **values,
    )
    return importlib.import_module(f"{service}.app").build_web(settings)


@cache
def routes_of(service: str) -> list[Any]:
    return _flat(build_web(service).routes)


def _flat(routes: Any) -> list[Any]:
    found = []
    for route in routes:
        router = getattr(route, "original_router", None)
        found += _flat(router.routes) if router else [route]
    return found
