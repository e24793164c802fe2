"""What is lost after issuance, told once, with all it hits (P22, P24–P28)."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count, permutations

import pytest

from cpt.contracts.enrollment import QualifyingCourseReplaced
from cpt.contracts.values import CoopContract, NamedCourse, Segment
from enrollment_sync.consumer import build_consumer
from tests.component.enrollment_sync.told import (
    FALL,
    a_row,
    added,
    alert_closed,
    authorization_changed,
    changed,
    confirmation,
    course_confirmed,
    issued,
    submitted,
    term_withdrawn,
)

SUMMER = Segment(strm="1265", start_date=date(2026, 8, 3), end_date=date(2026, 8, 21))
BOTH = tuple(NamedCourse(strm=strm, subject="COMPSCI", catalog_nbr="698") for strm in ("1265", "1267"))
TWO_TERMS = dict(start_date=date(2026, 8, 3), end_date=date(2026, 12, 11), courses=BOTH)


async def test_a_drop_is_told_at_once_with_its_evidence(sync):
    """R32, P22: suspected within seconds."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(changed(), ids=["ev-1"])

    (loss,) = await sync.losses()
    assert (loss.cause, loss.class_nbr, loss.course, loss.strm) == ("dropped", "41234", "COMPSCI 698", "1267")
    assert (loss.previous.status, loss.current.status, loss.current.reason) == ("E", "D", "DROP")
    assert loss.effective_on == date(2026, 9, 20)
    assert "ev-1" in loss.evidence
    assert (loss.student_name, loss.authorizations[0].employer) == ("Ana Lima", "Baystate Robotics Inc.")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (changed(status="E", reason="ENRL", units="1.00", grading_basis="AUD", action="M"), "audit"),  # case 3
        (changed(status="E", reason="ENRL", units="0.00", action="M"), "units"),  # case 4
        (changed(reason="CANC"), "school_side"),  # case 5
        (changed(reason="ADRP"), "school_side"),  # case 5
        (changed(status="E", reason="WDRW", grade="W", units="1.00"), "withdrawn"),
        (term_withdrawn(), "term_withdrawn"),  # case 6
    ],
)
async def test_each_way_to_lose_the_course_is_told_with_its_cause(sync, change, cause):
    """Cases 3 to 6: the cause is evidence, no verdict (R33)."""
    await sync.shows(a_row(units="3.00"))
    await sync.issue()

    await sync.hear(change)

    assert [loss.cause for loss in await sync.losses()] == [cause]


@pytest.mark.parametrize(
    "change",
    [
        changed(status="E", reason="ENRL", units="1.00", action="M"),  # case 4: from 3 units to 1
        changed("41299", component="LAB", primary_class_nbr="41234"),  # case 7
        changed(strm="1271"),  # case 9: the same class number in another term
        changed(emplid="39999999"),  # case 9: another student
        term_withdrawn(code="NWD"),
        changed(status="E", reason="ENRL", grade="INC", units="3.00", action="A"),  # case 59
    ],
)
async def test_what_takes_nothing_away_is_no_loss(sync, change):
    """Cases 4, 7, 9, 59."""
    await sync.shows(a_row(units="3.00"), a_row("41299", component="LAB", primary_class_nbr="41234", units="0"))
    await sync.issue()

    await sync.hear(change)

    assert await sync.losses() == []


async def test_the_primary_section_decides_though_the_lab_stays(sync):
    """Case 7."""
    await sync.shows(a_row(), a_row("41299", component="LAB", primary_class_nbr="41234", units="0"))
    await sync.issue()

    await sync.hear(changed(status="E", reason="WDRW", grade="W", units="1.00"))

    assert len(await sync.losses()) == 1


async def test_a_row_that_vanished_is_found_by_the_snapshot(sync):
    """Case 10, P19: the snapshot changes nothing, its difference makes a check due."""
    await sync.shows(a_row(), a_row("41299", component="LAB", primary_class_nbr="41234", units="0"))
    await sync.issue()
    await sync.shows(a_row("41299", component="LAB", primary_class_nbr="41234", units="0"))

    run = await sync.reconcile()

    assert (run["outcome"], run["differences"]) == ("compared", 1)
    assert [loss.cause for loss in await sync.losses()] == ["vanished"]


