"""Questions, SPIRE reads and answers before issuance (P1–P4, P16–P21, P29, P37)."""

from datetime import date

import asyncpg
import pytest

from cpt.contracts.values import NamedCourse
from cpt.messaging import Reject
from cpt.messaging.delivery import Delivery
from enrollment_sync.store import lock_students
from tests.campus_events import as_record
from tests.component.enrollment_sync.test_http import a_cloud_event
from tests.component.enrollment_sync.told import (
    a_row,
    added,
    assigned,
    case_withdrawn,
    changed,
    denied,
    issuance,
    issued,
    submitted,
    term_withdrawn,
)
from tests.factories import enveloped

SUMMER_AND_FALL = dict(start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))


async def test_a_submitted_request_is_checked_and_answered(sync):
    """R28: the walking path."""
    await sync.shows(a_row())

    await sync.hear(submitted())
    await sync.check()

    (answer,) = await sync.answers()
    assert (answer.outcome, answer.check_no, answer.facts_version, answer.asked_by) == ("met", 1, 1, ())
    assert (answer.student.name, answer.findings[0].strm) == ("Ana Lima", "1267")


async def test_an_answer_names_every_question_that_came_before_its_read(sync):
    """P21: answered before or not."""
    await sync.shows(a_row())
    await sync.hear(submitted())

    (assignment,) = await sync.hear(assigned())
    await sync.check()
    (asked,) = await sync.hear(issuance())
    await sync.check()

    assert [answer.asked_by for answer in await sync.answers()] == [(assignment,), (assignment, asked)]


async def test_a_question_that_comes_while_spire_is_read_waits_for_the_next_read(sync):
    """P21: only what had arrived when the read began counts."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    claim = await sync.claim()

    (assignment,) = await sync.hear(assigned())
    await sync.finish(claim)
    first = await sync.answers()
    await sync.check()

    assert [answer.asked_by for answer in first] == [()]
    assert (await sync.answers())[-1].asked_by == (assignment,)


async def test_a_question_may_come_before_the_request(sync):
    """P1: topics are not ordered against each other."""
    await sync.shows(a_row())

    (assignment,) = await sync.hear(assigned(version=3))
    await sync.hear(submitted(version=2))
    await sync.check()

    (answer,) = await sync.answers()
    assert (answer.facts_version, answer.asked_by) == (3, (assignment,))


async def test_the_same_answer_is_not_given_twice(sync):
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    await sync.hear(submitted())
    await sync.check()

    assert len(await sync.answers()) == 1


async def test_a_read_for_older_facts_is_no_answer(sync):
    """P4: a check carries the facts it was read with."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    claim = await sync.claim()

    await sync.hear(submitted(version=2, **SUMMER_AND_FALL))
    await sync.finish(claim)
    await sync.check()

    assert {answer.facts_version for answer in await sync.answers()} <= {1, 2}
    assert (await sync.answers())[-1].facts_version == 2
    assert [found.strm for found in (await sync.answers())[-1].findings] == ["1265", "1267"]


async def test_each_overlapped_term_needs_its_course(sync):
    """R24, R28: Fall alone fails, and the reply names Summer."""
    await sync.shows(a_row())

    await sync.hear(submitted(**SUMMER_AND_FALL))
    await sync.check()

    (answer,) = await sync.answers()
    assert answer.outcome == "not_met"
    assert [(found.strm, found.outcome) for found in answer.findings] == [("1265", "not_met"), ("1267", "met")]


async def test_a_read_below_an_event_changes_nothing_and_is_repeated(sync):
    """P17: a lagging replica."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.hear(changed())

    await sync.check()
    before = [answer.outcome for answer in await sync.answers()]
    await sync.shows(a_row(seq=20, status="D", reason="DROP"))
    await sync.after(seconds=10)

    assert before == ["met", "pending"]
    assert (await sync.answers())[-1].outcome == "not_met"


async def test_a_replica_that_lags_for_two_minutes_cannot_determine_and_is_an_alarm(sync):
    """P17."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.hear(changed())
    await sync.check()

    for _ in range(5):
        await sync.after(seconds=40)

    assert (await sync.answers())[-1].outcome == "cannot_determine"
    assert await sync.alarms() == {"spire_stale"}


