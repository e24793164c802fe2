"""Authorizations from before this system: imported on the first day, watched from then on like any other."""

import io
import json
import zipfile
from datetime import date

import pytest

from cpt.contracts.alerts import AlertRaised
from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationChanged, AuthorizationImported
from review.authorizations import Change
from review.cases.change_authorization import change_authorization
from review.cases.export_case_file import export_case_file
from review.cases.import_authorizations import import_authorizations
from review.cases.read_import import Faulty
from review.documents import Documents
from review.line.prove_line import prove_line
from tests.component.review.acts import assigned, view
from tests.factories import ADVISER, a_hit, checked, lost

HEAD = (
    "key,emplid,name,email,route,employer,street,city,region,postal_code,hours_per_week,"
    "start_date,end_date,issued_on,signed_by,agreement_id"
)
ANA = "I-1,30012345,Ana Lima,ana@umass.example,credit,Baystate Robotics Inc.,12 Main St,Springfield,MA,01103,15,2026-06-01,2026-12-11,2026-05-20,Kim Lee,"
BEN = (
    "I-2,30054321,Ben Cho,,coop,Valley Labs,3 Elm St,Amherst,MA,01002,40,2026-09-08,2026-12-11,2026-08-20,Kim Lee,HS-9"
)


def a_file(*rows, head=HEAD):
    return "\r\n".join((head, *rows)).encode("utf-8-sig")


@pytest.fixture
def imported(review):
    async def imported(*rows, content=None, **options):
        async with review.act() as connection:
            content = a_file(*rows) if content is None else content
            return await import_authorizations(connection, content, "terminal:kim", review.now, **options)

    return imported


async def faults_of(imported, *rows, **options):
    with pytest.raises(Faulty) as faulty:
        await imported(*rows, **options)
    return list(faulty.value.faults)


async def test_an_imported_authorization_is_an_issued_case_without_a_number(imported, review):
    """R32: the watch covers it to its authorized end; nothing tells that it was approved (R54)."""
    (request_id,) = (await imported(ANA)).added

    (told,) = await review.published()
    assert isinstance(told.event, AuthorizationImported)
    assert told.event.facts.emplid == "30012345"
    assert [(s.strm, s.start_date, s.end_date) for s in told.event.segments] == [
        ("1265", date(2026, 6, 1), date(2026, 8, 21)),
        ("1267", date(2026, 9, 8), date(2026, 12, 11)),
    ]
    shown = await view(review, request_id)
    assert (shown["state"], shown["receipt_number"], shown["due_on"]) == ("issued", None, None)
    assert "imported" in [flag["code"] for flag in shown["flags"]]
    assert await review.value("SELECT action FROM audit WHERE subject = $1", request_id) == "authorization_imported"


async def test_an_import_leaves_the_line_its_proof_and_its_figures_alone(imported, review):
    """P14: no number, no row of the log; the next case is who came first."""
    await imported(ANA, BEN)
    await assigned(review)

    async with review.act() as connection:
        assert await prove_line(connection) == []
    assert await review.value("SELECT count(*) FROM line_log WHERE request_id <> 'r1'") == 0
    assert await review.value("SELECT array_agg(receipt_number) FROM number") == [1]


async def test_the_same_file_twice_adds_nothing(imported, review):
    """The key of a row is the office's own and the same for ever."""
    first = await imported(ANA, BEN)
    again = await imported(BEN, ANA)

    assert (len(first.added), again.added, sorted(again.known)) == (2, [], sorted(first.added))
    assert len(await review.published()) == 2


async def test_a_dry_run_stores_nothing(imported, review):
    assert len((await imported(ANA, dry_run=True)).added) == 1

    assert await review.value("SELECT count(*) FROM case_file") == 0
    assert await review.published() == []


async def test_every_fault_of_every_row_is_named_at_once_and_nothing_is_stored(imported, review):
    """Bad input: row and column, never the value."""
    bad = "I_3,123,,no address,mixed,Valley Labs,3 Elm St,Amherst,MA,01002,0,2026-09-08,2026-09-01,2026-09-02,Kim Lee,,beyond"
    coop = BEN.replace("HS-9", "").replace("I-2", "30054321")
    found = await faults_of(imported, ANA, bad, coop)

    assert {fault.rpartition(":")[0].partition(":")[0] + fault.split(":")[1] for fault in found} >= {
        "row 3 key", "row 3 emplid", "row 3 name", "row 3 email", "row 3 route", "row 3 hours_per_week",
        "row 3 end_date", "row 3 issued_on", "row 3 a cell beyond the last column", "row 4 emplid", "row 4 agreement_id",
    }  # fmt: skip
    assert "row 3: name: missing" in found
    assert not any(secret in fault for fault in found for secret in ("30054321", "no address", "Valley"))
    assert await review.value("SELECT count(*) FROM case_file") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column key: missing"),
        (HEAD.encode(), "the file holds no row"),
        (a_file(ANA, head=HEAD.replace("signed_by", "signed")), "column signed: unknown"),
        (a_file(ANA, head=HEAD.replace("agreement_id", "name")), "column name: twice"),
        (b"\xff\xfe" + ANA.encode(), "the file is no CSV in UTF-8"),
        (a_file(ANA, ANA), "key I-1: 2 rows have it"),
        (a_file(ANA.replace("2026-12-11", "2126-12-11")), "the academic calendar has no term for these days"),
        (a_file(ANA.replace("2026-06-01,2026-12-11", "2026-01-30,2026-04-01")), "the watch of such an authorization"),
        (a_file(ANA.replace("Ana Lima", "Ana\x00Lima")), "row 2: name: "),
    ],
)
async def test_a_file_that_cannot_be_taken_says_why(imported, content, said):
    """Cases 25 and 26 where the calendar cannot tell; P16 where the watch would be over."""
    assert any(said in fault for fault in await faults_of(imported, content=content))


