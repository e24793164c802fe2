"""What an alert says and how bad it is: kinds, sentences, order, and who may close a suspicion."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cpt.contracts.alerts import AlertRaised, ConfirmationAsked
from cpt.contracts.enrollment import StudentMonitoringBlind, StudentMonitoringRestored
from cpt.contracts.intake import AgreementsReadable, AgreementsUnreadable
from review.alerts.confirm_alerts import settle_alerts
from review.alerts.escalate_alerts import escalate_alerts
from review.alerts.show_alerts import show_alerts
from tests.component.review.acts import issued, view
from tests.component.review.conftest import NOW
from tests.factories import a_hit, checked, lost, regained

LEFT = ("COMPSCI 514", "COMPSCI 520", "COMPSCI 589")


async def board(review, reader=None):
    async with review.act() as connection:
        return await show_alerts(connection, None, None, review.now, None, reader)


@pytest.mark.parametrize(
    ("fields", "position", "kind", "severity", "sentence"),
    [
        (
            {"other_courses": LEFT}, "running", "enrollment", "CRITICAL",
            "COMPSCI 698 dropped; still enrolled in COMPSCI 514, COMPSCI 520, COMPSCI 589.",
        ),
        (
            {"kind": "load", "cause": "below_full_load", "course": "COMPSCI 589", "units_after": Decimal("6.00"),
             "full_load": Decimal("9.00")}, "running", "load", "LOW",
            "COMPSCI 589 dropped; 6 units are left, a full load is 9. The course of the CPT is untouched.",
        ),
        (
            {"kind": "status", "cause": "program_end", "course": None}, "running", "status", "CRITICAL",
            "The program now ends before the authorized end of the CPT, as of September 1, 2026.",
        ),
        (
            {"kind": "status", "cause": "degree_completed", "course": None}, "not_started", "status", "HIGH",
            "The degree is completed, as of September 1, 2026.",
        ),
        (
            {"unnamed": True, "course": "COMPSCI 514"}, "running", "enrollment", "MEDIUM",
            "COMPSCI 514 dropped; the course this CPT rests on has not been named, so it may be this one.",
        ),
    ],
)  # fmt: skip
async def test_each_kind_has_its_severity_and_a_sentence_that_is_true(
    review, fields, position, kind, severity, sentence
):
    """Cases 71, 72, 82, A23, A25, A32, A33."""
    await review.hear(lost(hits=[a_hit(position=position)], **fields))

    (alert,) = await board(review)
    assert (alert["kind"], alert["severity"], alert["sentence"]) == (kind, severity, sentence)


async def test_overdue_sorts_above_severity(review):
    """A25, case 76: what is late burns first, whatever it is."""
    await review.hear(
        lost("a", hits=[a_hit(position="running")]),
        lost("b", hits=[a_hit(position="ended")], effective_on=date(2026, 8, 1)),
    )

    assert [(alert["loss_id"], alert["overdue"]) for alert in await board(review)] == [("b", True), ("a", False)]


async def test_a_message_that_says_it_was_added_again_only_annotates(review):
    """P25: what comes from outside is believed when a SPIRE read says so too."""
    await review.hear(lost(), regained(confirmed_by_read=False))
    (alert,) = await board(review)
    assert (alert["state"], len(alert["notes"])) == ("suspected", 1)

    await review.hear(regained(by="read"))
    assert [alert["state"] for alert in await board(review)] == ["closed"]


@pytest.mark.parametrize(
    ("fields", "outcome", "state"),
    [
        ({"kind": "load", "cause": "below_full_load"}, "met", "confirmed"),
        ({"kind": "status", "cause": "program_end"}, "met", "confirmed"),
        ({"unnamed": True}, "met", "confirmed"),
        ({"cause": "reported"}, "met", "confirmed"),
        ({}, "met", "suspected"),
        ({"kind": "load", "cause": "below_full_load"}, "not_met", "confirmed"),
        ({"kind": "status", "cause": "program_end"}, "not_met", "confirmed"),
        ({"unnamed": True}, "not_met", "confirmed"),
        ({"cause": "reported"}, "not_met", "confirmed"),
        ({}, "not_met", "confirmed"),
    ],
)
async def test_a_read_that_finds_the_named_course_speaks_only_for_the_named_course(review, fields, outcome, state):
    """P26, A32, A33, case 81: a *met* leaves every loss of another kind standing, and calls no answer silence."""
    await review.hear(lost(**fields))
    await settled(review, outcome)

    (alert,) = await board(review)
    assert (alert["state"], alert["closed_reason"]) == (state, None)
    assert len(await review.published(AlertRaised)) == (state == "confirmed")
    assert alert["confirmed_without_spire"] in (None, False)
    assert any("says that they left it" in note["text"] for note in alert["notes"]) == (
        fields.get("cause") == "reported" and outcome == "met"
    )


async def settled(review, outcome):
    """The window has passed, and SPIRE has answered."""
    review.now += timedelta(hours=1)
    await settle_alerts(review.database, review.now)
    question = (await review.published(ConfirmationAsked))[-1].id
    await review.hear(checked(outcome=outcome, check_no=5, asked_by=[question]))


@pytest.mark.parametrize("fields", [{"kind": "load"}, {"kind": "status"}, {"unnamed": True}, {"cause": "reported"}])
async def test_no_kind_of_loss_is_ended_by_an_event_alone(review, fields):
    """P25: the watch of the other kinds is annotated by a message as well, and then confirmed."""
    await review.hear(lost(**fields), regained(confirmed_by_read=False))
    await settled(review, "met")

    (alert,) = await board(review)
    assert (alert["state"], len(await review.published(AlertRaised))) == ("confirmed", 1)


async def test_a_drop_that_the_student_had_reported_pages_once(review):
    """Case 81: the alert with SPIRE's evidence stays; the report stays listed, closed as its duplicate."""
    await review.hear(lost("told", cause="reported"), lost("shown"))
    await settled(review, "not_met")

    shown = {alert["loss_id"]: (alert["state"], alert["outcome"]) for alert in await board(review)}
    assert shown == {"shown": ("confirmed", None), "told": ("closed", "duplicate")}
    assert len(await review.published(AlertRaised)) == 1


