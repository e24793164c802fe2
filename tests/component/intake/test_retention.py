"""Requests and their documents are kept as long as the law asks, and no longer (8 CFR 214.3(g), case 70)."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from cpt.contracts.staff import LegalHoldChanged
from intake.case.retain_requests import Retention, delete_documents, retain_requests
from intake.documents.document_store import StoreAway
from intake.student.withdraw_request import withdraw_request
from tests.component.intake import happened
from tests.component.intake.conftest import NOW, STUDENT, a_letter, an_agreement, later
from tests.factories import a_student

LATER = datetime(2032, 6, 2, 14, tzinfo=UTC)  # five years after the program's end in May 2027
TABLES = ("request", "document", "history", "message", "warning", "student_report", "submission", "agreement", "draft")


async def issued(intake, **student):
    request_id = await intake.complete()
    await intake.upload(request_id, "handshake_contract", a_letter(job_title="Cook"))  # an older version stays, too
    for happens in (happened.checked, happened.assigned, happened.approved, happened.issued):
        more = {"student": a_student(**student)} if happens is happened.checked else {}
        await intake.hear(happens(await intake.request(request_id), **more))
    return request_id


def retention(intake):
    return Retention(intake.database, intake.uploads.store, 5)


def objects(tmp_path):
    return sorted(path.name for path in (tmp_path / "objects").rglob("*") if path.is_file())


async def rows(intake):
    async with intake.database.connection() as connection:
        return {table for table in TABLES if await connection.fetchval(f"SELECT count(*) FROM {table}")}


async def hold(intake, request_id, *, held):
    request = await intake.request(request_id)
    about = dict(request_id=request_id, round=request.round, receipt_number=request.last_number)
    await intake.hear(LegalHoldChanged(**about, held=held, at=intake.now))


async def test_five_years_after_the_end_of_study_request_and_documents_are_gone(intake, tmp_path):
    """8 CFR 214.3(g): older versions and the pictures of pages too; what was done is logged, the number stays."""
    request_id = await issued(intake)
    kept = objects(tmp_path)
    assert len([name for name in kept if ".page-" in name]) >= 1

    assert await retain_requests(intake.database, LATER.replace(day=1, month=5), 5) == []
    assert await retain_requests(intake.database, LATER, 5, dry_run=True) == [request_id]
    assert objects(tmp_path) == kept

    assert await retention(intake).step(LATER) == 1 + 4
    assert (await rows(intake), objects(tmp_path)) == (set(), [])
    async with intake.database.connection() as connection:
        logged = await connection.fetch("SELECT action, detail FROM audit WHERE actor = 'retention' ORDER BY id")
        numbers = await connection.fetchval("SELECT array_agg(number) FROM receipt_number")
    assert logged[0]["detail"] == {"counted_from": "2027-05-31", "years": 5, "documents": 4}
    assert [row["action"] for row in logged] == ["request_purged"] + ["document_deleted"] * 4
    assert numbers == [1, 2]


@pytest.mark.parametrize(("years", "gone_in"), [(5, 2032), (3, 2030)])
async def test_the_office_sets_for_how_many_years_requests_are_kept(intake, years, gone_in):
    """8 CFR 214.3(g): from the end of study in May 2027."""
    request_id = await issued(intake)
    in_june = LATER.replace(month=6, day=2)

    assert await retain_requests(intake.database, in_june.replace(year=gone_in - 1), years, dry_run=True) == []
    assert await retain_requests(intake.database, in_june.replace(year=gone_in), years, dry_run=True) == [request_id]


async def test_a_legal_hold_stops_retention_until_it_is_lifted(intake, tmp_path):
    """Case 70."""
    request_id = await issued(intake)
    await hold(intake, request_id, held=True)

    assert await retain_requests(intake.database, LATER, 5, dry_run=True) == []
    assert await retention(intake).step(LATER) == 0
    assert "request" in await rows(intake)
    assert len(objects(tmp_path)) >= 4

    await hold(intake, request_id, held=False)
    assert await retention(intake).step(LATER) == 5


async def test_a_hold_told_while_requests_are_chosen_still_counts(intake):
    """Case 70: one whose row a consumer has locked is passed over, and each is asked for once more under its lock."""
    first, second = sorted([await intake.with_papers(), await intake.with_papers("30099999")])
    async with intake.database.transaction() as consumer:
        await consumer.execute("SELECT FROM request FOR UPDATE")
        assert await retain_requests(intake.database, LATER, 5) == []
    async with intake.database.transaction() as blocking, intake.database.connection() as other:
        await blocking.execute("SELECT FROM history WHERE request_id = $1 FOR UPDATE", first)
        step = asyncio.create_task(retain_requests(intake.database, LATER, 5))
        while not await other.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"):
            continue
        await other.execute("INSERT INTO legal_hold VALUES ($1, $2)", second, NOW)

    assert await step == [first]


@pytest.mark.parametrize(
    "student", [{"degree_completed_on": date(2029, 5, 31)}, {"program_end_date": date(2030, 5, 31)}]
)
async def test_a_longer_study_is_waited_for(intake, student):
    """8 CFR 214.3(g): after the student stops to pursue a full course."""
    await issued(intake, **student)

    assert await retain_requests(intake.database, LATER, 5) == []


async def test_what_is_in_line_or_in_work_is_never_deleted(intake):
    await intake.complete()
    await intake.complete("30099999")

    assert await retain_requests(intake.database, LATER.replace(year=2060), 5) == []


async def test_a_request_never_completed_or_withdrawn_goes_after_its_last_event(intake, tmp_path):
    """The last event counts also where it lies years after the form; an unsent draft goes too."""
    abandoned, withdrawn = await intake.with_papers(), await intake.with_papers("30099999")
    intake.now = later(days=700)
    await intake.act(withdraw_request, withdrawn, sub="30099999")
    async with intake.database.transaction() as connection:
        await connection.execute("INSERT INTO draft VALUES ($1, 'key', '{}', $2)", STUDENT, NOW)

    assert await retain_requests(intake.database, LATER.replace(month=3), 5) == [abandoned]
    assert await retain_requests(intake.database, LATER.replace(year=2034), 5) == [withdrawn]
    assert await delete_documents(retention(intake), LATER) == 6
    assert (await rows(intake), objects(tmp_path)) == (set(), [])


async def test_a_crash_anywhere_between_row_and_object_is_made_good(intake, tmp_path):
    """Case 70: after the rows, after a picture, after the object; and two processes at once delete and log it once."""
    await issued(intake)
    await retain_requests(intake.database, LATER, 5)
    left = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    picture = next(path for path in left if ".page-" in path.name)
    picture.unlink()
    next(path for path in left if ".page-" not in path.name and not picture.name.startswith(path.name)).unlink()

    done = await asyncio.gather(*(delete_documents(retention(intake), LATER) for _ in range(2)))

    assert (sum(done), objects(tmp_path)) == (4, [])
    assert await retention(intake).step(LATER) == 0


async def test_an_object_that_cannot_be_deleted_keeps_none_of_the_others_and_is_tried_again(intake, tmp_path):
    await issued(intake)
    await retain_requests(intake.database, LATER, 5)
    folder = tmp_path / "objects" / "documents"
    stubborn = next(path for path in folder.iterdir() if ".page-" not in path.name)
    content = stubborn.read_bytes()
    stubborn.unlink()
    stubborn.mkdir()  # what no store deletes as a file
    (stubborn / "x").touch()

    with pytest.raises(StoreAway):
        await delete_documents(retention(intake), LATER)
    assert objects(tmp_path) == ["x"]

    (stubborn / "x").unlink()
    stubborn.rmdir()
    stubborn.write_bytes(content)
    assert await delete_documents(retention(intake), LATER) == 1


async def test_what_is_told_later_of_a_deleted_request_is_history(intake):
    """P1: nothing parks, and a student may send a new request."""
    request = await intake.request(await issued(intake))
    await retention(intake).step(LATER)

    for happens in (happened.checked, happened.assigned, happened.returned, happened.issued, happened.withdrawn):
        await intake.hear(happens(request))
    await intake.hear(an_agreement(version=2))

    assert await intake.submit() != request.request_id
