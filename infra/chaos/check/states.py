"""Promise 7: only drawn transitions, and both sides of a request agree at the end."""

from collections.abc import Iterator

from cpt.contracts import review as told
from cpt.contracts.review import ReviewEvent
from infra.chaos.check.evidence import Evidence

OPEN = {"waiting", "pending"}
NUMBER: dict[str | None, set[str]] = {
    None: {*OPEN, "void", "unreadable", "passed_over"},
    "pending": {"waiting", "assigned", "void"},
    "waiting": {"pending", "assigned", "void"},
    "assigned": {*OPEN, "returned", "closed", "void", "assigned"},
    "returned": {*OPEN, "void", "closed"},
    "unreadable": {*OPEN, "void"},
    "passed_over": {*OPEN, "void"},
    "void": {"void"},
    "closed": {"void"},
}
AGREE: dict[str, set[str | None]] = {
    "issued": {"issued"},
    "denied": {"denied"},
    "withdrawn": {"withdrawn"},
    "complete": {"pending", "waiting", "assigned", "approved"},
    "incomplete": {"returned", None},
}
BEFORE: dict[type[ReviewEvent], set[type[ReviewEvent]]] = {
    told.CaseApproved: {told.CaseAssigned, told.CaseReassigned},
    told.IssuanceAsked: {told.CaseApproved, told.StartPushedBack, told.IssuanceAsked, told.I20Issued},
    told.I20Issued: {told.IssuanceAsked},
    told.CaseGivenBack: {told.CaseAssigned, told.CaseReassigned},
    told.CaseReturned: {told.CaseAssigned, told.CaseApproved, told.IssuanceAsked, told.StartPushedBack},
    told.CaseDenied: {told.CaseAssigned, told.CaseApproved, told.IssuanceAsked, told.StartPushedBack},
}
CLOSING = (told.I20Issued, told.CaseDenied, told.CaseWithdrawn)


def only_drawn(seen: Evidence) -> Iterator[str]:
    for row in seen.rows("review", "line_log"):
        if row["to_state"] not in NUMBER.get(row["from_state"], set()):
            yield f"number {row['receipt_number']} went from {row['from_state']} to {row['to_state']}"
    yield from _cases(seen)
    yield from _both_sides(seen)


def _cases(seen: Evidence) -> Iterator[str]:
    last: dict[str, ReviewEvent] = {}
    for _, envelope in seen.events(*BEFORE, told.CaseAssigned, told.CaseWithdrawn, told.StartPushedBack):
        event = envelope.event
        assert isinstance(event, ReviewEvent)
        before = last.get(event.key)
        allowed = BEFORE.get(type(event))
        if allowed is not None and (before is None or type(before) not in allowed or before.round != event.round):
            yield f"{type(event).__name__} of {event.key} came after {type(before).__name__}"
        if isinstance(event, told.CaseAssigned) and not _assignable(before, event):
            yield f"CaseAssigned of {event.key} in round {event.round} came after {type(before).__name__}"
        again = isinstance(event, told.IssuanceAsked | told.I20Issued)
        if isinstance(before, CLOSING) and not again:
            yield f"{type(event).__name__} of {event.key} came after {type(before).__name__}"
        last[event.key] = event


def _assignable(before: ReviewEvent | None, event: ReviewEvent) -> bool:
    return before is None or event.round > before.round or isinstance(before, told.CaseGivenBack)


def _both_sides(seen: Evidence) -> Iterator[str]:
    cases = {row["request_id"]: row["state"] for row in seen.rows("review", "case_file")}
    for row in seen.rows("intake", "request"):
        state = cases.get(row["request_id"])
        if state not in AGREE.get(row["phase"], {state}):
            yield f"request {row['request_id']} is {row['phase']} at intake and {state} at review"
