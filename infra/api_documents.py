"""Writes docs/api from the code: `python -m infra.api_documents write|check`.

One OpenAPI document for each service, one for what SPIRE must answer, one AsyncAPI document for all topics, and the
JSON Schemas of the files that the office loads.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from cpt.postgres import PostgresSettings
from infra.api_details import detailed
from infra.devstack.databases import SERVICES
from infra.event_document import event_document
from infra.settings_tables import settings_of
from infra.spire_document import calendar_schema, codes_schema, spire_document

FOLDER = Path(__file__).parents[1] / "docs" / "api"


def openapi_of(service: str) -> dict[str, Any]:
    """Nothing is opened or called: the routes alone say it."""
    with tempfile.TemporaryDirectory() as folder:
        dsn = PostgresSettings(dsn=SecretStr("postgresql://nobody@localhost/nothing"))
        settings = settings_of(service)(postgres=dsn)
        settings.oidc.issuer = settings.public_url = "http://localhost"
        if documents := getattr(settings, "documents", None):
            documents.url = f"file://{folder}"
        document: dict[str, Any] = import_module(f"{service}.app").build_web(settings).openapi()
    return document


def documents() -> Iterator[tuple[Path, str]]:
    """Every page with its text."""
    for service in SERVICES:
        name = service.replace("_", "-")
        yield FOLDER / f"{name}.openapi.json", _text(detailed(openapi_of(service), name))
    yield FOLDER / "spire.openapi.json", _text(spire_document())
    yield FOLDER / "calendar.schema.json", _text(calendar_schema())
    yield FOLDER / "codes.schema.json", _text(codes_schema())
    yield FOLDER / "asyncapi.json", _text(event_document())


def stale() -> list[str]:
    """The files that are not as they would be written."""
    return [path.name for path, text in documents() if not path.exists() or path.read_text("utf-8") != text]


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    if sys.argv[1:] == ["write"]:
        for path, text in documents():
            path.write_text(text, "utf-8")
        return 0
    found = stale()
    for name in found:
        print(f"docs/api/{name} is stale: python -m infra.api_documents write")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
