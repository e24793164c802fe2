"""docs/connect.md tells integrators what the code does; that its commands work is shown on a running stack."""

import json
import re
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from cpt.contracts.campus import AgreementChanged, AgreementStatus, EnrollmentChanged, TermWithdrawn
from cpt.contracts.examples import campus_examples
from cpt.messaging.reading import read
from cpt.messaging.receipts import State
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.consumer import build_consumer as enrollment_consumer
from enrollment_sync.consumer import validators_of
from enrollment_sync.domain import CodeKind
from infra.api_documents import documents
from intake.consumer import build_consumer as intake_consumer
from tests.connect_page import PAGE, events, row

JUDGES = {event.TYPE: judge for event, judge in validators_of(shipped_codes(), date(2026, 9, 1)).items()}
CONSUMERS = {
    "campus.enrollment": enrollment_consumer(lambda: datetime.now(UTC)),
    "campus.agreement": intake_consumer(lambda: datetime.now(UTC)),
}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        *((kind.replace("_", " "), known) for kind in get_args(CodeKind) for known in [shipped_codes().meanings(kind)]),
        ("agreement status", get_args(AgreementStatus)),
        ("agreement kind", get_args(AgreementChanged.model_fields["kind"].annotation)),
    ],
)
def test_the_page_lists_the_codes_that_are_known_and_no_other(name, codes):
    """Case 8."""
    assert row(name) == set(codes)


def test_the_page_explains_every_state_of_a_receipt():
    section = PAGE.partition("| receipt | means |")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(get_args(State))


@pytest.mark.parametrize("event", [EnrollmentChanged, TermWithdrawn, AgreementChanged])
def test_the_page_names_topic_source_and_type_of_every_campus_event(event):
    assert all(f"`{name}`" in PAGE for name in (event.TOPIC, event.SOURCE, event.TYPE))


@pytest.mark.parametrize("name", events())
def test_an_event_of_the_page_is_an_example_of_the_api_documents(name):
    assert events()[name] in [{k: v for k, v in e.event.items() if k != "subject"} for e in campus_examples()]


@pytest.mark.parametrize("example", campus_examples(), ids=lambda example: example.name)
def test_every_example_would_be_taken(example):
    assert (
        read(
            CONSUMERS[example.topic], example.topic, example.headers, json.dumps(example.event["data"]).encode(), JUDGES
        )
        is not None
    )


def test_every_campus_event_has_an_example_in_every_document_about_it():
    told = documents()["asyncapi.json"]["components"]["messages"]
    for example in campus_examples():
        names = {one["name"] for one in told[example.event["type"]]["examples"]}
        service = "intake" if example.topic == "campus.agreement" else "enrollment-sync"
        paths = documents()[f"{service}.openapi.json"]["paths"]
        for path in ("/campus/events", "/campus/events/validate"):
            content = paths[path]["post"]["requestBody"]["content"]
            assert example.name in content["application/cloudevents+json"]["examples"].keys() & names

    assert {example.event["type"] for example in campus_examples()} == {
        event.TYPE for event in (EnrollmentChanged, TermWithdrawn, AgreementChanged)
    }
