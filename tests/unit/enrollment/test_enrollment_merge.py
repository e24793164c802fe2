import pytest

from enrollment_sync.domain import (
    Enrollments,
    Row,
    StaleRead,
    TermWithdrawal,
    as_if_latest,
    fold,
    loss_cause,
    merge,
    merge_read,
    transition,
)
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    FALL,
    SUMMER,
    dropped,
    evaluate,
    facts,
    read,
    row,
    term_withdrawal,
)


def test_a_newer_event_replaces_its_row() -> None:
    """P17."""
    assert merge(read(row(source_seq=10)), dropped(source_seq=11)).rows == (dropped(source_seq=11),)


@pytest.mark.parametrize("late", [row(source_seq=11), row(source_seq=10), dropped(source_seq=11)])
def test_an_older_or_repeated_event_changes_nothing_and_is_told_by_identity(late: Row | TermWithdrawal) -> None:
    """P17: order is by sequence, never by arrival."""
    known = read(dropped(source_seq=11))

    assert merge(known, late) is known


@pytest.mark.parametrize("entry", [dropped(source_seq=20), term_withdrawal(source_seq=20)])
def test_an_event_at_the_floor_of_its_term_changes_nothing(entry: Row | TermWithdrawal) -> None:
    """P17: equal, and the read wins."""
    known = read(row(), at=20)

    assert merge(known, entry) is known


def test_the_floor_of_one_term_leaves_the_events_of_another_alone() -> None:
    """P17: a floor is per term."""
    known = Enrollments((), (), {SUMMER: 50})

    assert merge(known, row(source_seq=10)).rows == (row(source_seq=10),)


def test_a_read_replaces_its_term_whole_and_becomes_the_floor() -> None:
    """P17, case 10: a row that SPIRE no longer has is gone."""
    known = read(row(), row(class_nbr="2"), row(strm=SUMMER), term_withdrawal())

    merged = merge_read(known, FALL, 30, Enrollments((row(class_nbr="2"), row(strm=SUMMER, units="3"))))

    assert merged.rows == (row(strm=SUMMER), row(class_nbr="2"))
    assert merged.withdrawals == ()
    assert (merged.floors[FALL], merged.floors[SUMMER], merged.highest) == (30, 0, 30)


def test_a_read_as_new_as_the_newest_event_wins() -> None:
    """P17: equal, and the read wins."""
    assert merge_read(read(dropped(source_seq=11)), FALL, 11, Enrollments((row(),))).rows == (row(),)


@pytest.mark.parametrize(
    "newest", [row(source_seq=31), row(strm=SUMMER, source_seq=31), term_withdrawal(source_seq=31)]
)
def test_a_read_older_than_anything_stored_is_to_be_repeated(newest: Row | TermWithdrawal) -> None:
    """P17: the sequence runs over all terms of the student."""
    with pytest.raises(StaleRead):
        merge_read(merge(read(), newest), FALL, 30, Enrollments())


def test_the_latest_word_on_a_term_withdrawal_stands() -> None:
    """P18, docs/connect.md: a withdrawal undone is none, in either order of arrival."""
    undone, done = term_withdrawal("NWD", 22), term_withdrawal("WDR", 20)

    assert fold(read(row()), [done, undone]) == fold(read(row()), [undone, done])
    assert evaluate(facts(), fold(read(row()), [undone, done]), CALENDAR).outcome == "met"


def test_drop_and_re_add_in_reverse_and_twice_leave_the_student_enrolled() -> None:
    """Case 50."""
    added, gone = row(source_seq=12), dropped(source_seq=11)

    merged = fold(read(row()), [added, gone, added, gone])

    assert merged.rows == (added,)
    assert transition(evaluate(facts(), read(row()), CALENDAR), evaluate(facts(), merged, CALENDAR)) == ()


def test_an_overtaken_drop_shows_the_loss_it_would_have_been() -> None:
    """P26, case 50: recorded as a closed suspicion."""
    enrolled = read(row(source_seq=12))

    then = as_if_latest(enrolled, dropped(source_seq=11))
    [change] = transition(evaluate(facts(), enrolled, CALENDAR), evaluate(facts(), then, CALENDAR))

    assert change.kind == "lost"
    assert merge(enrolled, dropped(source_seq=11)) is enrolled


def test_an_overtaken_term_withdrawal_shows_the_loss_it_would_have_been() -> None:
    """P26, P18."""
    then = as_if_latest(read(row(source_seq=30)), term_withdrawal(source_seq=20))

    assert evaluate(facts(), then, CALENDAR).outcome == "not_met"


def test_nothing_known_has_the_lowest_sequence() -> None:
    """P17: the first read is never stale."""
    assert merge_read(Enrollments(), FALL, 0, Enrollments()).known(FALL)


def test_a_vanished_row_is_a_loss_and_says_so() -> None:
    """Case 10."""
    before = read(row())
    after = merge_read(before, FALL, 30, Enrollments())

    [change] = transition(evaluate(facts(), before, CALENDAR), evaluate(facts(), after, CALENDAR))

    assert (change.kind, change.code) == ("lost", "not_enrolled")
    assert loss_cause(FALL, change.gone[0], after, CODES) == "vanished"
