"""Promises 9 and 12: effects of an event once; every consumed record ended in exactly one of four ways."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from cpt.contracts.alerts import AlertRaised
from cpt.contracts.enrollment import EnrollmentChecked, RequirementLost
from cpt.contracts.event import Event
from cpt.contracts.intake import RequestCompleted, RequestHeld
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import CaseAssigned, CaseWithdrawn, I20Issued
from cpt.messaging.errors import InvalidMessage, Reject
from cpt.messaging.parking import Waiting
from infra.chaos.check.evidence import Evidence, Place

FATES = ("processed", "parked", "ignored", "duplicates")
JUDGED = {judged.__name__ for judged in (Reject, InvalidMessage, Waiting)}
"""What the service itself said of a message; any other class is a failure that passed by, or should have."""
SCHEMAS = ("intake", "enrollment_sync", "review", "notifier")


def once(seen: Evidence) -> Iterator[str]:
    """Promise 9: what an event brings about stands once in the events that follow and in the records."""
    told = Counter(fact for _, envelope in seen.events() if (fact := _effect(envelope.event)))
    for fact, count in told.items():
        if count > 1:
            yield f"{fact} was told {count} times"
    for row, count in Counter((r["event_source"], r["event_id"]) for r in seen.rows("notifier", "notice")).items():
        if count > 1:
            yield f"the event {row[1]} deserved one notice and has {count}"
    yield from _claimed(seen)


def _effect(event: Event) -> tuple[object, ...] | None:  # noqa: PLR0911 a table, a line an event
    match event:
        case RequestCompleted() | RequestHeld():
            return type(event).__name__, event.request_id, event.round
        case EnrollmentChecked():
            return "EnrollmentChecked", event.request_id, event.check_no
        case RequirementLost():
            return "RequirementLost", event.loss_id, event.request_id
        case CaseWithdrawn():
            return "CaseWithdrawn", event.request_id
        case I20Issued():
            return "I20Issued", event.request_id, event.authorization_version
        case AlertRaised():
            return "AlertRaised", event.alert_id
        case NoticeSent() | NoticeFailed():
            return "the end of notice", event.notice_id
        case CaseAssigned():
            return "CaseAssigned", event.request_id, event.receipt_number, event.adviser.sub
        case _:
            return None


def _claimed(seen: Evidence) -> Iterator[str]:
    """As many events are claimed as were processed, or decided by a person."""
    for schema in SCHEMAS:
        claimed = Counter(row["consumer"] for row in seen.rows(schema, "inbox"))
        decided = Counter(row["consumer"] for row in seen.rows(schema, "parked") if row["state"] != "parked")
        processed: dict[str, int] = defaultdict(int)
        for row in seen.rows(schema, "progress"):
            processed[row["consumer"]] += row["processed"]
        for consumer, count in processed.items():
            if not count <= claimed[consumer] <= count + decided[consumer]:
                yield f"{consumer} processed {count} events and claimed {claimed[consumer]}"


def all_accounted(seen: Evidence) -> Iterator[str]:
    """Promise 12: consumed = processed + parked + ignored + duplicates, up to the end of every partition."""
    for schema in SCHEMAS:
        rows = seen.rows(schema, "progress")
        reached: dict[Place, int] = {(row["topic"], row["partition"]): row["reached"] + 1 for row in rows}
        topics = {row["topic"] for row in rows}
        for place, end in seen.ends.items():
            if place[0] in topics and reached.get(place, 0) < end:
                yield f"{schema} has read {reached.get(place, 0)} of {end} records of {place[0]}/{place[1]}"
        for row in rows:
            total = sum(row[fate] for fate in FATES)
            if total != row["reached"] + 1:
                where = f"{row['topic']}/{row['partition']}"
                yield f"{row['consumer']} accounts for {total} of {row['reached'] + 1} records of {where}"
        for row in seen.rows(schema, "parked"):
            if row["error_class"] not in JUDGED:
                yield f"{schema} parked a message that can be read: {row['error_class']}"
        parked = Counter((row["topic"], row["partition"]) for row in seen.rows(schema, "parked"))
        for row in rows:
            if row["parked"] != parked[row["topic"], row["partition"]]:
                yield f"{schema} counts {row['parked']} parked of {row['topic']}/{row['partition']} and has {parked[row['topic'], row['partition']]}"
