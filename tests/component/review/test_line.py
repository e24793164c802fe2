"""The line: strictly in order of arrival, over all advisers, whatever arrives when (R51, A5, P2, P3, P10–P14)."""

import asyncio
import random
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.review import CaseAssigned, CaseGivenBack, CaseWithdrawn, ReturnReason
from cpt.messaging import Reject
from cpt.messaging.delivery import Delivery
from review.alerts.show_alerts import show_alarms
from review.cases.approve_case import Approval, approve_case
from review.cases.decide_case import return_case
from review.cases.hand_over_case import give_back_case, reassign_case
from review.cases.ownership import lock_any_case
from review.cases.show_case import show_case
from review.domain import Refused
from review.line.assign_next_case import assign_next_case
from review.line.pass_over_missing_number import pass_over_missing_number
from review.line.prove_line import prove_line, violations
from review.line.show_line import list_assignments, show_line
from tests.component.review.conftest import HOLD
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, NOW, checked, completed, facts, held, withdrawn
from tests.messages import a_record


async def take(review, adviser=ADVISER, key=None):
    async with review.act() as connection:
        return await assign_next_case(connection, adviser, key, review.now)


async def give_back(review, request_id, adviser=ADVISER):
    async with review.act() as connection:
        await give_back_case(connection, request_id, adviser, "I know this student", review.now)


async def complete_and_met(review, *numbers):
    for number in numbers:
        await review.hear(checked(f"r{number}"), completed(f"r{number}", number))


async def test_cases_go_out_in_order_of_their_numbers(review):
    """R51, R52."""
    await complete_and_met(review, 3, 1, 2)

    assert [await take(review, adviser) for adviser in (ADVISER, COLLEAGUE, ADVISER)] == ["r1", "r2", "r3"]
    assert await take(review) is None


async def test_a_missing_number_holds_the_line(review):
    """P11: number 2 is known, number 1 has not arrived."""
    await complete_and_met(review, 2)

    assert await take(review) is None
    await complete_and_met(review, 1)
    assert [await take(review), await take(review)] == ["r1", "r2"]


async def test_a_pending_number_holds_the_line_for_its_time_and_then_goes_out_unverified_in_its_place(review):
    """A4, P11."""
    await review.hear(completed("r1", 1))
    await complete_and_met(review, 2)

    assert await take(review) is None
    review.now += HOLD
    assert [await take(review), await take(review)] == ["r1", "r2"]
    assert (await review.case("r1")).unverified
    assert not (await review.case("r2")).unverified


async def test_a_number_waits_only_on_a_met_for_the_same_facts_and_as_new_as_intake_had_seen(review):
    """P3, P4."""
    await review.hear(checked(check_no=1), completed(check_no=2))
    assert (await review.number()).state == "pending"
    await review.hear(checked(check_no=2, facts_version=2))
    assert (await review.number()).state == "pending"
    await review.hear(checked(check_no=3))
    assert (await review.number()).state == "waiting"


@pytest.mark.parametrize("outcome", ["not_met", "cannot_determine", "pending"])
async def test_an_answer_that_is_no_met_makes_a_waiting_number_pending_and_gives_nothing_up(review, outcome):
    """P2, P3: only intake gives a number up."""
    await complete_and_met(review, 1)
    await review.hear(checked(check_no=2, outcome=outcome))

    assert (await review.number()).state == "pending"


async def test_an_older_check_changes_nothing(review):
    """P1."""
    await complete_and_met(review, 1)
    await review.hear(checked(check_no=5), checked(check_no=4, outcome="not_met"))

    assert (await review.number()).state == "waiting"


async def test_a_held_request_gives_its_number_up_and_the_next_one_follows(review):
    """P2: the holder's token dies."""
    await complete_and_met(review, 1, 2)
    await take(review)

    await review.hear(held("r1", 1))

    case = await review.case("r1")
    assert (case.state, case.holder, (await review.number(1)).state) == ("returned", None, "void")
    assert await take(review) == "r2"


async def test_a_new_round_voids_the_old_number_even_when_its_hold_comes_late(review):
    """P2, P5."""
    await complete_and_met(review, 1)
    await review.hear(completed("r1", 2, round=2), held("r1", 1, round=1))

    assert [(await review.number(n)).state for n in (1, 2)] == ["void", "waiting"]
    assert (await review.case()).round == 2