async def test_a_loss_in_the_last_moment_is_told_when_the_i20_is_issued(sync):
    """P22: an alert, never a silence."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.hear(changed())
    await sync.empty()

    await sync.hear(issued())

    assert len(await sync.losses()) == 1


async def test_a_silent_loss_before_issuance_is_found_by_the_check_it_makes_due(sync):
    """P22: no event told of it."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.shows()

    await sync.hear(issued())
    at_once = await sync.losses()
    await sync.check()

    assert (at_once, len(await sync.losses())) == ([], 1)


async def test_the_same_drop_learned_twice_is_one_loss(sync):
    """P25: by its event, and by a read."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(changed())
    await sync.shows(a_row(seq=20, status="D", reason="DROP"))
    await sync.hear(confirmation())
    await sync.check()
    await sync.hear(changed(), ids=["the same, over another way"])

    assert len(await sync.losses()) == 1


async def test_two_authorizations_on_one_course_are_one_loss(sync):
    """Case 55, P25: one loss, told once for each request, naming both."""
    await sync.shows(a_row())
    await sync.issue("r1", "r2")

    await sync.hear(changed())

    losses = await sync.losses()
    assert len({loss.loss_id for loss in losses}) == 1
    assert [loss.request_id for loss in losses] == ["r1", "r2"]
    assert all({hit.request_id for hit in loss.authorizations} == {"r1", "r2"} for loss in losses)


async def test_a_suspicion_of_two_authorizations_closes_for_both(sync):
    """P25: only when all are regained, and by a read begun after the re-add arrived."""
    await sync.shows(a_row())
    await sync.issue("r1", "r2")

    await sync.hear(changed())
    await sync.hear(added())
    await sync.shows(a_row(seq=21))
    await sync.check()

    regained = {request_id for event in await sync.regains() for request_id in event.request_ids}
    assert regained == {"r1", "r2"}
    assert [row["state"] for row in await sync.rows("SELECT state FROM loss")] == ["regained"]


async def test_drop_and_re_add_delivered_in_reverse_and_twice_end_enrolled(sync):
    """Cases 50, 85, P25, P26: the event alone annotates; the suspicion closes by a read begun after it."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(added(seq=21), ids=["add"])
    await sync.hear(changed(seq=20), ids=["drop"])

    losses, regained = await sync.losses(), await sync.regains()
    assert len(losses) == 1
    assert [(event.loss_id, event.by) for event in regained] == [(losses[0].loss_id, "re_added")]
    assert len(await sync.rows("SELECT 1 FROM loss WHERE state = 'open'")) == 1
    await sync.shows(a_row(seq=21))
    await sync.check()
    assert await sync.rows("SELECT 1 FROM loss WHERE state = 'open'") == []
    assert [event.confirmed_by_read for event in await sync.regains()] == [False, True]


async def test_in_one_batch_the_order_is_that_of_the_sequence(sync):
    """P24: add before drop in the batch, drop before add in SPIRE."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(added(seq=21), changed(seq=20))

    assert [type(event).__name__ for event in await sync.published()] == ["RequirementLost", "RequirementRegained"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_batch_tells_the_same_in_whatever_order_it_came(sync, order):
    """P24: dropped, added and dropped again are a loss, its end and another loss."""
    await sync.shows(a_row())
    await sync.issue()
    happened = [changed(seq=20), added(seq=21), changed(seq=22)]

    await sync.hear(*(happened[at] for at in order))

    told = [type(event).__name__ for event in await sync.published()]
    assert told == ["RequirementLost", "RequirementRegained", "RequirementLost"]


async def test_a_swap_under_one_request_id_is_open_until_a_dso_confirms_it(sync):
    """P24, P26, A24, case 74: another course took its place; confirmed, it is the one that is watched."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(added("51111", seq=21, act="77", catalog_nbr=" 696"), changed(seq=20, act="77"))

    (notice,) = await sync.published(QualifyingCourseReplaced)
    assert await sync.losses() == []
    assert (notice.previous_course, notice.course) == ("COMPSCI 698", "COMPSCI 696")
    assert (notice.replaced.class_nbr, notice.replacement.class_nbr) == ("41234", "51111")

    await sync.hear(course_confirmed(notice.replacement, loss_id=notice.loss_id))
    assert await sync.losses() == []
    await sync.hear(changed("51111", seq=22, catalog_nbr=" 696"))
    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 696"]