async def test_the_first_check_is_repeated_once_after_the_settling_window(sync):
    """P17: what SPIRE's read side did not show yet, and no event told."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.shows()

    await sync.after(minutes=14)
    early = len(await sync.answers())
    await sync.after(minutes=2)

    assert early == 1
    assert (await sync.answers())[-1].outcome == "not_met"
    assert await sync.rows("SELECT 1 FROM due_check") == []


async def test_a_term_that_is_added_is_settled_too(sync):
    """P17: the first check of each term added."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.after(minutes=16)

    await sync.hear(submitted(version=2, **SUMMER_AND_FALL))
    await sync.check()

    assert [row["why"] for row in await sync.rows("SELECT why FROM due_check")] == ["settling"]


async def test_spire_away_is_said_once_and_asked_again(sync):
    """P3: the question stays due."""
    await sync.shows(a_row())
    await sync.faulty("down")
    (assignment,) = await sync.hear(assigned())

    await sync.check()
    await sync.after(seconds=5)
    silent = await sync.answers()
    alarms = await sync.alarms()
    await sync.faulty("ok")
    await sync.after(seconds=61)

    assert [answer.outcome for answer in silent] == ["cannot_determine"]
    assert (alarms, await sync.alarms()) == ({"spire_away"}, set())
    assert ((await sync.answers())[-1].outcome, (await sync.answers())[-1].asked_by) == ("met", (assignment,))


async def test_a_student_whom_spire_does_not_know_cannot_be_determined(sync):
    await sync.hear(submitted(emplid="39999999"))
    await sync.check()

    assert [answer.outcome for answer in await sync.answers()] == ["cannot_determine"]


async def test_a_loss_from_an_event_closes_the_gate_and_only_a_read_makes_it_not_met(sync):
    """P20."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    await sync.hear(changed())
    at_once = [(answer.outcome, answer.findings[0].outcome) for answer in await sync.answers()]
    await sync.shows(a_row(seq=20, status="D", reason="DROP"))
    await sync.check()

    assert at_once == [("met", "met"), ("pending", "pending")]
    assert (await sync.answers())[-1].outcome == "not_met"


async def test_a_quick_re_add_before_issuance_costs_nothing(sync):
    """P20: never not met, and the question is answered again."""
    await sync.shows(a_row())
    (assignment,) = await sync.hear(assigned())
    await sync.check()

    await sync.hear(changed())
    await sync.hear(added())
    await sync.shows(a_row(seq=21))
    await sync.check()

    answers = await sync.answers()
    assert "not_met" not in {answer.outcome for answer in answers}
    assert (answers[-1].outcome, answers[-1].asked_by) == ("met", (assignment,))


async def test_a_swap_under_one_request_id_says_nothing_before_issuance(sync):
    """P24: drop and add of one enrollment request are one act."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.empty()

    await sync.hear(changed(seq=20, act="77"), added("51111", seq=21, act="77"))

    assert {answer.outcome for answer in await sync.answers()} <= {"met"}


async def test_the_last_credit_dropped_before_issuance_is_found_by_the_question(sync):
    """Case 16, R30: only 999 is left."""
    continuous = a_row("99900", subject="GRADSCH", catalog_nbr=" 999", units="0")
    await sync.shows(a_row(), continuous)
    await sync.hear(assigned())
    await sync.check()

    await sync.shows(continuous)
    (asked,) = await sync.hear(issuance())
    await sync.check()

    answer = (await sync.answers())[-1]
    assert (answer.outcome, asked in answer.asked_by) == ("not_met", True)
    assert answer.findings[0].code == "not_enrolled"
    assert "GRADSCH 999" in answer.findings[0].message


@pytest.mark.parametrize("code", [dict(status="X"), dict(reason="GONE"), dict(action="Z")])
async def test_an_unknown_code_is_refused_by_name(sync, code):
    """Case 8."""
    await sync.hear(submitted())

    with pytest.raises(Reject, match=f"unknown {next(iter(code))} '{next(iter(code.values()))}'"):
        await sync.hear(changed(**code))


async def test_every_unknown_code_of_a_message_is_named_at_once(sync):
    """Case 8."""
    with pytest.raises(Reject, match=r"status 'X'.*reason 'GONE'.*action 'Z'"):
        await sync.hear(changed(status="X", reason="GONE", action="Z"))
    with pytest.raises(Reject, match="withdraw_code 'Q'"):
        await sync.hear(term_withdrawn(code="Q"))


