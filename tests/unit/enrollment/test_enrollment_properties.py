from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment_sync.domain import (
    Enrollments,
    Facts,
    Finding,
    Row,
    StaleRead,
    TermWithdrawal,
    carried,
    fold,
    merge,
    merge_read,
    stands_as_before,
    transition,
)
from tests.unit.enrollment.make import (
    CALENDAR,
    CONTRACT,
    FALL,
    GRADUATE,
    POLICY,
    SUMMER,
    SUMMER_AND_FALL,
    UNDERGRADUATE,
    evaluate,
    facts,
    read,
    row,
    term_withdrawal,
)

unhurried = settings(deadline=None)  # a busy machine breaks no rule
COURSES = [("COMPSCI", " 698"), ("GRADSCH", " 999"), ("UMASS", "398C")]
STANDINGS = [("E", "ENRL"), ("E", "WDRW"), ("D", "DROP"), ("D", "DRWL"), ("W", "WAIT")]


@st.composite
def rows(draw: st.DrawFn, source_seq: int) -> Row:
    subject, number = draw(st.sampled_from(COURSES))
    status, reason = draw(st.sampled_from(STANDINGS))
    return row(
        class_nbr=draw(st.sampled_from(["1", "2", "3"])),
        strm=draw(st.sampled_from([SUMMER, FALL])),
        subject=subject,
        catalog_nbr=number,
        units=draw(st.sampled_from(["0", "0.5", "1", "3"])),
        grade=draw(st.sampled_from([None, "A", "W"])),
        grading_basis=draw(st.sampled_from(["GRD", "AUD"])),
        status=status,
        reason=reason,
        source_seq=source_seq,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Row | TermWithdrawal]:
    """One student's events in true order; the sequence rises with each."""
    events: list[Row | TermWithdrawal] = []
    for source_seq in range(1, draw(st.integers(1, 8)) + 1):
        if draw(st.integers(0, 4)):
            events.append(draw(rows(source_seq)))
        else:
            events.append(term_withdrawal(draw(st.sampled_from(["WDR", "NWD"])), source_seq, FALL))
    return events


@st.composite
def trainings(draw: st.DrawFn) -> Facts:
    route = draw(st.sampled_from(["required", "coop", "credit"]))
    return facts(
        student=draw(st.sampled_from([GRADUATE, UNDERGRADUATE])),
        route=route,
        coop=CONTRACT if route == "coop" and draw(st.booleans()) else None,
        **draw(st.sampled_from([SUMMER_AND_FALL, {}])),
    )


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Row | TermWithdrawal], list[Row | TermWithdrawal]]:
    """A history, and the same events in any order, some of them twice."""
    history = draw(histories())
    repeated = draw(st.lists(st.sampled_from(history), max_size=4))
    return history, draw(st.permutations(history + repeated))


@unhurried
@given(deliveries(), trainings())
def test_order_and_repetition_of_events_never_change_the_answer(
    delivery: tuple[list[Row | TermWithdrawal], list[Row | TermWithdrawal]], asked: Facts
) -> None:
    """P17, case 50."""
    history, delivered = delivery

    assert fold(read(), delivered) == fold(read(), history)
    assert evaluate(asked, fold(read(), delivered), CALENDAR) == evaluate(asked, fold(read(), history), CALENDAR)


@unhurried
@given(deliveries(), st.data())
def test_a_read_at_any_moment_never_changes_where_the_events_end(
    delivery: tuple[list[Row | TermWithdrawal], list[Row | TermWithdrawal]], data: st.DataObject
) -> None:
    """P17: SPIRE shows what happened up to its sequence, and the events that it holds already change nothing."""
    history, delivered = delivery
    read_at = data.draw(st.integers(0, len(history)), label="read at")
    arrives = data.draw(st.integers(0, len(delivered)), label="arrives after")
    spire = fold(Enrollments(), history[:read_at])

    known = fold(Enrollments(), delivered[:arrives])
    for strm in (SUMMER, FALL):
        known = _read_or_repeat(known, strm, read_at, spire, history)
    known = fold(known, delivered[arrives:])

    truth = fold(Enrollments(), history)
    assert (known.rows, known.withdrawals) == (truth.rows, truth.withdrawals)


def _read_or_repeat(
    known: Enrollments, strm: str, read_at: int, spire: Enrollments, history: list[Row | TermWithdrawal]
) -> Enrollments:
    try:
        return merge_read(known, strm, read_at, spire)
    except StaleRead:
        return merge_read(known, strm, len(history), fold(Enrollments(), history))


QUALIFYING = row(class_nbr="900", catalog_nbr="696", units="1", source_seq=100)


@unhurried
@given(histories(), trainings(), st.sampled_from([SUMMER, FALL]))
def test_one_more_qualifying_course_never_turns_met_into_not_met(
    history: list[Row | TermWithdrawal], asked: Facts, strm: str
) -> None:
    """R23, R31: a course can only help."""
    before = fold(read(), history)
    after = fold(before, [replace(QUALIFYING, strm=strm)])

    if evaluate(asked, before, CALENDAR).outcome == "met":
        assert evaluate(asked, after, CALENDAR).outcome == "met"
    found = evaluate(asked, after, CALENDAR).finding(strm)
    assert found is None or found.outcome == "met"