async def test_a_swap_in_two_steps_closes_the_suspicion_by_a_read(sync):
    """A24, P25, P26: added within the settling window; the suspicion gives way to the question for the DSO."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(changed(seq=20))
    await sync.hear(added("51111", seq=21, catalog_nbr=" 696"))
    assert [(event.by, event.confirmed_by_read) for event in await sync.regains()] == [("swapped", False)]
    gone = a_row(seq=20, status="D", reason="DROP", units="0.00", effective_dt="2026-09-20")
    await sync.shows(gone, a_row("51111", seq=21, catalog_nbr=" 696", effective_dt="2026-09-20"))
    await sync.check()

    assert [(event.by, event.confirmed_by_read) for event in await sync.regains()][1:] == [("swapped", True)]
    assert [event.course for event in await sync.published(QualifyingCourseReplaced)] == ["COMPSCI 696"]


async def test_dropped_again_is_a_new_loss(sync):
    """Case 51: not the old one reopened."""
    await sync.shows(a_row())
    await sync.issue()

    for seq in (20, 22):
        await sync.hear(changed(seq=seq))
        await sync.hear(added(seq=seq + 1))

    assert len({loss.loss_id for loss in await sync.losses()}) == 2
    assert len(await sync.regains()) == 2


@pytest.mark.parametrize(
    ("today", "effective", "position"),
    [
        ("2026-09-10", "2026-09-13", "not_started"),
        ("2026-09-14", "2026-09-13", "running"),  # case 76: whoever works today is running
        ("2026-09-20", "2026-09-01", "running"),
        ("2026-09-20", "2026-12-11", "running"),
        ("2026-12-20", "2026-12-10", "running"),  # days were worked without a basis
        ("2026-12-20", "2026-12-12", "ended"),
    ],
)
async def test_the_position_is_that_of_the_days_from_the_effective_date_to_today(sync, today, effective, position):
    """Cases 53, 76, A25, P16: in either order, any authorized day between them makes it running."""
    await sync.shows(a_row())
    await sync.issue()
    sync.now = datetime.fromisoformat(f"{today}T14:00:00Z")

    await sync.hear(changed(effective_dt=effective))

    (loss,) = await sync.losses()
    assert loss.authorizations[0].position == position


async def test_a_later_terms_class_is_judged_by_its_own_segment(sync):
    """Case 54: the summer runs, the fall has not begun."""
    await sync.shows(a_row("11111", strm="1265"), a_row())
    await sync.hear(submitted(**TWO_TERMS))
    await sync.check()
    await sync.hear(issued(segments=(SUMMER, FALL), **TWO_TERMS))
    await sync.check()

    sync.now = datetime(2026, 8, 12, 14, tzinfo=UTC)
    await sync.hear(changed(effective_dt="2026-08-10"))

    (loss,) = await sync.losses()
    assert (loss.strm, loss.authorizations[0].position) == ("1267", "not_started")


async def test_a_coops_own_row_is_watched_like_any_other(sync):
    """Case 57, A13: it carries no credit."""
    coop = dict(
        route="coop",
        courses=(NamedCourse(strm="1267", subject="UMASS", catalog_nbr="398C"),),
        coop=CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11)),
    )
    row = dict(subject="UMASS", catalog_nbr=" 398C", units="0.00", acad_career="UGRD")
    await sync.shows(a_row(**row))
    await sync.issue(**coop)

    await sync.hear(changed(**row))

    assert [loss.authorizations[0].position for loss in await sync.losses()] == ["running"]


async def test_the_event_time_is_never_after_the_receipt(sync):
    """P24: min(time, received); a registrar whose clock runs ahead."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(changed())

    (loss,) = await sync.losses()
    assert loss.event_time <= loss.received_at <= loss.detected_at


async def test_a_loss_is_detected_after_its_event_was_received_though_the_batch_began_before(sync):
    """R33: detection delays are never below zero, by a clock that runs on between two looks at it."""
    await sync.shows(a_row())
    await sync.issue()
    looks = count()
    sync.consumer = build_consumer(lambda: sync.now + timedelta(microseconds=next(looks)))

    await sync.hear(changed())

    (loss,) = await sync.losses()
    assert loss.received_at <= loss.detected_at


