"""The answers to a campus system about its events, before and after it sent them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from cpt.contracts.attributes import Fault, is_key
from cpt.messaging import Consumer
from cpt.messaging.consumer import Validators
from cpt.messaging.errors import InvalidMessage
from cpt.messaging.reading import read
from cpt.messaging.receipts import Receipt, State
from cpt.web.cloudevent_draft import EventDraft
from cpt.web.problems import MOST_ERRORS

_REMARK = "Nothing was kept. An event about a student who is not watched is dropped unread, whatever it says."
_MEANS: dict[State, str] = {
    "accepted": "It is kept here and leaves for Kafka in a moment.",
    "held": "Kafka refused it. Operations look at it: it goes out, or is discarded.",
    "sent": "It is in Kafka and has not been read yet.",
    "processed": "It was read and has every effect that it can have. Sent again under the same id it has none.",
    "ignored": "It was read and has no effect here: the student is not watched, or nothing reacts to its type.",
    "parked": "It cannot be taken as it is and waits for operations; so do later events of the same student.",
    "waiting": "It waits behind an earlier event of the same student, which operations have to decide about.",
    "discarded": "Operations decided that it never takes effect. A correction needs an id of its own.",
    "unknown": "Nothing is known of it: it did not arrive, has not been read yet, was read without an effect, or is "
    "older than 30 days. For an event sent over Kafka, partition and offset of its acknowledgment tell more.",
}


class EventFault(BaseModel):
    """`field` is an attribute of the envelope, or `data` and the path inside it."""

    field: Annotated[str, Field(examples=["data.current.status"])]
    code: Annotated[str, Field(examples=["unknown_code"])]
    message: Annotated[str, Field(examples=["unknown status 'X'"])]


class Verdict(BaseModel):
    """accepted: it takes effect once. ignored: nothing here reacts to it. parked: it would wait for a person, and
    later events of the student behind it. refused: over HTTP 422, over Kafka parked.
    """

    id: str | None
    source: str | None
    type: str | None
    verdict: Literal["accepted", "ignored", "parked", "refused"]
    faults: list[EventFault]


class Verdicts(BaseModel):
    """One verdict for each event, in the order sent; of all their faults the first 50, and how many more there are."""

    events: list[Verdict]
    more_faults: int
    remark: str


class CampusReceipt(BaseModel):
    """`at`: since when, where that is known. `reason`: why it waits. `behind`: id of the event it waits for."""

    source: str
    id: str
    state: State
    means: str
    at: datetime | None
    reason: str | None
    behind: str | None

    @classmethod
    def of(cls, source: str, event_id: str, found: Receipt) -> "CampusReceipt":
        return cls(
            source=source,
            id=event_id,
            state=found.state,
            means=_MEANS[found.state],
            at=found.at,
            reason=found.reason,
            behind=found.behind,
        )


def verdicts(consumer: Consumer, validators: Validators, topic: str, drafts: Iterable[EventDraft]) -> Verdicts:
    """Nothing is kept of what is judged here."""
    room, more, events = MOST_ERRORS, 0, []
    for draft in drafts:
        verdict = judge(consumer, validators, topic, draft)
        more += len(verdict.faults[room:])
        del verdict.faults[room:]
        room -= len(verdict.faults)
        events.append(verdict)
    return Verdicts(events=events, more_faults=more, remark=_REMARK)


def judge(consumer: Consumer, validators: Validators, topic: str, draft: EventDraft) -> Verdict:
    """By the code that validates records from Kafka; faults that only HTTP can have are added."""
    refusals, parks, reacts = list(draft.faults(topic)), list[Fault](), False
    try:
        reacts = read(consumer, topic, draft.headers(), draft.data or b"", validators) is not None
    except InvalidMessage as error:
        named = {fault.field for fault in refusals}
        parks = [fault for fault in error.faults if fault.field not in named]
    verdict = "refused" if refusals else "parked" if parks else "accepted" if reacts else "ignored"
    names = {name: text if is_key(text) else None for name, text in draft.texts().items()}
    return Verdict(
        id=names.get("id"),
        source=names.get("source"),
        type=names.get("type"),
        verdict=verdict,
        faults=[EventFault(field=fault.field, code=fault.code, message=fault.message) for fault in (*refusals, *parks)],
    )
