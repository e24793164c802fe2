"""Exactly one alert for each real loss, none without cause (P25, P26, P30, cases 50–56)."""

from datetime import date, timedelta

import pytest

from cpt.contracts.alerts import (
    AlertClosed,
    AlertEscalated,
    AlertRaised,
    AlertReopened,
    ConfirmationAsked,
    MonitoringBlind,
    MonitoringRestored,
)
from cpt.contracts.enrollment import Alarm, MonitoringAlive
from cpt.messaging.delivery import Delivery
from cpt.messaging.parking import list_parked
from cpt.messaging.record import Record
from cpt.messaging.replay import discard
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.close_alert import Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.confirm_alerts import settle_alerts
from review.alerts.domain import AlertRefused, severity_of
from review.alerts.escalate_alerts import escalate_alerts
from review.alerts.monitor_heartbeat import detect_missed_heartbeat
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import show_alarms, show_alerts, show_figures
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, NOW, a_hit, checked, completed, lost, regained

SETTLING = timedelta(minutes=15)
HOLE = timedelta(minutes=10)


async def board(review, state=None):
    async with review.act() as connection:
        return await show_alerts(connection, state, None, review.now, None, "nobody")


async def settle(review, after=SETTLING):
    review.now += after
    await settle_alerts(review.database, review.now)


async def confirmed(review, **fields):
    """An alert that SPIRE has confirmed; returns its id."""
    await review.hear(lost(**fields))
    await settle(review)
    await review.hear(
        checked(check_no=9, outcome="not_met", asked_by=[(await review.published(ConfirmationAsked))[-1].id])
    )
    return (await board(review, "confirmed"))[0]["alert_id"]


async def test_a_loss_is_visible_at_once_as_suspected_and_nobody_is_paged(review):
    """P26."""
    await review.hear(lost())

    assert [alert["state"] for alert in await board(review)] == ["suspected"]
    assert await review.published(AlertRaised) == []


async def test_copies_for_several_requests_are_one_alert_that_names_all(review):
    """P25, case 55."""
    hits = [a_hit("r1"), a_hit("r2")]
    await review.hear(lost(request_id="r1", hits=hits), lost(request_id="r2", hits=hits))

    (alert,) = await board(review)
    assert [hit["request_id"] for hit in alert["authorizations"]] == ["r1", "r2"]


async def test_a_suspicion_is_confirmed_once_by_a_read_that_was_asked_for_after_the_window(review):
    """P26: an older answer confirms nothing."""
    await review.hear(lost(), checked(check_no=1, outcome="not_met"))
    await settle(review)
    await review.hear(checked(check_no=2, outcome="not_met", asked_by=["another question"]))
    assert [alert["state"] for alert in await board(review)] == ["suspected"]

    question = (await review.published(ConfirmationAsked))[0].id
    await review.hear(*(checked(check_no=n, outcome="not_met", asked_by=[question]) for n in (3, 4)))

    assert [alert["state"] for alert in await board(review)] == ["confirmed"]
    assert len(await review.published(AlertRaised)) == 1


async def test_spire_is_not_asked_before_the_window_has_passed(review):
    """P26: the settling window."""
    await review.hear(lost())
    await settle(review, SETTLING - timedelta(seconds=1))

    assert await review.published(ConfirmationAsked) == []


async def test_when_spire_is_silent_for_two_minutes_the_alert_is_confirmed_without_it(review):
    """P26: a slow campus system never hides a loss."""
    await review.hear(lost())
    await settle(review)
    await settle(review, timedelta(minutes=2))
    await settle(review, timedelta(minutes=2))

    (raised,) = await review.published(AlertRaised)
    assert raised.event.confirmed_without_spire


@pytest.mark.parametrize(
    ("by", "reason"), [("re_added", "re_added"), ("swapped", "swapped"), ("read", "not_confirmed")]
)
async def test_a_suspicion_that_dissolves_is_closed_with_its_reason_and_never_paged(review, by, reason):
    """Cases 50, 9: never hidden, never mailed."""
    await review.hear(lost(), regained(by=by))
    await settle(review)

    (alert,) = await board(review, "closed")
    assert alert["closed_reason"] == reason
    assert await review.published(AlertRaised) == []


async def test_a_suspicion_that_closed_itself_cannot_be_acknowledged(review, web):
    """It was never confirmed; opening it again is an act of its own."""
    await review.hear(lost(), regained(by="swapped"))
    (alert,) = await board(review, "closed")
    async with web("compliance") as compliance:
        answer = await compliance.post(f"/api/alerts/{alert['alert_id']}/acknowledge", json={"comment": "Seen"})

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