@unhurried
@given(histories(), trainings())
def test_a_swap_to_a_qualifying_course_is_never_a_loss(history: list[Row | TermWithdrawal], asked: Facts) -> None:
    """P24, P26: whatever is dropped in the same act is at most replaced."""
    before = fold(read(), [*history, replace(QUALIFYING, class_nbr="800", source_seq=50)])
    drops = [replace(held, status="D", reason="DROP", source_seq=60) for held in before.rows if held.strm == FALL]
    after = fold(before, [*drops, QUALIFYING])

    found = transition(evaluate(asked, before, CALENDAR), evaluate(asked, after, CALENDAR))

    assert {change.kind for change in found if change.strm == FALL} == {"replaced"}


@unhurried
@given(histories(), trainings())
def test_without_approval_met_means_a_qualifying_class_in_each_overlapped_term(
    history: list[Row | TermWithdrawal], asked: Facts
) -> None:
    """R23, R26; and with it, in at least one (R25)."""
    evaluation = evaluate(asked, fold(read(), history), CALENDAR)
    carried = [bool(found.classes) for found in evaluation.findings]

    assert (evaluation.outcome == "met") is (any(carried) if asked.coop else all(carried))


@unhurried
@given(histories(), trainings())
def test_a_graduates_qualifying_class_has_a_credit_unless_it_is_a_coop_row(
    history: list[Row | TermWithdrawal], asked: Facts
) -> None:
    """R29, R30, A11, A13."""
    evaluation = evaluate(replace(asked, student=GRADUATE), fold(read(), history), CALENDAR)

    for entry in (entry for found in evaluation.findings for entry in found.classes):
        assert not entry.course.endswith("999")
        assert entry.units >= Decimal(1) or (entry.course == "UMASS 398C" and asked.is_coop)


@unhurried
@given(histories(), trainings())
def test_at_most_one_thing_is_missing_for_each_overlapped_term(
    history: list[Row | TermWithdrawal], asked: Facts
) -> None:
    """interfaces.md, exact answers; an approved co-op misses one thing in all (A13)."""
    evaluation = evaluate(asked, fold(read(), history), CALENDAR)
    strms = [found.strm for found in evaluation.findings]

    assert strms == [term.strm for term in CALENDAR.overlapped_terms(*asked.span)]
    if asked.coop:
        assert sum(found.outcome == "not_met" for found in evaluation.findings) <= 1


@unhurried
@given(histories(), trainings(), st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_when_a_row_took_effect_never_changes_the_answer(
    history: list[Row | TermWithdrawal], asked: Facts, effective: date
) -> None:
    """P16: the date places a loss against the training; order is by sequence alone."""
    moved = [replace(event, effective_dt=effective) for event in history]
    one, other = (evaluate(asked, fold(read(), events), CALENDAR) for events in (history, moved))

    assert one == other


@unhurried
@given(histories(), trainings())
def test_no_finding_changes_where_no_row_changes_its_standing(
    history: list[Row | TermWithdrawal], asked: Facts
) -> None:
    """P25, P26: so an evaluation may stand for the one before, whatever else the rows tell anew."""
    before = read()
    for event in history:
        after = merge(before, event)
        if stands_as_before(before, after, asked, POLICY):
            earlier, later = evaluate(asked, before, CALENDAR), evaluate(asked, after, CALENDAR)
            assert [told(finding) for finding in earlier.findings] == [told(finding) for finding in later.findings]
            assert (earlier.outcome, earlier.undetermined) == (later.outcome, later.undetermined)
        before = after


@unhurried
@given(histories(), trainings())
def test_a_term_is_carried_exactly_where_its_finding_names_a_class(
    history: list[Row | TermWithdrawal], asked: Facts
) -> None:
    """A23, P26: so an event about another class needs no evaluation to be known as harmless."""
    known = fold(read(), history)

    for finding in evaluate(asked, known, CALENDAR).findings:
        if finding.outcome != "cannot_determine":
            assert carried(known, finding.strm, asked, POLICY) == bool(finding.classes)
            assert finding.outcome == "met" or not finding.classes


def told(finding: Finding) -> tuple[object, ...]:
    """All of it that a loss or a gate is decided by."""
    return finding.strm, finding.outcome, finding.code, [entry.class_nbr for entry in finding.classes]


def test_a_correction_that_leaves_a_class_qualifying_needs_no_second_evaluation() -> None:
    """Case 4: units that fall from 3 to 1 change no standing, to 0 they do."""
    before = read(row(units="3"))

    assert stands_as_before(before, merge(before, row(units="1", source_seq=11)), facts(), POLICY)
    assert not stands_as_before(before, merge(before, row(units="0", source_seq=11)), facts(), POLICY)
