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

from infra.devstack.databases import SERVICES

EXAMPLES = int(os.environ.get("CPT_EXAMPLES", "1"))
CALLERS = {
    "student": ["student"],
    "staff": ["adviser", "director", "compliance", "operations"],
    "machine": ["registrar", "handshake"],
}
OURS = frozenset({503})  # of a document that waits too long; with Retry-After


@pytest.mark.timeout(240 + 30 * EXAMPLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_that_can_be_made_is_answered_by_a_fault(measured, campus, service):
    running = await measured(service)
    async with httpx2.AsyncClient(base_url=running.url, timeout=60) as client:
        document = (await client.get("/openapi.json")).json()

    answers, faults = await asyncio.to_thread(_all, running.url, campus.url, document)

    assert not faults, "\n".join(faults[:20])
    assert sum(answers.values()) >= 3 * len(document["paths"])
    assert answers[422] + answers[400] + answers[404] > 0


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


async def test_the_log_of_postgres_holds_no_row_of_anybody(postgres):
    """A refused row is named by the detail of the error, which a terse log leaves out; the stack's server starts so."""
    connection = await asyncpg.connect(postgres)
    assert await connection.fetchval("SHOW log_error_verbosity") == "terse"
    await connection.close()