async def test_a_suspicion_closes_only_when_all_authorizations_are_met_again(review):
    """P25."""
    await review.hear(lost(hits=[a_hit("r1"), a_hit("r2")]), regained(request_ids=["r1"]))
    assert [alert["state"] for alert in await board(review)] == ["suspected"]
    await review.hear(regained(request_id="r2", request_ids=["r2"]))
    assert [alert["state"] for alert in await board(review)] == ["closed"]


async def test_a_confirmed_alert_is_only_annotated_when_the_course_comes_back(review):
    """Case 51: a person closes it."""
    await confirmed(review)
    await review.hear(regained())

    (alert,) = await board(review)
    assert (alert["state"], len(alert["notes"])) == ("confirmed", 1)


async def test_the_next_loss_is_a_new_alert(review):
    """Case 51."""
    await confirmed(review)
    await review.hear(regained(), lost(loss_id="loss-2"))

    assert len(await board(review)) == 2


async def test_an_alert_learned_too_late_is_overdue_at_birth(review):
    """Case 56: 21 calendar days from the effective date."""
    await review.hear(lost(effective_on=date(2026, 8, 7)))

    (alert,) = await board(review)
    assert (alert["overdue"], alert["days_left"], alert["report_by"]) == (True, -4, date(2026, 8, 28))


@pytest.mark.parametrize(
    ("positions", "cause", "severity"),
    [
        (["ended", "running"], "dropped", "CRITICAL"),
        (["not_started"], "dropped", "HIGH"),
        (["ended"], "term_withdrawn", "HIGH"),
        (["ended"], "dropped", "LOW"),
    ],
)
def test_the_worst_position_decides_the_severity(positions, cause, severity):
    """R33, cases 53, 54."""
    assert severity_of(positions, "enrollment", cause=cause) == severity


async def test_a_held_loss_is_shown_and_not_settled(review):
    """P27."""
    await review.hear(lost(held=True))
    await settle(review)

    assert [alert["held"] for alert in await board(review, "suspected")] == [True]
    assert await review.published(ConfirmationAsked) == []


async def test_acknowledging_stops_no_clock_and_an_outcome_closes(review):
    alert_id = await confirmed(review)
    async with review.act() as connection:
        await acknowledge_alert(connection, alert_id, ADVISER, "Calling the student", review.now)
        ended = Resolution("cpt_ended_early", date(2026, 9, 3), "Ended")
        await close_alert(connection, alert_id, ADVISER, ended, review.now)

    (alert,) = await board(review)
    assert (alert["state"], alert["outcome"], len(alert["notes"])) == ("closed", "cpt_ended_early", 2)
    (closed,) = await review.published(AlertClosed)
    assert closed.event.authorized_until == date(2026, 9, 3)


async def test_a_closed_alert_can_be_opened_again_and_keeps_its_story(review):
    """Case 83: intake hears of it, for the student's banner."""
    alert_id = await confirmed(review)
    async with review.act() as connection:
        await close_alert(connection, alert_id, ADVISER, Resolution("re_enrolled"), review.now)
        await reopen_alert(connection, alert_id, ADVISER, "Not so", review.now)

    (alert,) = await board(review)
    assert (alert["state"], alert["outcome"], len(alert["notes"])) == ("acknowledged", None, 1)
    (told,) = await review.published(AlertReopened)
    assert (told.event.request_ids, told.event.severity) == (("r1",), "CRITICAL")


async def test_a_suspicion_cannot_be_acknowledged(review):
    await review.hear(lost())
    (alert,) = await board(review)

    async with review.act() as connection:
        with pytest.raises(AlertRefused):
            await acknowledge_alert(connection, alert["alert_id"], ADVISER, "", review.now)


def alive(*, blind=(), lag=0, alarms=()):
    heard = dict(last_registrar_event_at=NOW, last_reconciliation_at=NOW)
    return MonitoringAlive(at=NOW, lag=lag, **heard, blind_because=tuple(blind), alarms=alarms)


async def test_silence_of_the_watcher_is_declared_once_and_taken_back(review):
    """P30, case 60."""
    await review.hear(alive())
    review.now += timedelta(minutes=5)
    assert await detect_missed_heartbeat(review.database, review.now) == 0
    review.now += timedelta(seconds=1)
    assert [await detect_missed_heartbeat(review.database, review.now) for _ in range(2)] == [1, 0]
    await review.hear(alive())

    assert [len(await review.published(kind)) for kind in (MonitoringBlind, MonitoringRestored)] == [1, 1]


