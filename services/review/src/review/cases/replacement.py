"""A request that changes an issued authorization: what its I-20 leaves of that one (X6, X11).

The earlier one counts to the day before the new one begins, so no day is ever authorized twice.
"""

from dataclasses import replace
from datetime import date, timedelta

from cpt.campus.clock import in_words
from cpt.contracts.values import ChangedAuthorization, EarlierAuthorization, Person
from cpt.postgres import Connection
from review.authorizations import Authorization, Change, publish_change
from review.cases.dossier import Dossier
from review.store import Cause, lock_line, sql, write_audit

_DAY = timedelta(days=1)


async def lock_changed_case(connection: Connection, request_id: str) -> None:
    """Before the case itself, for cases are locked in ascending order and the older one has the lower id (P10)."""
    await lock_line(connection)
    await connection.execute(sql.lock_changed_case, request_id)


def ending_of(earlier: Authorization, first: date, reference: str, request_id: str) -> Change | None:
    """What ends it when the new one begins on `first`; None where it has ended by then. Canceled only as a whole,
    which is possible before it began (X11): once it runs, `first` is never its first day.
    """
    if earlier.end is None or earlier.end < first:
        return None
    until = first - _DAY
    by = ChangedAuthorization(request_id=request_id, reference=reference)
    reason = f"{reference} takes its place from {in_words(first)}."
    return Change(None if until < earlier.start else until, reason, replaced_by=by)


def remaining_authorization(dossier: Dossier, first: date) -> Authorization | None:
    """The authorization that the request changes, as it stands once the new one begins on `first`."""
    earlier, done = dossier.changes, dossier.case.completed
    if earlier is None or (change := ending_of(earlier, first, done.reference, done.request_id)) is None:
        return earlier
    return replace(earlier, canceled=change.cancels, until=change.until)


def ended(dossier: Dossier, first: date) -> EarlierAuthorization | None:
    """None where the new one takes no day of it."""
    return None if remaining_authorization(dossier, first) == dossier.changes else earlier_then(dossier, first)


def earlier_then(dossier: Dossier, first: date) -> EarlierAuthorization | None:
    """As the I-20 tells of it; None where nothing of it stood any more."""
    left, earlier = remaining_authorization(dossier, first), dossier.changes
    if left is None or earlier is None or earlier.end is None:
        return None
    return EarlierAuthorization(
        request_id=left.request_id, reference=left.issued.reference, canceled=left.end is None, until=left.end
    )


def in_one_sentence(dossier: Dossier, first: date) -> str | None:
    """What recording the I-20 does to the earlier one, for whoever approves it."""
    earlier = dossier.changes
    if earlier is None:
        return None
    reference = earlier.issued.reference
    if earlier.end is None:
        return f"It changes {reference}, which was canceled and stands no more (X6)."
    left = remaining_authorization(dossier, first)
    if left is None or left == earlier:
        return f"It continues {reference}, which ends on {in_words(earlier.end)} and stays as it is (X6)."
    if left.end is None:
        return f"It changes {reference}: recording the new I-20 cancels that one as a whole (X6)."
    return f"It changes {reference}: recording the new I-20 ends that one on {in_words(left.end)} (X6)."


async def end_changed(connection: Connection, dossier: Dossier, first: date, by: Person, cause: Cause) -> None:
    """In the transaction that records the new I-20, so that neither ever stands without the other."""
    earlier, done = dossier.changes, dossier.case.completed
    if earlier is None or (change := ending_of(earlier, first, done.reference, done.request_id)) is None:
        return
    await publish_change(connection, earlier, change, by, cause)
    until = change.until and change.until.isoformat()
    await write_audit(connection, cause, "authorization_replaced", earlier.request_id, until=until, by=done.request_id)
