"""Requests made from each service's OpenAPI document, fit and unfit, by a student, by staff and by a machine: no 5xx.

`CPT_EXAMPLES=30` makes more of them; `make nightly` does.
"""

import asyncio
import os
from collections import Counter
from unittest import SkipTest

import asyncpg
import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.errors import SerializationNotPossible
from schemathesis.generation import GenerationMode

from infra.devstack.child import running
from infra.devstack.databases import SERVICES
from infra.devstack.postgres import postgres

EXAMPLES = int(os.environ.get("CPT_EXAMPLES", "3"))
CALLERS = {
    "student": ["student"],
    "staff": ["adviser", "director", "compliance", "operations"],
    "machine": ["registrar", "handshake"],
}
OURS = frozenset({503})  # of a document that waits too long; with Retry-After


@pytest.mark.timeout(900 + 30 * EXAMPLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_that_can_be_made_is_answered_by_a_fault(measured, campus, service):
    process = await measured(service)
    async with httpx2.AsyncClient(base_url=process.url, timeout=60) as client:
        document = (await client.get("/openapi.json")).json()
        await _meet_odd_callers(client, campus)

    answers, faults = await asyncio.to_thread(_all, process.url, campus.url, document)

    assert not faults, "\n".join(faults[:20])
    assert sum(answers.values()) >= 3 * len(document["paths"])
    assert answers[422] + answers[400] + answers[404] > 0


async def _meet_odd_callers(client, campus):
    """Cookies with names that nobody of ours set, before anybody has signed in; a token whose subject no row can hold."""
    for name in ("signin-(x)", "signin-", "signin-a[b]c", "signin-\\", "session-(", "signin-" + "x" * 300):
        odd = "; ".join(
            f"cpt-{name}{number}-{service.replace('_', '-')}=1" for number in range(8) for service in SERVICES
        )
        assert (await client.get("/signin", headers={"cookie": odd})).status_code in {302, 303, 307}
    async with httpx2.AsyncClient(base_url=campus.url) as issuer:
        for sub in ("3001\0", "\0"):
            got = await issuer.post("/demo/token", json={"sub": sub, "roles": ["student", "adviser", "operations"]})
            headers = {"authorization": f"Bearer {got.json()['access_token']}"}
            answers = [await client.get(path, headers=headers) for path in ("/api/parked", "/sessions", "/")]
            assert {answer.status_code for answer in answers} <= {401, 303, 307}


def _all(url, campus_url, document):
    operations = [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]
    answers, faults = Counter(), []
    with httpx2.Client(base_url=url, timeout=60) as client, httpx2.Client(base_url=campus_url) as issuer:
        for number, operation in enumerate(operations):
            tokens = {}
            for name, roles in CALLERS.items():  # a person for each operation, or their rate would answer
                got = issuer.post("/demo/token", json={"sub": f"3{number:07}", "roles": roles})
                tokens[name] = {"Authorization": f"Bearer {got.json()['access_token']}"}
            for mode in GenerationMode:
                _try(client, operation, mode, tokens, answers, faults)
    return answers, faults


def _try(client, operation, mode, tokens, answers, faults):
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case):
        for caller, headers in tokens.items():
            sent = case.as_transport_kwargs(base_url=str(client.base_url).rstrip("/"), headers=headers)
            try:
                answer = client.request(**_known(sent))
            except (httpx2.InvalidURL, httpx2.LocalProtocolError, UnicodeError, TypeError):
                continue  # no client can send it
            answers[answer.status_code] += 1
            if answer.status_code >= 500 and answer.status_code not in OURS:
                faults.append(f"{answer.status_code} {caller}: {operation.label} {sent}"[:600])

    try:
        each()
    except (SerializationNotPossible, Unsatisfiable, SkipTest):
        return  # a file, which tests/security/test_attempts.py sends; or nothing unfit can be made of it


def _known(sent):
    """As httpx2 names them."""
    content = sent.pop("data", None)
    taken = {name: value for name, value in sent.items() if name in {"method", "url", "params", "json", "headers"}}
    if isinstance(content, str | bytes):
        taken["content"] = content
    elif content is not None:
        taken["data"] = content
    return {name: value for name, value in taken.items() if value is not None}


REFUSED = {
    "check": ("INSERT INTO person VALUES ($1, 7, -1)", asyncpg.CheckViolationError),
    "not null": ("INSERT INTO person VALUES ($1, NULL, 1)", asyncpg.NotNullViolationError),
    "unique": ("INSERT INTO person VALUES ($1, 1, 1)", asyncpg.UniqueViolationError),
    "foreign key": ("INSERT INTO request VALUES ($1)", asyncpg.ForeignKeyViolationError),
}


async def test_the_log_of_postgres_holds_no_row_of_anybody(tmp_path):
    """A refused row is named by the detail of the error, which a terse log leaves out; the stack's server starts so."""
    log = tmp_path / "log"
    async with postgres(tmp_path / "server", log, durable=False) as (program, dsn), running(program):
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE TABLE person (name text UNIQUE, a int NOT NULL, b int CHECK (b > 0))")
        await connection.execute("CREATE TABLE request (name text REFERENCES person (name))")
        await connection.execute("INSERT INTO person VALUES ($1, 1, 1)", "Mei Tanaka")
        for what, (statement, error) in REFUSED.items():
            with pytest.raises(error) as refused:
                await connection.execute(statement, "Mei Tanaka" if what == "unique" else "Ana Lima")
            assert refused.value.detail
        await connection.close()

    said = log.read_text("utf-8", "replace")
    assert said.count("violates") == len(REFUSED)
    assert "Failing row" not in said
    assert "Mei Tanaka" not in said
    assert "Ana Lima" not in said