async def test_a_void_number_is_never_revived(review):
    """P2: the completion comes after the hold of its own round was handled."""
    await review.hear(held("r1", 1), completed("r1", 1, round=1))

    assert (await review.number()).state == "void"
    assert await take(review) is None


async def test_the_office_erred_and_the_same_number_takes_its_old_place_without_a_new_hold(review):
    """P7, A3."""
    await complete_and_met(review, 1, 2)
    await take(review)
    async with review.act() as connection:
        await return_case(connection, "r1", ADVISER, [ReturnReason(text="Wrong file")], review.now, office_error=True)
    first_hold = (await review.number(1)).hold_until
    review.now += timedelta(minutes=5)

    await review.hear(completed("r1", 1, round=2, reinstated=True))

    assert ((await review.number(1)).state, (await review.number(1)).hold_until) == ("waiting", first_hold)
    assert await take(review, COLLEAGUE) == "r1"


async def test_a_number_given_back_is_handed_out_first_again_but_not_to_the_one_who_gave_it_back(review):
    """P12, case 38."""
    await complete_and_met(review, 1, 2, 3)
    await take(review)
    await give_back(review, "r1")

    assert await take(review, ADVISER) == "r2"
    assert await take(review, COLLEAGUE) == "r1"
    assert len(await review.published(CaseGivenBack)) == 1


async def test_giving_back_does_not_renew_the_hold(review):
    """P11: once."""
    await review.hear(completed("r1", 1))
    review.now += HOLD
    await take(review)
    await give_back(review, "r1")

    assert (await review.number()).state == "pending"
    assert await take(review, COLLEAGUE) == "r1"


async def test_the_same_key_gets_the_same_case(review):
    """P13: a lost answer does not cost a case."""
    await complete_and_met(review, 1, 2)

    assert [await take(review, key="k"), await take(review, key="k"), await take(review)] == ["r1", "r1", "r2"]


async def test_a_case_taken_without_commit_is_taken_first_again(review):
    """Case 38: the service dies before the commit."""
    await complete_and_met(review, 1, 2)
    async with review.database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        assert await assign_next_case(connection, ADVISER, None, review.now) == "r1"
        await transaction.rollback()

    assert await take(review) == "r1"


async def test_an_unreadable_completion_keeps_its_place_and_comes_first_when_replayed(review):
    """P11."""
    broken = a_record(completed("r1", 1), value=b"{", topic="cpt.intake")
    record = type(broken)(
        **{f: getattr(broken, f) for f in broken.__slots__ if f != "headers"},
        headers=dict(broken.headers) | completed("r1", 1).extensions,
    )
    await Delivery(review.consumer, review.database)([record])
    await complete_and_met(review, 2)

    assert (await review.number(1)).state == "unreadable"
    assert await take(review) == "r2"
    await complete_and_met(review, 1, 3)
    assert await take(review) == "r1"


async def test_a_director_passes_over_a_hole_and_the_late_number_comes_first(review):
    """P12."""
    await complete_and_met(review, 2)
    async with review.act() as connection:
        await pass_over_missing_number(connection, 1, DIRECTOR, "Lost in the migration", review.now)

    assert await take(review) == "r2"
    await complete_and_met(review, 3, 1)
    assert await take(review) == "r1"


async def test_a_number_that_has_arrived_cannot_be_passed_over(review):
    await complete_and_met(review, 1)

    async with review.act() as connection:
        with pytest.raises(Refused, match="has arrived"):
            await pass_over_missing_number(connection, 1, DIRECTOR, "To speed things up", review.now)


async def test_a_number_above_all_that_have_arrived_is_no_hole(review):
    """P12: passing over a number that nobody has drawn would make holes of all below it."""
    await complete_and_met(review, 1)

    async with review.act() as connection:
        with pytest.raises(Refused, match="no higher one has"):
            await pass_over_missing_number(connection, 8_000_000, DIRECTOR, "A slip of the keyboard", review.now)


async def test_a_number_of_another_request_is_a_named_fault(review):
    """P39."""
    await complete_and_met(review, 1)

    with pytest.raises(Reject, match="number 1 is held by another request"):
        await review.hear(completed("r9", 1))


@pytest.mark.parametrize("before", [[], [completed()], [completed(), held()]])
async def test_every_withdrawal_is_answered(review, before):
    """P8: also for a returned case or one never seen."""
    await review.hear(*before, withdrawn())

    assert (await review.case()).state == "withdrawn"
    assert [e.event.request_id for e in await review.published(CaseWithdrawn)] == ["r1"]
    assert await take(review) is None


