"""Records and events as the messaging tests need them: one small event, many ways to break it."""

from datetime import UTC, datetime
from itertools import count

from cpt.contracts.envelope import headers_of
from cpt.contracts.intake import AgreementLost
from cpt.messaging.record import Record

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
_numbers = count(1)


def an_event(request_id="request-1", why="it ended"):
    return AgreementLost(request_id=request_id, round=1, agreement_id="HS-1", why=why)


def a_record(event=None, *, offset=None, partition=0, event_id=None, topic="cpt.intake", value=None, **headers):
    """`headers` replaces attributes by their name without `ce_`; None removes one."""
    event = event or an_event()
    number = next(_numbers)
    all_headers = headers_of(event, event_id=event_id or f"event-{number}", time=NOW, sequence=1, extra={})
    for name, given in headers.items():
        all_headers.pop(f"ce_{name}")
        if given is not None:
            all_headers[f"ce_{name}"] = given
    body = event.model_dump_json().encode() if value is None else value
    return Record(topic, partition, number if offset is None else offset, 1_000 + number, event.key, all_headers, body)