async def test_the_watcher_can_say_itself_that_it_is_blind(review):
    """P30."""
    await review.hear(alive(blind=["No registrar event for six hours."]))

    (blind,) = await review.published(MonitoringBlind)
    assert blind.event.reasons == ("No registrar event for six hours.",)


async def test_each_rung_of_the_ladder_is_taken_once(review):
    """R33: the clock does not stop on acknowledgement, only on an outcome."""
    alert_id = await confirmed(review)
    review.now += timedelta(days=8)
    assert [await escalate_alerts(review.database, review.now) for _ in range(2)] == [3, 0]
    async with review.act() as connection:
        await close_alert(connection, alert_id, ADVISER, Resolution("re_enrolled"), review.now)
    review.now += timedelta(days=20)

    assert await escalate_alerts(review.database, review.now) == 0
    assert [e.event.step for e in await review.published(AlertEscalated)] == ["pdso", "director", "day_7"]


async def test_a_data_error_on_a_critical_alert_needs_a_second_person(review):
    """R33."""
    alert_id = await confirmed(review)
    async with review.act() as connection:
        await close_alert(connection, alert_id, ADVISER, Resolution("data_error"), review.now)
        with pytest.raises(AlertRefused, match="second person"):
            await confirm_outcome(connection, alert_id, ADVISER, review.now)
    assert [alert["proposed_outcome"] for alert in await board(review, "confirmed")] == ["data_error"]
    async with review.act() as connection:
        await confirm_outcome(connection, alert_id, COLLEAGUE, review.now)

    assert [alert["outcome"] for alert in await board(review, "closed")] == ["data_error"]


async def test_a_director_releases_held_losses_and_they_settle(review):
    """P27."""
    await review.hear(lost(held=True))
    async with review.act() as connection:
        assert await release_held_alerts(connection, DIRECTOR, review.now) == 1
    await settle(review)

    assert len(await review.published(ConfirmationAsked)) == 1


async def test_a_director_rejects_held_losses_which_stay_listed_while_spire_is_asked_again(review):
    """P27: a rejection makes checks due."""
    await review.hear(lost(held=True))
    async with review.act() as connection:
        assert await reject_held_alerts(connection, DIRECTOR, review.now) == 1

    assert [alert["closed_reason"] for alert in await board(review)] == ["rejected"]
    assert len(await review.published(ConfirmationAsked)) == 1


async def test_the_months_figures_count_what_was_suppressed_too(review):
    """R33: never hidden."""
    await confirmed(review)
    await review.hear(lost(loss_id="loss-2"), regained(loss_id="loss-2"))
    async with review.act() as connection:
        figures = await show_figures(connection, date(2026, 9, 1))

    assert (figures["alerts"], figures["suppressed"], figures["breaches"]) == (1, 1, 0)


async def test_alarms_name_what_the_watcher_says_and_what_the_mass_guard_holds(review):
    """docs/api: operations alarms have one list (cases 8, 25, P27); each ends with its cause."""
    parked = Alarm(code="message_parked", since=NOW, detail="Messages on campus.enrollment could not be read.")
    await review.hear(alive(alarms=(parked,)), lost(held=True))
    async with review.act() as connection:
        before = [alarm["code"] for alarm in await show_alarms(connection, review.now, HOLE)]
        await release_held_alerts(connection, DIRECTOR, review.now)
    await review.hear(alive())
    async with review.act() as connection:
        after = await show_alarms(connection, review.now, HOLE)

    assert (before, after) == (["message_parked", "alerts_held"], [])


async def test_alarms_name_what_review_itself_could_not_read(review):
    """Case 67, docs/api: until somebody has decided about it."""
    record = Record("cpt.intake", 0, 5, 5, "r1", {"ce_type": "edu.umass.cpt.request-completed.v1"}, b"not JSON")
    await Delivery(review.consumer, review.database)([record])
    async with review.act() as connection:
        (alarm,) = await show_alarms(connection, review.now, HOLE)
    (parked,) = await list_parked(review.database, review.consumer.name)
    assert (alarm["code"], "cpt.intake" in alarm["detail"], "r1" in alarm["detail"]) == ("message_parked", True, False)

    await discard(review.database, review.consumer, parked["id"], "operator-1")

    async with review.act() as connection:
        assert await show_alarms(connection, review.now, HOLE) == []


async def test_alarms_name_blindness_and_a_hole_in_the_line(review):
    """P30, P11: nothing about one student."""
    await review.hear(alive(blind=["The reconciliation is overdue."]), completed("r2", 2))
    async with review.act() as connection:
        codes = [alarm["code"] for alarm in await show_alarms(connection, review.now + HOLE, HOLE)]

    assert codes == ["monitoring_blind", "line_hole"]
