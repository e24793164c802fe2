"""What programs read about this system, made from the code: `python -m infra.api_documents build|write|check`.

One OpenAPI document for each service and one AsyncAPI document for all topics: `build` puts them into .run/api, and a
release carries them. What a campus needs before it installs anything is kept in docs/api: what SPIRE must answer, the
JSON Schemas of the files that the office loads, and the outline of the rest, a line for each call, answer and field, in
which a change of an interface is seen. `write` renews these, `check` names what is stale.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from cpt.postgres import PostgresSettings
from infra.api_details import detailed
from infra.api_outline import outline
from infra.devstack.databases import SERVICES
from infra.event_document import event_document
from infra.settings_tables import settings_of
from infra.spire_document import calendar_schema, codes_schema, spire_document

ROOT = Path(__file__).parents[1]
FOLDER, BUILT = ROOT / "docs" / "api", ROOT / ".run" / "api"
KEPT = ("spire.openapi.json", "calendar.schema.json", "codes.schema.json")


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


@cache
def documents() -> Mapping[str, Any]:
    """Every document by its file name."""
    services = {
        name: detailed(openapi_of(service), name) for service in SERVICES if (name := service.replace("_", "-"))
    }
    return {
        **{f"{name}.openapi.json": document for name, document in services.items()},
        "spire.openapi.json": spire_document(),
        "calendar.schema.json": calendar_schema(),
        "codes.schema.json": codes_schema(),
        "asyncapi.json": event_document(),
    }


def kept() -> Iterator[tuple[Path, str]]:
    """What docs/api holds, with its text."""
    for name in KEPT:
        yield FOLDER / name, _text(documents()[name])
    others = {name: document for name, document in documents().items() if name not in KEPT}
    yield FOLDER / "outline.txt", outline(others)


def stale() -> list[str]:
    """The files that are not as they would be written."""
    return [path.name for path, text in kept() if not path.exists() or path.read_text("utf-8") != text]


def build(folder: Path) -> list[Path]:
    """Writes every document into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        (folder / name).write_text(_text(document), "utf-8")
    return [folder / name for name in documents()]


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    if sys.argv[1:] == ["build"]:
        print(*(path.relative_to(ROOT) for path in build(BUILT)), sep="\n")
        return 0
    if sys.argv[1:] == ["write"]:
        for path, text in kept():
            path.write_text(text, "utf-8")
        return 0
    found = stale()
    for name in found:
        print(f"docs/api/{name} is stale: python -m infra.api_documents write")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