async def test_a_row_whose_code_is_unknown_proves_neither(sync):
    """Case 8, P29: neither enrolled nor withdrawn is assumed; the rows that are known decide where they can."""
    await sync.shows(a_row(status="X"))
    await sync.hear(submitted(courses=(NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698"),)))
    await sync.check()
    await sync.shows(a_row(status="X"), a_row("51111"))
    await sync.after(seconds=61)

    assert [answer.outcome for answer in await sync.answers()] == ["cannot_determine", "met"]


async def test_a_parked_message_makes_a_check_due_and_is_shown(sync):
    """P29."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    event = a_cloud_event()
    event["data"]["current"]["status"] = "X"

    await Delivery(sync.consumer, sync.database)([as_record(event, "campus.enrollment", "30012345", 0)])
    await sync.check()

    flags = [{flag.code for flag in answer.flags} for answer in await sync.answers()]
    assert ["student_blind" in codes for codes in flags] == [False, True]


@pytest.mark.parametrize("end", [denied, case_withdrawn])
async def test_a_case_that_ends_ends_the_watch_and_forgets_the_rows(sync, end):
    """P16, case 58: in either order of arrival."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    await sync.hear(end())
    await sync.hear(submitted(version=2))
    await sync.check()

    assert await sync.rows("SELECT 1 FROM enrollment_row") == []
    assert len(await sync.answers()) == 1


async def test_an_end_before_the_beginning_is_remembered(sync):
    """P1: CaseWithdrawn comes first."""
    await sync.hear(case_withdrawn())
    await sync.hear(submitted())
    await sync.check()

    assert await sync.answers() == []


async def test_an_issued_i20_wins_over_a_withdrawal_in_either_order(sync):
    """P8."""
    await sync.shows(a_row())
    await sync.hear(case_withdrawn(), issued())
    await sync.hear(case_withdrawn())

    assert [row["state"] for row in await sync.rows("SELECT state FROM watch")] == ["open"]


async def test_nothing_is_kept_of_a_student_nobody_watches(sync):
    """Case 58."""
    await sync.hear(changed(emplid="39999999"))

    assert await sync.rows("SELECT emplid FROM student UNION SELECT emplid FROM registrar_event") == []


async def test_a_result_without_the_lease_is_not_written(sync):
    """P37."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    claim = await sync.claim()
    async with sync.database.transaction() as connection:
        await connection.execute("UPDATE due_check SET lease_until = now() - interval '1 second'")

    await sync.finish(claim)

    assert await sync.answers() == []
    assert len(await sync.rows("SELECT 1 FROM due_check")) == 1


async def test_who_judges_a_student_waits_for_whoever_judges_them_already(sync):
    """P16: also for an event that turns out to tell nothing new."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    async with sync.database.transaction() as first, sync.database.transaction() as second:
        await lock_students(first, ["30012345"])
        await second.execute("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await sync.consumer.handle(second, [enveloped(changed(seq=1), "late")])


async def test_an_answer_that_stays_open_is_asked_for_with_growing_pauses(sync):
    """P3: with back-off."""
    await sync.shows(a_row(status="X"))
    await sync.hear(submitted())
    await sync.check()
    for _ in range(8):
        await sync.after(seconds=3)

    (row,) = await sync.rows("SELECT max(attempts) AS attempts FROM due_check WHERE why <> 'settling'")
    assert row["attempts"] > 2


async def test_the_alarm_about_a_lagging_replica_ends_with_it(sync):
    """P17."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.hear(changed())
    for _ in range(5):
        await sync.after(seconds=40)

    await sync.shows(a_row(seq=30))
    await sync.after(seconds=61)

    assert await sync.alarms() == set()


async def test_what_spire_had_told_is_remembered_after_the_rows_are_forgotten(sync):
    """P17: the sequence never falls, for a later watch either."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()
    await sync.hear(changed(seq=50))
    await sync.hear(case_withdrawn())

    await sync.hear(submitted("r2"))
    await sync.check()

    assert [answer.outcome for answer in await sync.answers("r2")] == []
