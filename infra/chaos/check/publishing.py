"""Promise 8: every committed event is published in its key's order, and nothing that did not commit."""

from collections import defaultdict
from collections.abc import Iterator

from cpt.contracts.enrollment import EnrollmentChecked, RequirementLost
from cpt.contracts.event import Event
from cpt.contracts.intake import RequestCompleted, RequestSubmitted
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import CaseAssigned, I20Issued
from infra.chaos.check.evidence import Evidence

Facts = set[tuple[object, ...]]


def all_and_nothing_else(seen: Evidence) -> Iterator[str]:
    for schema in ("intake", "enrollment_sync", "review", "notifier"):
        for table in ("outbox", "outbox_quarantine"):
            if rows := seen.rows(schema, table):
                yield f"{len(rows)} rows are left in {schema}.{table}, the first is {rows[0]['event_id']}"
    yield from _order(seen)
    told, stored = _told(seen), _stored(seen)
    for name, facts in stored.items():
        for fact in sorted(facts - told[name], key=str)[:5]:
            yield f"{name} {fact} is committed and was never published"
    for name, facts in told.items():
        for fact in sorted(facts - stored[name], key=str)[:5]:
            yield f"{name} {fact} was published and is not committed"


def _order(seen: Evidence) -> Iterator[str]:
    """Per key the aggregate's version never falls, and a copy follows its original at once (P32)."""
    last: dict[tuple[str, str | None], str] = {}
    versions: dict[tuple[str, str], int] = {}
    known: set[str] = set()
    for record in seen.records:
        if not record.topic.startswith("cpt."):
            continue
        identity, sequence = record.headers.get("ce_id", ""), int(record.headers.get("ce_sequence", "0"))
        before = last.get((record.topic, record.key))
        aggregate = (record.topic, str(getattr(record.envelope and record.envelope.event, "notice_id", record.key)))
        if identity in known and before != identity:
            yield f"a copy of {identity} came after {before} of its key ({record.topic} {record.key})"
        elif sequence < versions.get(aggregate, 0):
            yield f"{identity} has version {sequence} after {versions[aggregate]} ({record.topic} {record.key})"
        known.add(identity)
        last[record.topic, record.key] = identity
        versions[aggregate] = sequence


def _told(seen: Evidence) -> dict[str, Facts]:
    facts: dict[str, Facts] = defaultdict(set)
    for _, envelope in seen.events():
        name, fact = _fact(envelope.event)
        if name:
            facts[name].add(fact)
    return facts


def _fact(event: Event) -> tuple[str, tuple[object, ...]]:  # noqa: PLR0911 a table, a line an event
    match event:
        case RequestSubmitted():
            return "a request", (event.request_id,)
        case RequestCompleted():
            return "a completion", (event.request_id, event.receipt_number)
        case EnrollmentChecked():
            return "a check", (event.request_id, event.check_no)
        case RequirementLost():
            return "a loss", (event.loss_id,)
        case CaseAssigned():
            return "an assignment", (event.request_id, event.receipt_number)
        case I20Issued():
            return "an I-20", (event.request_id, event.authorization_version)
        case NoticeSent() | NoticeFailed():
            return "the end of a notice", (event.notice_id, type(event).__name__)
        case _:
            return "", ()


def _stored(seen: Evidence) -> dict[str, Facts]:
    ends = {"sent": "NoticeSent", "failed": "NoticeFailed"}
    return {
        "a request": {(r["request_id"],) for r in seen.rows("intake", "request") if r["facts_told"]},
        "a completion": {(r["request_id"], r["number"]) for r in seen.rows("intake", "receipt_number")},
        "a check": {
            (r["request_id"], r["check_no"]) for r in seen.rows("enrollment_sync", "evaluation") if r["check_no"]
        },
        "a loss": {(r["loss_id"],) for r in seen.rows("enrollment_sync", "loss")},
        "an assignment": {
            (r["request_id"], r["receipt_number"])
            for r in seen.rows("review", "line_log")
            if r["to_state"] == "assigned"
        },
        "an I-20": {(r["request_id"], r["version"]) for r in seen.rows("review", "authorization_issued")},
        "the end of a notice": {
            (r["id"], ends[r["state"]]) for r in seen.rows("notifier", "notice") if r["state"] in ends
        },
    }
