"""What the dashboards and rules are told of the line and the alerts, read from real rows."""

from datetime import date, timedelta

from prometheus_client import REGISTRY

from review.alerts.measure_alerts import measure_alerts
from review.alerts.monitor_heartbeat import detect_missed_heartbeat
from review.line.measure_line import cases_due, measure_line
from tests.component.review.acts import approved
from tests.factories import NOW, checked, completed, lost

value = REGISTRY.get_sample_value


async def test_the_line_is_measured_by_length_age_and_holes(review):
    """R51, P10: number 2 has not arrived, so 3 and 4 wait behind it."""
    for number in (1, 3, 4):
        await review.hear(checked(f"r{number}"), completed(f"r{number}", number))
    await review.hear(completed("r6", 6))

    await measure_line(review.database, NOW + timedelta(minutes=7))

    assert value("cpt_line_length", {"state": "waiting"}) == 3
    assert value("cpt_line_length", {"state": "pending"}) == 1
    assert (value("cpt_line_holes"), value("cpt_line_hole_age_seconds")) == (2, 420)
    assert value("cpt_line_oldest_seconds") == 420


async def test_a_line_without_holes_says_zero(review):
    await measure_line(review.database, NOW)

    assert (value("cpt_line_holes"), value("cpt_line_hole_age_seconds"), value("cpt_line_oldest_seconds")) == (0, 0, 0)


def test_a_case_is_late_only_after_the_end_of_its_business_day():
    """R50, A7: on Friday the next business day is Monday."""
    due = {date(2026, 9, day): 1 for day in (10, 11, 14, 15)}

    assert cases_due(due, date(2026, 9, 11), date(2026, 9, 14)) == {
        "overdue": 1,
        "today": 1,
        "next_day": 1,
        "later": 1,
    }


async def test_decided_cases_are_not_at_risk(review):
    """R50: the promise is kept by the decision."""
    await review.hear(checked("r2"), completed("r2", 2, due_on=date(2026, 9, 1)))
    await approved(review, due_on=date(2026, 9, 1))
    review.now = NOW + timedelta(days=30)

    await measure_line(review.database, review.now)

    assert value("cpt_cases_due", {"due": "overdue"}) == 1


async def test_alerts_are_counted_by_state_and_their_detection_is_measured(review):
    """P25: found 40 seconds after the news came, 24 h after it took effect, 22 days before anybody looked."""
    detected = NOW + timedelta(seconds=40)
    await review.hear(lost("a", detected_at=detected, effective_on=NOW.date()))
    await review.hear(lost("b", detected_at=detected, effective_on=NOW.date(), held=True))

    await measure_alerts(review.database, NOW + timedelta(days=22))

    states = {s: value("cpt_alerts", {"state": s, "severity": "CRITICAL"}) for s in ("suspected", "confirmed")}
    found = sum(
        value("cpt_alerts", {"state": "suspected", "severity": s}) for s in ("CRITICAL", "HIGH", "MEDIUM", "LOW")
    )
    assert (found, states["confirmed"]) == (2, 0)
    assert (value("cpt_alerts_held"), value("cpt_alerts_overdue")) == (1, 2)
    at_most = {
        le: value("cpt_alert_detection_seconds_bucket", {"since": "received", "le": le}) for le in ("15.0", "60.0")
    }
    assert at_most == {"15.0": 0, "60.0": 2}
    assert value("cpt_alert_detection_seconds_sum", {"since": "received"}) == 80
    assert value("cpt_alert_detection_seconds_count", {"since": "effective"}) == 2


async def test_blindness_is_shown_for_as_long_as_it_lasts(review):
    """P30."""
    await detect_missed_heartbeat(review.database, NOW)
    await detect_missed_heartbeat(review.database, NOW + timedelta(minutes=6))

    await measure_alerts(review.database, NOW + timedelta(minutes=10))

    assert value("cpt_monitoring_blind_seconds") == 240
