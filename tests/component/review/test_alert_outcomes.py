"""What a compliance officer expects of an alert: content, people, outcomes, figures (R33)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cpt.contracts.alerts import AlertClosed, AlertEscalated, AlertRaised, ConfirmationAsked
from cpt.contracts.enrollment import QualifyingCourseReplaced
from cpt.contracts.review import StartPushedBack
from cpt.contracts.staff import AuthorizationChanged, ContactAsked
from cpt.contracts.values import EnrollmentState
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.confirm_alerts import settle_alerts
from review.alerts.delegate_alert import delegate_alert
from review.alerts.domain import AlertRefused
from review.alerts.escalate_alerts import escalate_alerts
from review.alerts.outcomes import outcome_faults
from review.alerts.show_alerts import show_alert, show_alerts, show_figures
from review.domain import Unfit
from tests.component.review.acts import issued, view
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, NOW, a_hit, checked, lost, regained

DURING = datetime(2026, 10, 1, 14, tzinfo=UTC)
ENROLLED = EnrollmentState(status="E", reason="ENRL", grade=None, units=Decimal(1))
DROPPED = EnrollmentState(status="D", reason="DROP", grade=None, units=Decimal(0))


async def confirmed(review, **fields):
    """An alert on r1, issued before, that SPIRE has confirmed during the training; returns its id."""
    await issued(review)
    review.now = DURING
    given = dict(effective_on=date(2026, 9, 30), event_time=DURING, received_at=DURING, detected_at=DURING)
    await review.hear(lost(**(given | fields)))
    review.now += timedelta(minutes=15)
    await settle_alerts(review.database, review.now)
    question = (await review.published(ConfirmationAsked))[-1].id
    await review.hear(checked(check_no=9, outcome="not_met", asked_by=[question]))
    (raised,) = await review.published(AlertRaised)
    return raised.event.alert_id


async def shown(review, alert_id):
    async with review.act() as connection:
        return await show_alert(connection, alert_id, review.now)


async def act(review, do, *arguments):
    async with review.act() as connection:
        await do(connection, *arguments, review.now)


async def close(review, alert_id, outcome, on=None, comment="", by=ADVISER):
    await act(review, close_alert, alert_id, by, Resolution(outcome, on, comment))


async def test_an_alert_carries_everything_a_person_needs_to_judge_it(review):
    """R33, content, line by line; R33: possible, never a verdict."""
    alert_id = await confirmed(
        review, previous=ENROLLED, current=DROPPED, evidence="/spire/enrollment 88123", units_after=Decimal(8),
        full_load=Decimal(9), qualifying_left=(),
    )  # fmt: skip

    alert = await shown(review, alert_id)
    student, (hit,) = alert["student"], alert["authorizations"]
    assert (student["emplid"], student["name"], student["sevis_id"]) == ("30012345", "Ana Lima", "•••••••5678")
    assert (student["acad_career"], student["program"], student["level"]) == ("GRAD", "MS Computer Science", "masters")
    assert (hit["employer"], hit["location"], hit["hours"]["time"]) == (
        "Baystate Robotics Inc.", "Springfield, MA", "part_time"
    )  # fmt: skip
    assert (hit["position"], hit["position_today"], hit["case"]) == ("running", "running", "/cases/r1")
    assert (alert["strm"], alert["class_nbr"], alert["course"]) == ("1267", "41234", "COMPSCI 698")
    assert alert["transition"]["previous"]["status"] + alert["transition"]["current"]["status"] == "ED"
    assert (alert["effective_on"], alert["received_at"], alert["detected_at"]) == (date(2026, 9, 30), DURING, DURING)
    assert (alert["actor"], alert["evidence"]) == ("self_service", "/spire/enrollment 88123")
    assert (alert["qualifying_left"], alert["load"]) == ([], {"units_after": Decimal(8), "full_load": Decimal(9)})
    assert (alert["adviser"]["sub"], alert["report_by"], alert["days_left"]) == ("adviser-1", date(2026, 10, 21), 20)
    assert "violation" not in str(alert).lower()


async def test_the_mail_to_compliance_masks_the_sevis_id_and_names_the_adviser(review):
    """R33: masked in email; to the assigned DSO and the compliance queue at once."""
    await confirmed(review)

    event = (await review.published(AlertRaised))[0].event
    assert (event.sevis_id_masked, event.assigned_adviser.email) == ("•••••••5678", "dana@umass.example")
    assert (event.program, event.level, event.learned_on_day) == ("MS Computer Science", "masters", 1)


async def test_an_alert_says_on_which_day_it_was_learned(review):
    """Case 56: learned on day 25, overdue at birth, and every rung that is due is taken at once."""
    await confirmed(review, effective_on=date(2026, 9, 6))

    assert await escalate_alerts(review.database, review.now) == 4
    alert = await shown(review, (await review.published(AlertRaised))[0].event.alert_id)
    assert (alert["learned_on_day"], alert["born_overdue"], alert["overdue"]) == (25, True, True)
    steps = [envelope.event.step for envelope in await review.published(AlertEscalated)]
    assert steps == ["day_7", "day_14", "day_18", "breach"]


async def test_the_school_cancelling_the_class_is_named_as_its_side(review):
    """Case 5: an alert with the same clock."""
    alert = await shown(review, await confirmed(review, cause="school_side"))

    assert (alert["school_side"], alert["report_by"]) == (True, date(2026, 10, 21))


@pytest.mark.parametrize("cause", ["audit", "units", "vanished", "term_withdrawn", "dropped"])
async def test_every_way_to_lose_the_course_is_an_alert_with_its_cause(review, cause):
    """Cases 3, 4, 6, 7, 10, 57: whatever took the requirement away."""
    await review.hear(lost(cause=cause))

    async with review.act() as connection:
        (alert,) = await show_alerts(connection, "suspected", None, review.now, None, "nobody")
    assert (alert["cause"], alert["severity"]) == (cause, "CRITICAL")


async def test_a_loss_before_the_start_says_until_when_sevis_takes_a_cancellation(review):
    """Case 54: HIGH, cancel possible until the day before."""
    await review.hear(lost(hits=[a_hit(position="not_started")]))

    async with review.act() as connection:
        (alert,) = await show_alerts(connection, None, None, review.now, None, "nobody")
    assert (alert["severity"], alert["authorizations"][0]["cancel_until"]) == ("HIGH", date(2026, 9, 13))


async def test_a_loss_after_the_end_is_low_and_pages_nobody_by_the_hour(review):
    """Case 53, A15: the credit was never earned, the work was authorized."""
    await review.hear(lost(hits=[a_hit(position="ended")], effective_on=date(2026, 9, 1)))
    review.now += timedelta(hours=1)
    for _ in range(2):
        await settle_alerts(review.database, review.now)
        review.now += timedelta(minutes=3)
    review.now += timedelta(days=2)

    assert await escalate_alerts(review.database, review.now) == 0
    assert [e.event.severity for e in await review.published(AlertRaised)] == ["LOW"]


async def test_a_replacement_told_by_an_older_release_is_open_too(review):
    """P26: without the named courses; the DSO is told all the same."""
    hit = a_hit()
    await review.hear(
        QualifyingCourseReplaced(
            request_id="r1", loss_id="loss-1", emplid="30012345", student_name="Ana Lima", authorizations=(hit,),
            strm="1267", previous_course="COMPSCI 698", course="COMPSCI 696", effective_on=date(2026, 9, 1),
            event_time=NOW, received_at=NOW, detected_at=NOW,
        )
    )  # fmt: skip

    async with review.act() as connection:
        (entry,) = await show_alerts(connection, None, None, review.now, None, "nobody")
    assert (entry["kind"], entry["severity"], entry["overdue"]) == ("replaced", "MEDIUM", False)
    assert (entry["state"], await review.tasks()) == ("confirmed", ["course_replaced"])
    assert [told.event.replacement for told in await review.published(AlertRaised)] == ["COMPSCI 696"]


@pytest.mark.parametrize(
    ("outcome", "on", "comment", "fields"),
    [
        ("authorized_withdrawal", None, "", {"on"}),
        ("cpt_ended_early", None, "Stopped", {"on"}),
        ("cpt_changed_in_sevis", None, "", {"on"}),
        ("reported_in_sevis", None, " ", {"on", "comment"}),
        ("reported_in_sevis", date(2026, 10, 2), "Drop below full course", {"on"}),
        ("authorized_withdrawal", date(2026, 10, 2), "", {"on"}),
        ("cpt_ended_early", date(2026, 12, 12), "", {"on"}),
        ("re_enrolled", None, "", set()),
        ("duplicate", None, "", set()),
        ("cpt_ended_early", date(2026, 10, 2), "", set()),
    ],
)
def test_each_outcome_says_what_it_must(outcome, on, comment, fields):
    """R33: dates and reasons, every fault at once; a report or an approval cannot lie in the future."""
    faults = outcome_faults(outcome, on, comment, today=date(2026, 10, 1), last_end=date(2026, 12, 11))

    assert {fault.field for fault in faults} == fields


async def test_an_outcome_without_its_date_changes_nothing(review):
    alert_id = await confirmed(review)

    with pytest.raises(Unfit):
        await close(review, alert_id, "cpt_ended_early", comment="Stopped")
    assert ((await shown(review, alert_id))["state"], await review.published(AlertClosed)) == ("confirmed", [])


@pytest.mark.parametrize(
    ("on", "canceled", "until"), [(date(2026, 10, 2), False, date(2026, 10, 2)), (date(2026, 9, 13), True, None)]
)
async def test_an_outcome_that_ends_the_training_ends_the_authorization_and_tells_the_student(
    review, on, canceled, until
):
    """P28: shortened, or canceled as a whole by a day before its start; A20: the words of staff stay with staff."""
    alert_id = await confirmed(review)
    await close(review, alert_id, "cpt_changed_in_sevis", on, "The student cried on the phone")

    (told,) = await review.published(AuthorizationChanged)
    assert (told.event.canceled, told.event.authorized_until) == (canceled, until)
    assert "cried" not in told.event.model_dump_json()
    assert told.event.reason.startswith("The authorization was c")
    assert "in SEVIS" in told.event.reason
    (closed,) = await review.published(AlertClosed)
    assert (closed.event.canceled, closed.event.authorized_until) == (canceled, until)
    standing = (await view(review))["authorization"]
    assert (standing["canceled"], standing["until"]) == (canceled, until)
    assert standing["as_issued"][0]["end_date"] == date(2026, 12, 11)


async def test_a_report_to_sevis_is_told_by_a_person_not_by_a_mail(review):
    """docs/rules.md: never auto-accuse."""
    alert_id = await confirmed(review)
    await close(review, alert_id, "reported_in_sevis", date(2026, 10, 1), "Unauthorized drop below full course")

    assert await review.published(AuthorizationChanged) == []
    alert = await shown(review, alert_id)
    assert (alert["outcome_on"], alert["outcome_comment"]) == (
        date(2026, 10, 1), "Unauthorized drop below full course"
    )  # fmt: skip


async def test_the_first_acknowledgement_stays_on_record(review):
    """R33: a named person and a time; a second one only adds a comment."""
    alert_id = await confirmed(review)
    await act(review, acknowledge_alert, alert_id, ADVISER, "Calling")
    first = review.now
    review.now += timedelta(hours=1)
    await act(review, acknowledge_alert, alert_id, COLLEAGUE, "Me too")

    alert = await shown(review, alert_id)
    assert (alert["acknowledged_by"], alert["acknowledged_at"]) == ("adviser-1", first)
    assert [note["text"] for note in alert["notes"]] == ["Calling", "Me too"]


async def test_nobody_confirms_their_own_data_error_by_proposing_it_again(review):
    """R33: two persons on a CRITICAL alert."""
    alert_id = await confirmed(review)
    await close(review, alert_id, "data_error")

    with pytest.raises(AlertRefused):
        await close(review, alert_id, "data_error", by=COLLEAGUE)
    with pytest.raises(AlertRefused) as refused:
        await act(review, confirm_outcome, alert_id, ADVISER)
    assert refused.value.code == "second_person"
    await act(review, confirm_outcome, alert_id, DIRECTOR)
    assert (await shown(review, alert_id))["outcome"] == "data_error"


async def test_an_alert_opened_again_climbs_on_from_where_it_was(review):
    """R33: the clock stops on an outcome only, and opening again starts no new one."""
    alert_id = await confirmed(review)
    await close(review, alert_id, "re_enrolled")
    await act(review, reopen_alert, alert_id, DIRECTOR, "Not so")
    review.now = datetime(2026, 10, 22, 14, tzinfo=UTC)
    await escalate_alerts(review.database, review.now)

    steps = [envelope.event.step for envelope in await review.published(AlertEscalated)]
    assert steps == ["day_7", "day_14", "day_18", "breach"]


async def test_a_confirmed_alert_is_annotated_in_both_times_when_the_course_comes_back(review):
    """Case 51: "requirement met again at …", and a person closes it."""
    alert_id = await confirmed(review)
    await review.hear(regained())

    alert = await shown(review, alert_id)
    assert (alert["state"], alert["notes"][0]["text"]) == (
        "confirmed", "Requirement met again at 2026-09-01 14:00 UTC (Sep 01, 10:00 AM Eastern)."
    )  # fmt: skip


async def test_an_alert_held_by_the_mass_guard_is_not_closed_around_the_director(review):
    """P27."""
    await review.hear(lost(held=True))
    async with review.act() as connection:
        (alert,) = await show_alerts(connection, None, None, review.now, None, "nobody")

    with pytest.raises(AlertRefused, match="mass guard"):
        await close(review, alert["alert_id"], "data_error")


async def test_the_student_is_asked_to_contact_the_office_once_a_day_without_a_verdict(review):
    """R33: a prepared notice, sent by a person."""
    alert_id = await confirmed(review, hits=[a_hit("r1"), a_hit("r2")])
    await act(review, ask_contact, alert_id, ADVISER)
    with pytest.raises(AlertRefused, match="today already"):
        await act(review, ask_contact, alert_id, COLLEAGUE)
    review.now += timedelta(days=1)
    await act(review, ask_contact, alert_id, COLLEAGUE)

    letters = [envelope.event for envelope in await review.published(ContactAsked)]
    assert [(letter.request_id, letter.sent_by.sub) for letter in letters] == [("r1", "adviser-1"), ("r1", "adviser-2")]
    assert await review.published(StartPushedBack) == []


async def test_a_suspicion_writes_to_nobody(review):
    """P26: visible, not paged."""
    await review.hear(lost())
    async with review.act() as connection:
        (alert,) = await show_alerts(connection, None, None, review.now, None, "nobody")

    with pytest.raises(AlertRefused):
        await act(review, ask_contact, alert["alert_id"], ADVISER)


async def test_an_adviser_sees_the_alerts_of_their_own_cases_and_those_entrusted_to_them(review):
    """docs/api: a DSO where assigned; R33: on leave, somebody stands in."""
    alert_id = await confirmed(review)
    async with review.act() as connection:
        seen = [
            len(await show_alerts(connection, None, None, review.now, sub, sub)) for sub in ("adviser-1", "adviser-2")
        ]
        await delegate_alert(connection, alert_id, DIRECTOR, "adviser-2", review.now)
        after = await show_alerts(connection, None, None, review.now, "adviser-2", "adviser-2")

    assert (seen, after[0]["delegates"]) == ([1, 0], ["adviser-2"])


async def test_the_months_figures_tell_delays_share_and_breaches(review):
    """R33: detection delays, time to acknowledge, time to outcome, share suppressed, breaches."""
    alert_id = await confirmed(review, detected_at=DURING + timedelta(seconds=3))
    await review.hear(lost(loss_id="loss-2", received_at=DURING, detected_at=DURING), regained(loss_id="loss-2"))
    review.now += timedelta(hours=1)
    await act(review, acknowledge_alert, alert_id, ADVISER, "")
    review.now += timedelta(hours=1)
    await close(review, alert_id, "re_enrolled")

    async with review.act() as connection:
        figures = await show_figures(connection, date(2026, 10, 1))
    assert (figures["alerts"], figures["suppressed"], figures["share_suppressed"], figures["breaches"]) == (
        1,
        1,
        0.5,
        0,
    )
    assert (figures["to_acknowledgement"], figures["to_outcome"]) == (3600, 7200)
    assert (figures["received_to_detected"], figures["effective_to_detected"] > 36_000) == (1.5, True)