async def test_a_confirmation_is_answered_by_a_read_that_begins_after_it(sync):
    """P26."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(changed())
    await sync.shows(a_row(seq=20, status="D", reason="DROP"))

    (asked,) = await sync.hear(confirmation())
    await sync.check()

    answer = (await sync.answers())[-1]
    assert (answer.outcome, asked in answer.asked_by) == ("not_met", True)


async def test_a_canceled_authorization_is_watched_no_longer(sync):
    """P28."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(alert_closed(canceled=True))
    await sync.hear(changed())

    assert await sync.losses() == []


async def test_a_shortened_authorization_ends_where_the_outcome_says(sync):
    """P28: a drop after it is one after the end."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(alert_closed(until=date(2026, 9, 18), outcome="cpt_ended_early"))
    await sync.hear(changed())

    (loss,) = await sync.losses()
    assert (loss.authorizations[0].position, loss.authorizations[0].segments[-1].end_date) == (
        "ended",
        date(2026, 9, 18),
    )


async def test_a_loss_tells_what_is_left_of_the_term(sync):
    """R33: other qualifying courses, units after against the full-load line."""
    await sync.shows(
        a_row(), a_row("41235", seq=9, catalog_nbr=" 501", units="3.00", component="LEC", grading_basis="AUD")
    )
    await sync.issue()

    await sync.hear(changed())

    (loss,) = await sync.losses()
    assert (loss.qualifying_left, loss.units_after, loss.full_load) == ((), 0, 9)


async def test_an_authorization_canceled_at_the_desk_is_watched_no_longer(sync):
    """X11, P28: outside of an alert."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(authorization_changed())
    await sync.hear(changed())

    assert await sync.losses() == []


async def test_an_authorization_shortened_at_the_desk_ends_there(sync):
    """P28: a drop after the new end is LOW."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(authorization_changed(until=date(2026, 9, 18)))
    await sync.hear(changed())

    assert [loss.authorizations[0].position for loss in await sync.losses()] == ["ended"]


@pytest.mark.parametrize("shorten", [authorization_changed, partial(alert_closed, outcome="cpt_ended_early")])
async def test_a_shortened_authorization_rests_on_no_later_term(sync, shorten):
    """P28: the summer's end is the end, so the class of the fall carries nothing any more."""
    await sync.shows(a_row("11111", strm="1265"), a_row())
    await sync.hear(submitted(**TWO_TERMS))
    await sync.check()
    await sync.hear(issued(segments=(SUMMER, FALL), **TWO_TERMS))
    await sync.check()

    await sync.hear(shorten(until=date(2026, 8, 20)))
    await sync.hear(changed(effective_dt="2026-08-19"))
    assert await sync.losses() == []

    await sync.hear(changed("11111", 30, strm="1265", effective_dt="2026-08-19"))
    assert [loss.strm for loss in await sync.losses()] == ["1265"]


async def test_an_older_authorization_is_history(sync):
    """P1: the versions rise, the topics are not ordered."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(issued(version=3))

    await sync.hear(issued(version=2))

    (row,) = await sync.rows("SELECT issued ->> 'authorization_version' AS version FROM watch")
    assert row["version"] == "3"


async def test_a_burst_of_losses_is_held(sync):
    """P27: more students than are likely at once."""
    students = [f"3010{number:04}" for number in range(13)]
    for number, emplid in enumerate(students):
        await sync.shows(a_row(), emplid=emplid)
        await sync.hear(submitted(f"r{number}", emplid=emplid))
    await sync.check()
    await sync.hear(*(issued(f"r{number}", emplid=emplid) for number, emplid in enumerate(students)))

    await sync.hear(*(changed(emplid=emplid) for emplid in students))

    held = [loss.held for loss in await sync.losses()]
    assert (len(held), held[0], held[-1]) == (13, False, True)


async def test_a_training_that_never_begins_leaves_the_watch_standing(sync):
    """P28: shortened to a day before its start; the next drop must not stop the student's messages."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(alert_closed(until=date(2026, 9, 1), outcome="cpt_ended_early"))

    await sync.hear(changed())
