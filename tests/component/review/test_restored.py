"""After a restore: cases as their own topic tells them (P39)."""

from datetime import date

from cpt.contracts.alerts import AlertClosed
from cpt.contracts.review import CaseAssigned, CaseDenied, CaseReturned, I20Issued, ReturnReason
from cpt.contracts.staff import AuthorizationChanged, CourseConfirmed, TaskOpened
from cpt.contracts.values import NamedCourse
from review.cases.restore_cases import restore_cases
from review.line.assign_next_case import assign_next_case
from review.line.prove_line import prove_line
from tests.component.enrollment_sync.told import authorization_changed, issued
from tests.component.review.acts import view
from tests.factories import ADVISER, NOW, STUDENT, checked, completed, facts

ABOUT = dict(request_id="r1", round=1, receipt_number=1)
ENDED = dict(reference="CPT-2026-000001", recipient=STUDENT, at=NOW)
DENIED = CaseDenied(**ABOUT, **ENDED, reason="no")
RETURNED = CaseReturned(**ABOUT, **ENDED, reasons=(ReturnReason(text="a letter"),), office_error=False)
ASSIGNED = CaseAssigned(**ABOUT, facts=facts(), adviser=ADVISER, at=NOW, unverified=False)


async def in_line(review):
    await review.hear(checked(), completed(), checked("r2"), completed("r2", 2))


async def restored(review, *told):
    async with review.act() as connection:
        return await restore_cases(connection, told, "terminal:kim", review.now)


async def test_what_was_issued_stands_again_and_nothing_is_told_again(review):
    """P39, case 61: no second I-20, no second email; the next case is the lowest one left, and the order is proved."""
    await in_line(review)

    said = await restored(review, ASSIGNED, issued(), authorization_changed(until=date(2026, 10, 30)))
    assert said == ["r1 (number 1): issued again", "r1 (number 1): authorization changed again"]
    shown = await view(review)
    assert (shown["state"], shown["held_by"], shown["authorization"]["until"]) == (
        "issued",
        ADVISER.sub,
        date(2026, 10, 30),
    )
    assert await review.published() == []
    async with review.act() as connection:
        await assign_next_case(connection, ADVISER, None, review.now)
        assert await prove_line(connection) == []
    assert (await review.case("r2")).state == "assigned"


async def test_the_same_restore_twice_does_nothing_the_second_time(review):
    await in_line(review)
    told = issued(), authorization_changed(until=date(2026, 10, 30))
    await restored(review, *told)

    assert await restored(review, *told) == []


async def test_what_was_denied_or_returned_leaves_the_line_again(review):
    """P6, R60."""
    await in_line(review)
    other = RETURNED.model_copy(update={"request_id": "r2", "receipt_number": 2})

    assert await restored(review, DENIED, other) == ["r1 (number 1): denied again", "r2 (number 2): returned again"]
    assert [(await review.number(n)).state for n in (1, 2)] == ["closed", "returned"]


async def test_a_return_of_an_older_round_is_history(review):
    """P1, P5: the request was completed again since."""
    await review.hear(checked(), completed(round=2))

    assert await restored(review, RETURNED) == []
    assert (await review.case()).state == "waiting"


async def test_what_only_people_can_mend_is_named(review):
    """Who held a case, a case that is not here, an alert that was closed."""
    await in_line(review)
    elsewhere = issued("r9").model_copy(update={"receipt_number": None})
    closed = AlertClosed(
        alert_id="a1",
        loss_id="l1",
        request_ids=("r1",),
        outcome="data_error",
        authorized_until=None,
        canceled=False,
        at=NOW,
    )

    assert await restored(review, ASSIGNED, elsewhere, closed) == [
        "r1 (number 1): adviser-1 held it; it stands in line again",
        "r9 (number None): told of, but no case is here",
        "the alert of loss l1 had been closed as data_error; where it is open, close it again",
    ]
    assert await review.published(I20Issued) == [] == await review.published(AuthorizationChanged)


async def test_a_confirmed_course_and_an_open_task_stand_again(review):
    """P39, A24: the watch follows the course already; nobody knows whether somebody had done the task."""
    await in_line(review)
    course = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="696")
    confirmed = CourseConfirmed(
        **ABOUT, **ENDED, authorization_version=1, previous=(), courses=(course,), comment="", confirmed_by=ADVISER
    )
    task = TaskOpened(
        **ABOUT, reference="CPT-2026-000001", task_id="9", code="student_other", message="A change", student_name="Ana",
        owner=None, due_on=date(2026, 9, 3), at=NOW,
    )  # fmt: skip

    for expected in (2, 0):
        said = await restored(review, issued(), confirmed, task)
        assert len([line for line in said if "course confirmed again" in line or "is open again" in line]) == expected
    shown = await view(review)
    assert ([one["catalog_nbr"] for one in shown["courses"]], len(shown["tasks"])) == (["696"], 1)
