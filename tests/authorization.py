"""Who may call what: asks a running service every question of docs/authorization.md and reads the table's answers."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

PAGE = Path(__file__).parents[1] / "docs" / "authorization.md"
ROLES = ("student", "adviser", "director", "compliance", "operations", "registrar", "handshake")
OWNERS = ("student", "adviser", "director")
"""Whoever can have something of their own: asked once as its owner and once as another of the same role."""
WITHOUT_ROLES = ("/signin", "/signout", "/signed-out", "/sessions", "/static", "/oidc", "/consultation")

Ask = Callable[..., Awaitable[httpx2.Response]]
Seed = Callable[[str, str], Awaitable[Mapping[str, Any]]]
Table = dict[str, dict[str, str]]


def calls(app: FastAPI) -> list[str]:
    """`GET /api/line` and the like, from the OpenAPI document."""
    return [f"{method.upper()} {path}" for path, acts in app.openapi()["paths"].items() for method in acts]


def pages(app: FastAPI, without_roles: tuple[str, ...] = WITHOUT_ROLES) -> list[str]:
    """The routes that are in no OpenAPI document and ask who is there: all but those below these addresses."""
    found = {
        f"{method} {context.path_format}"
        for included in app.routes
        if hasattr(included, "effective_route_contexts")
        for context in included.effective_route_contexts()
        if not context.include_in_schema and not context.path_format.startswith(without_roles)
        for method in context.methods - {"HEAD"}
    }
    return sorted(found, key=lambda call: (call.partition(" ")[2], call))


def documented(heading: str) -> Table:
    """The rows under a heading, cell by role."""
    section = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "`" in line]
    return {row[0].strip("`"): dict(zip(ROLES, row[1:], strict=True)) for row in rows}


def assert_documented(heading: str, observed: Table) -> None:
    """Every cell; the message holds the rows as they would have to stand in the page."""
    wrong = [call for call in observed | documented(heading) if observed.get(call) != documented(heading).get(call)]
    rows = "\n".join(f"| `{call}` | {' | '.join(observed.get(call, {}).values())} |" for call in wrong)
    assert not wrong, f"docs/authorization.md, {heading}: the service answers\n{rows}"


async def answers(
    app: FastAPI,
    ask: Ask,
    seed: Seed,
    said: Mapping[str, Mapping[str, Any]],
    faulty: frozenset[str] = frozenset(),
) -> tuple[Table, dict[str, int]]:
    """The table of the calls, and what each answers to nobody; `said` holds the body or query of a call.

    `faulty` calls say something that is refused with 422, which comes after the question who asks.
    """
    table: Table = {}
    nobody = {}
    for call in calls(app):
        method, _, path = call.partition(" ")
        words = said.get(call, {})
        table[call] = {}
        for role in ROLES:
            owner = f"{role}-1" if role in OWNERS else "adviser-1"
            known = await seed(call, owner)
            address = re.sub(r"{(\w+)}", lambda found, known=known: str(known[found[1]]), path)
            if role == ROLES[0]:
                nobody[call] = (await ask(None, "", method, address, **words)).status_code
            other = await ask(role, f"{role}-2", method, address, **words)
            own = await ask(role, owner, method, address, **words) if role in OWNERS else other
            answered = [_word(call, answer, faulty) for answer in (other, own)]
            table[call][role] = _cell(*answered, listed=_lists_own(call, other, own, str(known["own"])))
    return table, nobody


def _lists_own(call: str, other: httpx2.Response, own: httpx2.Response, mark: str) -> bool:
    return mark in own.text and mark not in other.text and "{" not in call


def _cell(refused: str, allowed: str, *, listed: bool) -> str:
    if refused == allowed == "yes":
        return "own rows" if listed else "yes"
    return allowed if refused == allowed else f"own ({refused})" if allowed == "yes" else f"{refused}, own {allowed}"


def _word(call: str, answer: httpx2.Response, faulty: frozenset[str]) -> str:
    """Whether it is allowed; a state that forbids it for now (409) comes after the question who asks."""
    if answer.status_code in {403, 404}:
        return {403: "no", 404: "404"}[answer.status_code]
    if answer.status_code == 409 and answer.json()["code"] == "not_yours":
        return "409"
    passed = answer.status_code < 400 or answer.status_code == 409 or (answer.status_code == 422 and call in faulty)
    assert passed, f"{call}: {answer.status_code} {answer.text}"
    return "yes"


async def page_answers(app: FastAPI, ask: Ask) -> tuple[Table, dict[str, int]]:
    """Roles only: whose is whose is decided by the same functions as behind the calls."""
    table: Table = {}
    nobody = {}
    for call in pages(app):
        method, _, path = call.partition(" ")
        address = re.sub(r"{\w+}", "1", path)
        nobody[call] = (await ask(None, "", method, address)).status_code
        refused = [role for role in ROLES if (await ask(role, f"{role}-2", method, address)).status_code == 403]
        table[call] = {role: "no" if role in refused else "yes" for role in ROLES}
    return table, nobody


def parked_rows(service: str) -> Iterator[str]:
    """Statements that park a message nobody can read and hold an event back; each gives back its number."""
    yield f"""INSERT INTO parked (consumer, topic, partition, kafka_offset, kafka_timestamp, headers, payload, reason,
                                  error_class, attempts)
              SELECT '{service}', 'cpt.review', 0, coalesce(max(id), 0), 0, '{{}}', '', 'unreadable', 'X', 1 FROM parked
              RETURNING id"""
    yield """INSERT INTO outbox_quarantine (seq, event_id, topic, key, headers, payload, occurred_at, reason)
             SELECT nextval(pg_get_serial_sequence('outbox', 'seq')), 'e', 't', 'k', '{}', '', now(), 'x' RETURNING seq"""