async def test_a_completion_after_the_withdrawal_is_void(review):
    """P5: the line does not wait for it."""
    await review.hear(withdrawn("r1", None), completed("r1", 1))
    await complete_and_met(review, 2)

    assert (await review.number(1)).state == "void"
    assert await take(review) == "r2"


async def test_assignments_equal_arrival_order_with_twenty_advisers_and_shuffled_delivery(review):
    """A5, promise 3: 40 requests arrive shuffled in batches while 20 advisers press at once."""
    rng = random.Random(7)
    numbers = list(range(1, 41))
    rng.shuffle(numbers)
    events = [event for n in numbers for event in (checked(f"r{n}"), completed(f"r{n}", n, facts=facts(f"s{n}")))]
    arrived = asyncio.Event()

    async def deliver():
        while events:
            size = rng.randint(1, 6)
            await review.hear(*events[:size])
            del events[:size]
        arrived.set()

    async def press(k):
        adviser = ADVISER.model_copy(update={"sub": f"adviser-{k}"})
        while True:
            last_chance = arrived.is_set()
            if await take(review, adviser) is None and last_chance:
                return

    await asyncio.gather(deliver(), *(press(k) for k in range(20)))

    async with review.act() as connection:
        record = [row["receipt_number"] for row in await list_assignments(connection)]
        assert record == list(range(1, 41))
        assert await prove_line(connection) == []
    assert sorted(e.event.receipt_number for e in await review.published(CaseAssigned)) == list(range(1, 41))


async def test_the_line_shows_what_holds_it(review):
    await review.hear(completed("r1", 1), completed("r3", 3))

    async with review.act() as connection:
        line = await show_line(connection, review.now)

    assert (line["watermark"], line["holes"], line["holding"]) == (1, [2], "Number 1 waits for SPIRE's answer.")


async def test_the_proof_names_every_kind_of_violation():
    """P14."""
    row = dict(request_id="r", round=1, cause="c", hold_until=NOW + HOLD, at=NOW, from_state=None)
    history = [
        row | dict(entry=1, receipt_number=1, to_state="waiting", actor=None),
        row | dict(entry=2, receipt_number=2, to_state="pending", actor=None),
        row | dict(entry=4, receipt_number=4, to_state="waiting", actor=None),
        row | dict(entry=5, receipt_number=4, to_state="assigned", from_state="waiting", actor="a"),
    ]

    found = violations(history)

    assert [part in " ".join(found) for part in ("entry 3", "3 had not arrived", "1 was waiting", "2 held")] == [
        True
    ] * 4


async def test_the_log_cannot_be_changed(review):
    """P14: append-only by trigger."""
    await complete_and_met(review, 1)

    async with review.act() as connection:
        with pytest.raises(Exception, match="append-only"):
            await connection.execute("UPDATE line_log SET actor = 'me'")


async def test_the_lock_of_a_case_takes_the_line_lock_first(review):
    """P10: an act of a person cannot deadlock with a batch."""
    await complete_and_met(review, 1)

    async with review.act() as connection:
        await lock_any_case(connection, "r1")
        assert await connection.fetchval("SELECT mode FROM pg_locks WHERE relation = 'line'::regclass LIMIT 1")


async def test_nobody_jumps_the_line_and_who_reaches_for_it_is_logged(review):
    """Case 37, R51, R52: neither a start tomorrow nor the wish of a director; the order stays as it was."""
    tomorrow = facts(start_date=(NOW + timedelta(days=1)).date())
    await review.hear(checked("r1"), completed("r1", 1), checked("r2"), completed("r2", 2, facts=tomorrow))

    with capture_logs() as logged:
        with pytest.raises(Refused, match="waiting"):
            async with review.act() as connection:
                await approve_case(connection, "r2", DIRECTOR, Approval(()), review.now)
        with pytest.raises(Refused, match="waiting"):
            async with review.act() as connection:
                await reassign_case(connection, "r2", DIRECTOR, COLLEAGUE, review.now)

    assert [line["event"] for line in logged] == ["line_jump_refused"] * 2
    assert {(line["request_id"], line["actor"]) for line in logged} == {("r2", DIRECTOR.sub)}
    assert [await take(review), await take(review)] == ["r1", "r2"]


