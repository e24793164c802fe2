"""The signed I-20 reaches the student by the page (A28)."""

import hashlib
from datetime import date, timedelta

import pytest

from cpt.contracts.intake import I20Fetched
from cpt.contracts.staff import I20FileAdded, TaskOpened
from review.authorizations import Change
from review.cases.change_authorization import change_authorization
from review.cases.deliver_i20 import remind_unfetched
from review.cases.record_i20 import IssuedDocument
from tests.component.review.acts import issued, view
from tests.component.review.conftest import NOW
from tests.factories import ADVISER, lost, regained

PDF = b"%PDF-1.7 the signed I-20"
SIGNED = IssuedDocument(hashlib.sha256(PDF).hexdigest(), "i20.pdf", date(2026, 9, 1), "Kim Lee, PDSO")
THREE_DAYS = timedelta(days=3)


async def put(web, content=PDF, media_type="application/pdf", sub=None):
    async with web("adviser", sub) as adviser:
        headers = {"Content-Type": media_type}
        return await adviser.put("/api/cases/r1/i20/file", content=content, headers=headers)


async def remind(review, after):
    review.now += after
    return await remind_unfetched(review.database, review.now, THREE_DAYS, task_days=2)


async def test_the_recorded_file_is_kept_and_told_once(review, web, documents):
    """docs/api: its SHA-256 is the recorded one; the same file again changes nothing."""
    await issued(review, SIGNED)
    answers = [await put(web), await put(web)]

    assert [(answer.status_code, answer.json()["i20_file"]["fetched_at"]) for answer in answers] == [(200, None)] * 2
    (told,) = [told.event for told in await review.published(I20FileAdded)]
    assert (told.file.sha256, told.file.size, told.reminder) == (SIGNED.sha256, len(PDF), False)
    assert (documents / told.file.object_key).read_bytes() == PDF


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [(PDF + b"!", "application/pdf", 422), (b"GIF89a", "application/pdf", 415), (PDF, "image/png", 415)],
)
async def test_any_other_file_is_refused_and_nothing_is_kept(review, web, documents, content, media_type, status):
    """A28: nobody is given another I-20 than the recorded one."""
    await issued(review, SIGNED)

    assert (await put(web, content, media_type)).status_code == status
    assert (await review.published(I20FileAdded), list(documents.iterdir())) == ([], [])


async def test_only_the_holder_of_an_issued_case_gives_it(review, web):
    await issued(review, SIGNED)

    assert (await put(web, sub="adviser-2")).json()["code"] == "not_yours"


async def test_a_file_that_is_too_large_is_refused(review, web):
    await issued(review, SIGNED)

    assert (await put(web, b"%PDF-" + b"x" * 10 * 2**20)).status_code == 413


async def test_an_i20_that_nobody_fetched_is_reminded_of_once_after_three_days(review, web):
    """A28: a task for the adviser, a mail to the student."""
    await issued(review, SIGNED)
    await put(web)

    assert [await remind(review, after) for after in (THREE_DAYS - timedelta(1), timedelta(1), timedelta(1))] == [
        0,
        1,
        0,
    ]
    assert [told.event.reminder for told in await review.published(I20FileAdded)] == [False, True]
    assert [told.event.code for told in await review.published(TaskOpened)] == ["i20_not_fetched"]


async def test_whoever_has_no_day_left_is_not_told_how_work_begins(review, web):
    """A28: the last authorized day went by with the three days."""
    await issued(review, SIGNED)
    await put(web)
    async with review.act() as connection:
        await change_authorization(connection, "r1", ADVISER, Change(date(2026, 9, 14), "It ended"), review.now)

    await remind(review, timedelta(days=30))
    assert [told.event.reminder for told in await review.published(I20FileAdded)] == [False]


async def test_whoever_is_to_talk_to_the_office_first_is_reminded_when_that_is_over(review, web):
    """A28, case 83: the banner says to contact the office before any work; no mail says otherwise meanwhile."""
    await issued(review, SIGNED)
    await put(web)
    await review.hear(lost())
    assert await remind(review, THREE_DAYS) == 0

    await review.hear(regained())
    assert await remind(review, THREE_DAYS) == 1


async def test_the_download_is_the_receipt(review, web):
    """A28: whoever fetched it is not reminded, and the task is done."""
    await issued(review, SIGNED)
    await put(web)
    await remind(review, THREE_DAYS)
    await review.hear(I20Fetched(request_id="r1", round=1, authorization_version=1, at=NOW))

    shown = await view(review)
    assert (shown["i20_file"]["fetched_at"], shown["tasks"]) == (NOW, [])


async def test_the_page_takes_the_file_as_well(review, web):
    await issued(review, SIGNED)
    async with web("adviser") as adviser:
        sent = await adviser.post("/cases/r1/i20/file", files={"file": ("i20.pdf", PDF, "application/pdf")})
        nothing = await adviser.post("/cases/r1/i20/file", data={"x": "y"})
        page = await adviser.get("/cases/r1")

    assert (sent.status_code, nothing.status_code, "Not fetched yet" in page.text) == (303, 422, True)
