"""The work list: nothing that happens after issuance ends where nobody looks."""

from datetime import UTC, date, datetime

import pytest

from cpt.contracts.intake import AgreementLost, StudentReported
from cpt.contracts.notifier import NoticeFailed
from cpt.contracts.staff import TaskEscalated, TaskOpened
from review.cases.hand_over_case import reassign_case
from review.tasks.escalate_tasks import escalate_tasks
from tests.component.review.acts import assigned, issued, view
from tests.component.review.conftest import NOW
from tests.factories import COLLEAGUE, DIRECTOR

FRIDAY_AFTERNOON = datetime(2026, 9, 4, 18, tzinfo=UTC)


def reported(what="withdrew_from_course", words="Dropped it", request_id="r1"):
    return StudentReported(request_id=request_id, round=1, what=what, on=None, words=words, at=NOW)


def agreement_lost(version, verdict, why, end=date(2026, 12, 11)):
    about = {"agreement_id": "HS-1", "start_date": date(2026, 9, 14), "end_date": end}
    return AgreementLost(request_id="r1", round=1, version=version, verdict=verdict, why=why, **about)


async def told(review, kind=TaskOpened):
    return [envelope.event for envelope in await review.published(kind)]


@pytest.mark.parametrize("what", ["withdrew_from_course", "stopped_working", "will_not_start", "other"])
async def test_what_a_student_reports_is_mailed_to_whoever_holds_the_case(review, what):
    """Case 81, domain 4: a task with an owner and a due day, two business days on: Labor Day is none."""
    await issued(review)
    review.now = FRIDAY_AFTERNOON

    await review.hear(reported(what))

    (task,) = await told(review)
    assert (task.code, task.owner.email, task.due_on) == (f"student_{what}", "dana@umass.example", date(2026, 9, 9))
    assert (task.reference, task.student_name) == ("CPT-2026-000001", "Ana Lima")


async def test_a_worse_change_of_the_agreement_is_not_swallowed_by_an_earlier_one(review):
    """Case 79, P23: two tasks, two mails."""
    await issued(review)

    await review.hear(agreement_lost(2, "changed", "The agreement ends earlier now.", date(2026, 11, 1)))
    await review.hear(agreement_lost(3, "withdrawn", "The agreement was withdrawn."))

    assert [task.code for task in await told(review)] == ["agreement_changed", "agreement_lost"]
    assert [task["message"] for task in (await view(review))["tasks"]] == [
        "The agreement ends earlier now.", "The agreement was withdrawn."
    ]  # fmt: skip


async def test_the_same_words_told_twice_are_one_open_task(review):
    await issued(review)

    await review.hear(reported(), reported())

    assert len(await told(review)) == 1


async def test_a_task_of_nobodys_case_is_the_offices(review):
    """P1: a report that comes before anything else of the request."""
    await review.hear(reported(request_id="unseen"))

    assert [(task.owner, task.reference) for task in await told(review)] == [(None, "")]


async def test_a_task_moves_with_its_case(review):
    """Case 39: the owner is whoever holds the case."""
    await issued(review)
    await review.hear(reported())

    async with review.act() as connection:
        await reassign_case(connection, "r1", DIRECTOR, COLLEAGUE, review.now)

    assert [task["owner"] for task in (await view(review))["tasks"]] == ["adviser-2"]


async def test_a_task_past_its_due_day_is_escalated_once(review):
    """Domain 4: escalated to the director after two business days, by the end of the due day."""
    await issued(review)
    review.now = FRIDAY_AFTERNOON
    await review.hear(reported())

    for review.now in (datetime(2026, 9, 10, 3, tzinfo=UTC), datetime(2026, 9, 10, 5, tzinfo=UTC)) * 2:
        await escalate_tasks(review.database, review.now)

    assert [task.at for task in await told(review, TaskEscalated)] == [datetime(2026, 9, 10, 5, tzinfo=UTC)]


async def test_a_mail_about_a_task_that_fails_makes_no_further_task(review):
    """Case 62: it stays on the list and is escalated; a task about its mail would never end."""
    await issued(review)
    about = {"notice_id": "n1", "subject_id": "r1", "caused_by": "e", "at": NOW, "reason": "No mailbox", "attempts": 3}

    await review.hear(NoticeFailed(kind="task", **about), NoticeFailed(kind="approved", **about))

    assert await review.tasks() == ["notice_failed"]


async def test_the_list_is_worked_by_compliance_too(review, web):
    """docs/api: by state, owner and code; done with a comment, once."""
    await issued(review)
    await review.hear(reported(), reported("stopped_working"))
    async with web("compliance") as compliance, web("adviser", "adviser-2") as colleague:
        (task,) = (await compliance.get("/api/tasks", params={"code": "student_stopped_working"})).json()
        done = await compliance.post(f"/api/tasks/{task['task_id']}/done", json={"comment": "Called"})
        again = await compliance.post(f"/api/tasks/{task['task_id']}/done", json={})
        left = (await compliance.get("/api/tasks", params={"state": "open"})).json()
        seen_to = (await compliance.get("/api/tasks", params={"state": "done"})).json()
        not_theirs = (await colleague.get("/api/tasks", params={"owner": "me"})).json()

    assert (task["owner"], task["due_on"]) == ("adviser-1", "2026-09-03")
    assert (done.status_code, done.json()["done_by"], again.json()["code"]) == (200, "compliance-1", "wrong_state")
    assert [one["code"] for one in left] == ["student_withdrew_from_course"]
    assert [one["comment"] for one in seen_to] == ["Called"]
    assert not_theirs == []


async def test_the_header_of_every_page_counts_what_is_open(review, web):
    await assigned(review)
    await review.hear(reported())
    async with web("adviser") as adviser, web("director") as director:
        pages = [await adviser.get(path) for path in ("/", "/tasks", "/cases/r1", "/line")]
        pages += [await director.get("/alerts")]

    assert ['1<span class="unseen"> open' in page.text for page in pages] == [True] * 5
    assert ["Student left the course" in page.text for page in pages[:2]] == [True, True]