def undecided(request_id, why, check_no=1):
    return checked(request_id, check_no, "cannot_determine", findings=(), undetermined=why, calendar_version=1)


async def test_training_in_no_term_goes_out_at_once_and_holds_nobody(review):
    """Case 77, A26: in its place, unverified, with its flag; no day of it can be authorized."""
    await review.hear(completed("r1", 1, facts=facts(start_date=date(2026, 8, 24), end_date=date(2026, 9, 4))))
    await complete_and_met(review, 2)
    assert await take(review) is None

    await review.hear(undecided("r1", "no_term"))
    taken = [await take(review), await take(review)]

    assert (taken, (await review.case("r1")).unverified, await proof(review)) == (["r1", "r2"], True, [])
    async with review.act() as connection:
        shown = await show_case(connection, "r1", ADVISER, review.now)
        with pytest.raises(Refused) as refused:
            await approve_case(connection, "r1", ADVISER, Approval(["no_term"]), review.now)
    assert ("no_term" in [flag["code"] for flag in shown["flags"]], refused.value.code) == (
        True,
        "nothing_to_authorize",
    )


async def test_an_answer_that_is_there_before_the_completion_counts_too(review):
    """Case 77, P1."""
    await review.hear(undecided("r1", "no_term"), completed("r1", 1))

    assert await take(review) == "r1"


FAR = {"start_date": date(2028, 9, 11), "end_date": date(2028, 12, 8)}


async def test_training_beyond_the_calendar_steps_aside_until_a_calendar_reaches_it(review):
    """Case 78, A26: the next number goes out; loaded later, it comes first; both are in the log."""
    await review.hear(completed("r1", 1, facts=facts(**FAR)), undecided("r1", "calendar_not_loaded"))
    await complete_and_met(review, 2, 3)

    assert ((await review.number(1)).state, await take(review)) == ("set_aside", "r2")
    async with review.act() as connection:
        line = await show_line(connection, review.now)
        (alarm,) = await show_alarms(connection, review.now, HOLD)
    assert ([n["receipt_number"] for n in line["set_aside"]], line["holding"]) == ([1], None)
    assert alarm["code"] == "calendar_not_loaded"

    await review.hear(further_calendar())
    await review.hear(undecided("r1", "calendar_not_loaded", 2))  # an answer of before: it sets nothing aside again
    assert (await review.number(1)).state == "pending"
    review.now += HOLD
    assert ([await take(review), await take(review)], await proof(review)) == (["r1", "r3"], [])


def further_calendar():
    """The illustrative calendar and a term beyond it."""
    form = illustrative_calendar().to_form() | {"version": 2}
    fall = {"strm": "1287", "name": "Fall 2028", "start": "2028-09-05", "end": "2028-12-20", "sessions": []}
    return CalendarRevised(version=2, calendar=form | {"terms": [*form["terms"], fall]})


async def test_a_number_given_back_while_no_calendar_reaches_it_steps_aside(review):
    """A26, P12."""
    await review.hear(completed("r1", 1, facts=facts(**FAR)))
    review.now += HOLD
    await take(review)
    await review.hear(undecided("r1", "calendar_not_loaded"))
    await give_back(review, "r1")

    assert ((await review.number(1)).state, (await review.case("r1")).state) == ("set_aside", "pending")


async def test_training_that_is_over_cannot_be_authorized(review):
    """A27: said at approval, whatever SPIRE answered."""
    await review.hear(checked("r1"), completed("r1", 1))
    await take(review)
    review.now += timedelta(days=120)
    async with review.act() as connection:
        with pytest.raises(Refused, match="over") as refused:
            await approve_case(connection, "r1", ADVISER, Approval(()), review.now)

    assert refused.value.code == "nothing_to_authorize"


def test_the_proof_knows_that_nobody_is_given_out_who_was_set_aside():
    """P14, A26."""
    given = {
        "request_id": "r1",
        "round": 1,
        "cause": "x",
        "actor": "a",
        "unverified": False,
        "hold_until": NOW,
        "at": NOW,
    }
    aside = given | {"entry": 1, "receipt_number": 1, "from_state": None, "to_state": "set_aside"}
    taken = given | {"entry": 2, "receipt_number": 1, "from_state": "set_aside", "to_state": "assigned"}

    assert violations([aside, taken]) == ["number 1 was assigned (entry 2) although no calendar reached it"]


async def proof(review):
    async with review.act() as connection:
        return await prove_line(connection)
