"""The figures of the alerts: how many in which state, how late, how fast they were found (P25, P30)."""

from collections import Counter
from datetime import datetime
from typing import get_args

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime import metrics
from review.alerts.domain import AlertState, Severity
from review.alerts.store import sql


async def measure_alerts(database: Database, now: datetime) -> int:
    """One step of the loop; always 0."""
    async with database.connection() as connection:
        groups = await connection.fetch(sql.alert_figures, eastern_date(now))
        delays = await connection.fetch(sql.detection_figures, list(metrics.ALERT_DETECTION.limits))
        watcher = await connection.fetchrow(sql.find_monitoring)
    assert watcher is not None
    still = [row for row in groups if row["state"] != "closed"]
    open_states = [state for state in get_args(AlertState) if state != "closed"]
    counts = Counter({(state, severity): 0 for state in open_states for severity in get_args(Severity)})
    closed: Counter[tuple[str, ...]] = Counter()
    for row in groups:
        if row["state"] == "closed":
            closed[(row["how"],)] += row["alerts"]
        else:
            counts[(row["state"], row["severity"])] += row["alerts"]
    metrics.ALERTS.show_all(counts)
    metrics.ALERTS_CLOSED.show_all(closed)
    metrics.ALERTS_HELD.show(sum(row["held"] for row in still))
    metrics.ALERTS_OVERDUE.show(sum(row["overdue"] for row in still))
    metrics.ALERT_UNSEEN.show(
        max(((now - row["oldest"]).total_seconds() for row in still if row["state"] == "confirmed"), default=0)
    )
    metrics.ALERT_DETECTION.show({row["since"]: (row["within"], row["total"]) for row in delays})
    blind = watcher["blind_since"]
    metrics.BLIND.show((now - blind).total_seconds() if blind else 0)
    return 0