@pytest.mark.parametrize(
    "fields",
    [{"strm": "1273"}, {"request_id": "r2"}, {"held": True}, {"unnamed": True}, {"kind": "load"}, {"kind": "status"}],
)
async def test_a_report_is_joined_by_nothing_that_may_be_something_else(review, fields):
    """Case 81: another term, another request, what the mass guard holds, and what may be another course."""
    await review.hear(lost("told", cause="reported"), lost("shown", **fields))

    assert {alert["state"] for alert in await board(review)} == {"suspected"}


async def test_a_report_that_paged_already_stays_with_whoever_has_it(review):
    """Case 81: the drop that SPIRE shows later has evidence, a day and a severity of its own."""
    await review.hear(lost("told", cause="reported"))
    await settled(review, "met")
    await review.hear(lost("shown"))

    assert {alert["loss_id"]: alert["state"] for alert in await board(review)} == {
        "told": "confirmed",
        "shown": "suspected",
    }


async def test_nobody_sees_an_alert_about_themselves_on_the_board(review):
    """A31."""
    await review.hear(lost())

    assert (len(await board(review)), await board(review, "30012345")) == (1, [])


def blind(*unread):
    return StudentMonitoringBlind(request_id="r1", emplid="30012345", since=NOW, unread=unread)


async def test_blindness_for_a_student_shows_on_case_board_and_work_list(review, web):
    """P29: with what could not be read, until it can be read again."""
    await issued(review)
    await review.hear(blind("status X"))
    async with web("director") as director:
        pages = [(await director.get(path)).text for path in ("/cases/r1", "/alerts", "/tasks")]
    assert ["status X" in page for page in pages] == [True] * 3

    await review.hear(blind("status X"), blind("status X", "reason ZAP"))
    assert [task["code"] for task in (await view(review))["tasks"]] == ["blind_for_student"]
    assert "reason ZAP" in (await view(review))["tasks"][0]["message"]

    await review.hear(StudentMonitoringRestored(request_id="r1", emplid="30012345", at=NOW))
    shown = await view(review)
    assert (shown["blind"], shown["tasks"]) == (None, [])


async def test_a_loss_before_the_start_becomes_critical_when_the_cpt_begins(review):
    """A25: the span reaches to today; the ladder for CRITICAL counts from then on."""
    await issued(review)
    await review.hear(lost(hits=[a_hit(position="not_started")]))
    for minutes in (16, 3):
        review.now += timedelta(minutes=minutes)
        await settle_alerts(review.database, review.now)
    await escalate_alerts(review.database, review.now)
    before = (await board(review))[0]["severity"]
    review.now = datetime(2026, 9, 14, 13, tzinfo=UTC)
    await escalate_alerts(review.database, review.now)

    (alert,) = await board(review)
    assert (before, alert["severity"], alert["notes"][-1]["text"]) == (
        "HIGH", "CRITICAL", "The CPT has begun: the alert is critical now."
    )  # fmt: skip


async def test_blindness_by_either_source_is_shown_and_what_is_left_of_it_stays(review, web):
    """P29: whichever service could not read; one task names everything, and what can be read again leaves it."""
    await issued(review)
    odd = AgreementsUnreadable(request_id="r1", emplid="30012345", since=NOW, unread=("status half approved",))
    await review.hear(blind("status X"), odd)

    shown = await view(review)
    assert shown["blind"]["unread"] == ["status X", "status half approved"]
    assert "the student's classes in SPIRE and the agreement in Handshake" in shown["tasks"][0]["message"]
    async with web("director") as director:
        board = (await director.get("/alerts")).text
    assert "look in SPIRE yourself" in board
    assert "look in Handshake yourself" in board

    await review.hear(StudentMonitoringRestored(request_id="r1", emplid="30012345", at=NOW))
    shown = await view(review)
    assert shown["blind"]["unread"] == ["status half approved"]
    assert "SPIRE" not in shown["tasks"][0]["message"]

    await review.hear(AgreementsReadable(request_id="r1", emplid="30012345", at=NOW))
    shown = await view(review)
    assert (shown["blind"], shown["tasks"]) == (None, [])
