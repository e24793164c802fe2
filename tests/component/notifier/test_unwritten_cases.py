"""Cases that follow from the rules and stand nowhere: whom a task is written to, what a student reads at which moment."""

import pytest

from cpt.contracts.staff import TaskEscalated
from cpt.contracts.values import Recipient
from tests.unit.notifier.events import ADVISER, canceled, course_confirmed, i20_ready, issued, shortened, task

CODES = (
    "student_withdrew_from_course",
    "student_stopped_working",
    "student_will_not_start",
    "agreement_lost",
    "agreement_changed",
    "calendar_revised",
    "course_replaced",
    "course_unnamed",
    "i20_not_fetched",
    "blind_for_student",
    "i20_without_enrollment",
)


@pytest.mark.parametrize("code", CODES)
async def test_every_kind_of_task_is_mailed_to_its_owner_without_a_number_of_the_student(notifier, code):
    """Domain 4, case 63: nothing after issuance goes where nobody looks; the subject names no SEVIS ID or EMPLID."""
    await notifier.hear(task(code=code))
    await notifier.send()

    (notice,) = await notifier.notices()
    assert (notice["kind"], notice["recipient"], notice["state"]) == ("task", ADVISER.email, "sent")


@pytest.mark.parametrize("owner", [None, Recipient(name="Ana", email=None), Recipient(name="Ana", email="no address")])
async def test_a_task_whose_owner_cannot_be_written_to_is_the_offices(notifier, owner):
    """Domain 4: never to nobody."""
    await notifier.hear(task(owner=owner))

    (notice,) = await notifier.notices()
    assert notice["recipient"] not in {"", None, "no address"}


async def test_an_escalated_task_goes_to_its_owner_and_the_director(notifier):
    """Domain 4: after two business days."""
    await notifier.hear(task(TaskEscalated, task_id="8"))

    (notice,) = await notifier.notices()
    assert (notice["recipient"], "kim@ipo.example" in notice["copies"]) == (ADVISER.email, True)


async def test_two_tasks_of_one_case_are_two_mails(notifier):
    """Case 79: the second is not taken for the first."""
    await notifier.hear(task(task_id="1", code="agreement_changed"), task(task_id="2", code="agreement_lost"))

    assert [notice["kind"] for notice in await notifier.notices()] == ["task", "task"]


@pytest.mark.parametrize(
    "event", [issued(), shortened(), canceled(), course_confirmed(), i20_ready(), i20_ready(reminder=True)]
)
async def test_what_follows_the_i20_is_written_to_the_student_once(notifier, event):
    """A24, A28, R61: the same event again is no second mail (case 61)."""
    await notifier.hear(event, event_id="same")
    await notifier.hear(event, event_id="same")

    assert [notice["recipient"] for notice in await notifier.notices()] == [event.recipient.email]
