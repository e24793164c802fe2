"""What the routes do not say about themselves: servers, sign-in, who may call, and an example for every body."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.api_examples import bodies_of, example_of

Json = dict[str, Any]
PAGE = Path(__file__).parents[1] / "docs" / "authorization.md"
HOSTS = {
    "intake": "cpt.example",
    "enrollment-sync": "cpt-checks.example",
    "review": "cpt-office.example",
    "notifier": "cpt-notices.example",
}
_MAY = {"own rows": "own rows only", "own (404)": "own only", "own (409)": "reads all, acts on own"}
_NEVER = {"no", "403", "404"}


def detailed(document: Json, service: str) -> Json:
    """The document of `service`, named with a hyphen, with everything an integrator asks next."""
    info = {
        "description": "Refusals are problems (RFC 9457) with a stable `code`. At most 50 requests a second of one caller; "
        "429 and 503 carry Retry-After. A POST with an Idempotency-Key has one effect however often it comes.",
        "contact": {"name": "The office that runs this installation"},
    }
    document["info"] |= {name: text for name, text in info.items() if name not in document["info"]}
    document["servers"] = [
        {
            "url": "https://{host}",
            "description": "An installation.",
            "variables": {"host": {"default": HOSTS[service], "description": "links of the chart's values"}},
        }
    ]
    schemes = document["components"]["securitySchemes"]
    schemes["bearer"]["description"] = (
        f"A JWT of the campus's OIDC issuer with the audience `{service}`; who may call what is by its roles."
    )
    document["tags"] = [{"name": name, "description": f"About {name}."} for name in sorted(_tags(document))]
    _describe(document)
    for place, body in bodies_of(document):
        if not place.endswith("/json") and not body.get("schema"):
            body["schema"] = {"type": "string", "format": "binary"}
        if "example" not in body and "examples" not in body:
            body["example"] = example_of(body.get("schema", {}), document)
    return document


def _tags(document: Json) -> Iterator[str]:
    yield from {tag for acts in document["paths"].values() for act in acts.values() for tag in act.get("tags", ())}


def _describe(document: Json) -> None:
    callers = _callers()
    for path, acts in document["paths"].items():
        for method, act in acts.items():
            who = callers.get(f"{method.upper()} {path}", "")
            act["description"] = "\n\n".join(filter(None, (act.get("description"), who)))


def _callers() -> dict[str, str]:
    """By call, from the table that the tests ask every service about."""
    found, roles = {}, []
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| call |"):
            roles = cells[1:]
        elif call := re.fullmatch(r"`([A-Z]+ /\S*)`", cells[0]):
            may = [
                f"{r} ({_MAY[c]})" if c in _MAY else r for r, c in zip(roles, cells[1:], strict=True) if c not in _NEVER
            ]
            found[call[1]] = f"Roles: {', '.join(may) or 'none'}."
    return found
