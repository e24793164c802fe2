"""Whatever fits a service's OpenAPI document, or narrowly does not, is answered as the document says (docs/api)."""

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.devstack.databases import SERVICES

schemathesis.serializer.alias("application/pdf", "application/octet-stream")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
ROLES = ["student", "adviser", "director", "compliance", "operations", "registrar", "handshake"]


@pytest.fixture
def stack(shared):
    return shared[1]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_answers_as_its_document_says(stack, service, mode):
    """The same examples each time: a failure is not lost with the run that found it."""
    schema = schemathesis.openapi.from_url(f"{stack[service]}/openapi.json")
    seen = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        who = {"sub": f"3{len(seen):07}", "roles": ROLES}  # a person each, or their rate would answer
        token = httpx2.post(f"{stack['campus']}/demo/token", json=who).json()["access_token"]
        seen.add(operation.label)
        examine(operation, mode, {"Authorization": f"Bearer {token}"})

    assert len(seen) >= 5


def examine(operation, mode, headers):
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case):
        answer = case.call(headers=headers, timeout=60)  # a busy machine is no fault of the document
        case.validate_response(answer, checks=CHECKS)

    answers()
