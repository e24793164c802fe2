"""CloudEvents 1.0 over HTTP, in binary, structured and batched mode, made ready for the outbox (P36).

Only the envelope is judged here. What the data says is judged where events from Kafka are judged.
"""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import unquote

from starlette.requests import Request

from cpt.contracts.attributes import as_time, is_key
from cpt.contracts.json_text import NameTwice, parse_json
from cpt.web.cloudevent_draft import EventDraft
from cpt.web.forms import is_form
from cpt.web.problems import FieldError, plain_problem

STRUCTURED, BATCHED = "application/cloudevents+json", "application/cloudevents-batch+json"
BODY_BYTES = 2 * 2**20
MOST_EVENTS = 1_000
_MOST_VALUES = 100_000  # a hundred an event; a body of nothing but brackets is twenty times its size in memory
_AT_ONCE = 64 * 2**10  # bytes that are judged in a moment; more of them leave the loop to others
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HttpEvent:
    """`headers` are those of Kafka's binary mode; `key` is the student, or the event id where the data does not name one."""

    id: str
    source: str
    type: str
    time: datetime
    subject: str | None
    headers: dict[str, str]
    data: bytes
    key: str


async def parse_cloud_events(request: Request, topic: str) -> list[HttpEvent]:
    """In the order sent. Raises `Problem` 422 that names every fault of every event's envelope and quotes none."""
    return await judged(request, lambda drafts: _events(drafts, topic))


async def judged(request: Request, judge: Callable[[dict[str, EventDraft]], T]) -> T:
    """What `judge` makes of the events, each under the beginning of its faults' names, in the order sent.

    Raises `Problem` 415 for a form and 422 for what is no JSON or too much of it. A large body is read and judged in a
    thread, so that the process goes on answering.
    """
    if is_form(request):
        raise plain_problem(415, "Send the event itself as the body, not a form that holds it.")
    body = await request.body()
    if len(body) <= _AT_ONCE:
        return judge(_drafts(request, body))
    return await asyncio.to_thread(lambda: judge(_drafts(request, body)))


def _events(drafts: dict[str, EventDraft], topic: str) -> list[HttpEvent]:
    faults = (
        FieldError(place + fault.field, fault.code, fault.message)
        for place, draft in drafts.items()
        for fault in draft.faults(topic)
    )
    if first := next(faults, None):
        raise plain_problem(422, "No event of this request was taken.", errors=chain([first], faults))
    return [_event(draft) for draft in drafts.values()]


def _drafts(request: Request, body: bytes) -> dict[str, EventDraft]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != BATCHED:
        return {"": _structured(_json(body)) if kind == STRUCTURED else _binary(request, body)}
    batch = _json(body)
    if not isinstance(batch, list):
        raise plain_problem(422, "A batch is a JSON list of events.")
    if len(batch) > MOST_EVENTS:
        raise plain_problem(422, f"A batch holds at most {MOST_EVENTS} events: send {len(batch)} in several calls.")
    return {f"{index}.": _structured(event) for index, event in enumerate(batch)}


def _event(draft: EventDraft) -> HttpEvent:
    texts, data = draft.texts(), draft.data or b""
    return HttpEvent(
        id=texts["id"],
        source=texts["source"],
        type=texts["type"],
        time=as_time(texts["time"]),
        subject=texts.get("subject"),
        headers=draft.headers(),
        data=data,
        key=_student(data) or texts.get("partitionkey") or texts["id"],
    )


def _structured(event: object) -> EventDraft:
    if not isinstance(event, dict):
        return EventDraft({}, None)
    attributes = {name: value for name, value in event.items() if name not in {"data", "data_base64"}}
    if {"data", "data_base64"} <= event.keys():
        return EventDraft(attributes, None)
    try:
        if "data_base64" in event:
            return EventDraft(attributes, base64.b64decode(event["data_base64"], validate=True))
        return EventDraft(
            attributes, json.dumps(event["data"], ensure_ascii=False).encode() if "data" in event else b""
        )
    except (binascii.Error, TypeError, ValueError):
        return EventDraft(attributes, None)


def _binary(request: Request, body: bytes) -> EventDraft:
    found = {name[3:]: unquote(value) for name, value in request.headers.items() if name.startswith("ce-")}
    return EventDraft(found | {"datacontenttype": request.headers.get("content-type") or "application/json"}, body)


def _student(data: bytes) -> str | None:
    """The EMPLID inside; a body that cannot be read is parked by the consumer, alone."""
    try:
        emplid = json.loads(data)["emplid"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return emplid if isinstance(emplid, str) and is_key(emplid) else None


def _json(body: bytes) -> Any:
    if body.count(b",") + body.count(b"[") + body.count(b"{") > _MOST_VALUES:
        raise plain_problem(422, f"The body holds more than {_MOST_VALUES} values.")
    try:
        return parse_json(body)
    except NameTwice as error:
        raise plain_problem(422, str(error)) from None
    except (ValueError, RecursionError):
        raise plain_problem(422, "The body is not readable JSON.") from None