@pytest.mark.parametrize(
    ("courses", "said"),
    [
        ("1267 COMPSCI 698; 1271 COMPSCI 698", "for no other"),
        ("1299 COMPSCI 698", "for no other"),
        ("1267 COMPSCI 698 xyz", "as SPIRE writes them"),
        ("1267 *** ---", "as SPIRE writes them"),
        ("1267 COMPSCI 698; 1267 compsci 0698", "named twice"),
        ("1267 COMPSCI", "write term, subject, number"),
    ],
)
@pytest.mark.parametrize("row", [ANA.replace("2026-06-01", "2026-09-08"), BEN], ids=["credit", "coop"])
async def test_a_course_that_could_never_be_found_is_no_course_to_watch(imported, row, courses, said):
    """A23: it would be watched in place of the one that was meant, and nobody asked to name that."""
    (fault,) = await faults_of(imported, content=a_file(f"{row},{courses}", head=f"{HEAD},courses"))

    assert fault.startswith("row 2: courses: ")
    assert said in fault


async def test_imported_courses_are_those_of_the_watch(imported, review):
    """A23: of a co-op one in all is enough; none at all leaves enrollment-sync to suppose, or to ask."""
    coop = BEN.replace("2026-12-11", "2027-04-30")
    await imported(content=a_file(f"{coop},1267 compsci 0698 41234", f"{ANA},", head=f"{HEAD},courses"))

    named = [told.event.facts.courses for told in await review.published(AuthorizationImported)]
    assert [[(one.strm, one.subject, one.catalog_nbr, one.class_nbr) for one in each] for each in named] == [
        [("1267", "COMPSCI", "698", "41234")],
        [],
    ]


async def test_a_known_key_with_other_content_is_refused(imported, review):
    """What was imported is changed on its case page, where SEVIS's limits hold (X11, X12)."""
    await imported(ANA)

    (fault,) = await faults_of(imported, ANA.replace("2026-12-11", "2026-11-30"), BEN)
    assert fault.startswith("key I-1: imported before with other content")
    assert await review.value("SELECT count(*) FROM case_file") == 1


async def test_an_imported_authorization_is_shortened_like_any_other(imported, review):
    """X12: the watch follows (P28); what the list said is kept."""
    (request_id,) = (await imported(ANA)).added
    async with review.act() as connection:
        await change_authorization(connection, request_id, ADVISER, Change(date(2026, 10, 30), "Ends"), review.now)

    (told,) = await review.published(AuthorizationChanged)
    assert (told.event.authorized_until, told.event.segments[-1].end_date) == (date(2026, 10, 30), date(2026, 10, 30))
    assert (await imported(ANA)).known == [request_id]


async def test_compliance_sees_an_alert_about_an_imported_student_like_any_other(imported, review, web):
    """R32, R33."""
    (request_id,) = (await imported(ANA)).added
    await review.hear(checked(request_id), lost(request_id=request_id, hits=(a_hit(request_id),)))

    async with web("compliance") as compliance:
        (alert,) = (await compliance.get("/api/alerts")).json()
    assert (alert["state"], alert["authorizations"][0]["request_id"]) == ("suspected", request_id)
    async with web("adviser") as adviser:
        page = await adviser.get(f"/api/cases/{request_id}")
    assert (page.status_code, page.json()["reference"]) == (200, "IMP-I-1")


async def test_the_case_file_of_an_imported_authorization_is_whole(imported, review, documents):
    """8 CFR 214.3(g): three working days."""
    (request_id,) = (await imported(ANA)).added
    archive = await export_case_file(review.database, Documents(documents.as_uri()), request_id, ADVISER, review.now)

    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        (one,) = json.loads(file.read("authorizations.json"))
        assert "IMP-I-1" in file.read("index.html").decode()
    assert (one["issued"]["signed_by"], one["issued"]["receipt_number"]) == ("Kim Lee", None)
    assert await review.published(I20Issued) == [] == await review.published(AlertRaised)
