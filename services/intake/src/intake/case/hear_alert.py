"""A possible loss is confirmed, or contact was asked for: the student reads one neutral line until it is closed (R33, case 83)."""

from cpt.contracts.alerts import AlertClosed, AlertRaised, AlertReopened
from intake.line.unit_of_work import UnitOfWork
from intake.store import sql

_DISQUIETING = frozenset({"CRITICAL", "HIGH"})


async def raise_concern(work: UnitOfWork, event: AlertRaised) -> None:
    """What is LOW, or waits for a DSO to confirm another course, keeps nobody from working."""
    if event.severity in _DISQUIETING:
        hit = [one.request_id for one in event.authorizations]
        await work.connection.execute(sql.raise_concern, event.alert_id, hit, event.detected_at)


async def close_concern(work: UnitOfWork, event: AlertClosed) -> None:
    await work.connection.execute(sql.close_concern, event.alert_id, list(event.request_ids), event.at)


async def reopen_concern(work: UnitOfWork, event: AlertReopened) -> None:
    """As when it was raised; what was asked of the student before it was closed is to be talked over again."""
    if event.severity in _DISQUIETING:
        await work.connection.execute(sql.raise_concern, event.alert_id, list(event.request_ids), event.at)
    else:
        await work.connection.execute(sql.reopen_concern, event.alert_id, event.at)
