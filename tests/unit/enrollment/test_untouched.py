"""When an event about a student's enrollment can change nothing for an authorization (A23, P26)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from enrollment_sync.dossier import Dossier, Hit
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.watch import Issued, Watch
from tests.factories import a_hit, a_student, facts
from tests.unit.enrollment.make import CALENDAR, FALL, POLICY, WINTER, dropped, read, row

NOW = datetime(2026, 9, 20, tzinfo=UTC)
COURSE = row()
LECTURE = row(class_nbr="42000", catalog_nbr=" 514", units="3")
BEFORE = read(COURSE, LECTURE)


def an_authorization(*strms: str) -> Watch:
    hit = a_hit()
    issued = Issued(
        authorization_version=1,
        employer=hit.employer,
        location=hit.location,
        hours=hit.hours,
        segments=hit.segments,
        strms=strms,
        baseline_seq=1,
        relied_on_check=1,
    )
    return Watch("r1", COURSE.emplid, facts(), (FALL,), 1, None, issued, 1)


def untouched(after, *hits: Hit, strms: tuple[str, ...] = (FALL,), unreadable=None) -> bool:
    """By an event that leads from BEFORE to `after`."""
    watch, known = an_authorization(*strms), EnrollmentRecord(after, unreadable=unreadable or {})
    dossier = Dossier(
        COURSE.emplid, 1, a_student(), None, (), NOW, (watch,), known, CALENDAR, POLICY, hits, blind=False
    )
    inputs = dossier.inputs(watch, known)
    assert inputs is not None
    return dossier.is_untouched(watch, EnrollmentRecord(BEFORE), inputs)


def test_a_lecture_beside_the_named_course_is_dropped_and_nothing_is_evaluated():
    """A23: the authorization rests on the course that was named."""
    assert untouched(read(COURSE, dropped(class_nbr="42000", catalog_nbr=" 514")))


def test_units_of_the_named_course_that_suffice_as_before_touch_nothing():
    assert untouched(read(replace(COURSE, units=COURSE.units * 2), LECTURE))


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(read(dropped(), LECTURE), id="dropped"),
        pytest.param(read(LECTURE), id="vanished"),
        pytest.param(read(COURSE, LECTURE, at=5), id="the term was read again"),
    ],
)
def test_what_concerns_the_named_course_is_weighed(after):
    assert not untouched(after)


def test_while_a_loss_is_open_everything_is_weighed():
    """P25: what is told of a loss that is open is decided by more than its row."""
    hit = Hit("loss-1", "r1", FALL, "enrollment", COURSE.class_nbr, None, None, NOW)

    assert not untouched(BEFORE, hit)
    assert untouched(BEFORE, replace(hit, request_id="r2"))


def test_a_term_that_nothing_carries_is_weighed():
    """A loss that was there when the I-20 was issued has to be told though no row changes."""
    assert not untouched(BEFORE, strms=(FALL, WINTER))


def test_a_row_with_a_code_that_nobody_knows_is_weighed():
    """Case 8."""
    assert not untouched(BEFORE, unreadable={FALL: ({"class_nbr": "41234"},)})
