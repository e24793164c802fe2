"""A site whose only feed are nightly extracts of PeopleSoft (docs/connect.md); reads are answered from them over real HTTP."""

import gzip
import json
import zlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.campus import TermWithdrawn
from cpt.contracts.envelope import decode
from cpt.messaging.delivery import Delivery
from cpt.messaging.record import Record
from cpt.postgres import Database, PostgresSettings
from enrollment_sync.app import build_web
from enrollment_sync.extracts.forget_terms import forget_terms
from enrollment_sync.extracts.import_place import Wish, import_place
from enrollment_sync.extracts.mapping import shipped_mapping
from enrollment_sync.extracts.places import NoPlace
from enrollment_sync.extracts.show_spire import ShowSpire
from enrollment_sync.settings import ExtractSettings, PatientSpireSettings
from enrollment_sync.spire import Spire
from tests.component.enrollment_sync.conftest import Sync
from tests.component.enrollment_sync.told import START
from tests.unit.web.serving import served

ANA, BO = "30012345", "30022222"
COLUMNS = (
    "EMPLID,ACAD_CAREER,INSTITUTION,STRM,CLASS_NBR,SESSION_CODE,SUBJECT,CATALOG_NBR,SSR_COMPONENT,STDNT_ENRL_STATUS,"
    "ENRL_STATUS_REASON,CRSE_GRADE_INPUT,UNT_TAKEN,GRADING_BASIS_ENRL,STATUS_DT,ENRL_ADD_DT,ENRL_DROP_DT,LAST_UPD_DT_STMP,LAST_UPD_TM_STMP"
)
STUDENTS = f"""EMPLID,ACAD_CAREER,NAME_DISPLAY,EMAIL_ADDR,ACAD_PROG_DESCR,LEVEL,PROGRAM_END_DT,ENGLISH_PROGRAM,PRIOR_FULLTIME_TERMS
{ANA},GRAD,Ana Lima,ana@umass.example,MS Computer Science,masters,2027-05-31,N,2
{BO},GRAD,Bo Chen,bo@umass.example,MS Computer Science,masters,2027-05-31,N,2
"""
MONDAY = datetime(2026, 9, 20, 6, tzinfo=UTC)
NIGHT = timedelta(days=1)


def a_line(
    emplid=ANA, class_nbr="41234", status="E", reason="ENRL", *, subject="COMPSCI", number="698", units="1.00", **more
):
    given = dict(grade="", status_dt="2026-09-01", add="2026-09-01", drop="", upd="2026-09-01", time="10:00:00") | more
    return (
        f"{emplid},GRAD,UMAMH,1267,{class_nbr},1,{subject},{number},PRA,{status},{reason},{given['grade']},{units},GRD,"
        f"{given['status_dt']},{given['add']},{given['drop']},{given['upd']},{given['time']}"
    )


def dropped(emplid=ANA, class_nbr="41234", **more):
    when = dict(status_dt="2026-09-20", drop="2026-09-20", upd="2026-09-20", time="16:03:11") | more
    return a_line(emplid, class_nbr, "D", "DROP", units="0.00", **when)


EVERYBODY = [
    a_line(),
    a_line(class_nbr="51111", subject="MATH", number="500", units="3.00"),
    a_line(BO),
    *(a_line(f"3003{n:04}") for n in range(17)),
]


class Site:
    """Nightly files in one folder, imported as the command does; `sync` reads what they told, from the service itself."""

    def __init__(self, sync, folder, database):
        self.sync, self.folder, self.database, self._offsets = sync, folder, database, count()

    async def night(self, rows, taken_at=MONDAY, record="STDNT_ENRL", *, header=COLUMNS, **wishes):
        text = "".join(f"{line}\n" for line in [header, *rows])
        return await self.file(text.encode(), f"{record}_{taken_at:%Y%m%d%H%M}_UTC.csv", taken_at, **wishes)

    async def file(self, content, name, taken_at=MONDAY, *, mode=None, accept_smaller=False, mapping=None):
        (self.folder / name).write_bytes(content)
        wish = Wish(str(self.folder / name), None, mode, taken_at, accept_smaller, "")
        site = mapping or shipped_mapping()
        (report,) = await import_place(self.database, wish, site, max(self.sync.now, taken_at), "tests", 0.8)
        return report

    async def students(self):
        await self.file(STUDENTS.encode(), "CPT_STUDENT.csv", MONDAY)

    async def told(self):
        """The registrar's events that wait to leave."""
        rows = await self.sync.rows(
            "SELECT headers, payload FROM outbox WHERE topic = 'campus.enrollment' ORDER BY seq"
        )
        return [decode(row["headers"], row["payload"]).event for row in rows]

    async def deliver(self):
        """What the relay and Kafka do."""
        rows = await self.sync.rows("SELECT * FROM outbox WHERE topic = 'campus.enrollment' ORDER BY seq")
        await self.sync.rows("DELETE FROM outbox WHERE topic = 'campus.enrollment'")
        for row in rows:
            record = Record(row["topic"], 0, next(self._offsets), 1, row["key"], row["headers"], bytes(row["payload"]))
            await Delivery(self.sync.consumer, self.sync.database)([record])


@pytest.fixture
async def importing(roles):
    """As web, beside which the command runs."""
    async with Database(PostgresSettings(dsn=SecretStr(roles["web"])), "enrollment_sync", "tests") as database:
        yield database


@asynccontextmanager
async def answering(applications, web_settings, clock):
    """The service's own web process, as every service of such a site asks it."""
    own = {"spire": PatientSpireSettings(token=SecretStr("own")), "extracts": ExtractSettings(answer_reads=True)}
    async with (
        applications.lent(build_web, web_settings.model_copy(update=own), clock) as app,
        served(lambda _: app, lifespan="off") as address,
    ):
        spire = Spire(address, "own", timeout=5, budget=5)
        yield spire
        await spire.close()


@pytest.fixture
async def site(database, administrator, demo, importing, applications, web_settings, tmp_path):
    times = [START]
    async with answering(applications, web_settings, lambda: times[0].now) as spire:
        times[0] = Sync(database, administrator, demo, spire)
        yield Site(times[0], tmp_path, importing)


async def test_nightly_extracts_alone_carry_a_request_from_its_check_to_a_withdrawal_that_is_found(site):
    """R28, R32, P19, case 10: from the first load to a drop, to a term that was withdrawn from, to a row that vanished."""
    sync = site.sync
    await site.students()
    assert (await site.night(EVERYBODY)).first == 20
    assert await site.told() == []  # a first load tells of no change

    await sync.issue()
    assert await sync.losses() == []

    report = await site.night([dropped(), *EVERYBODY[1:]], MONDAY + NIGHT)
    (event,) = await site.told()
    assert (report.changed, report.events, event.action, str(event.effective_dt)) == (1, 1, "D", "2026-09-20")
    sync.now = MONDAY + NIGHT
    await site.deliver()
    await sync.after(minutes=16)

    (loss,) = await sync.losses()
    assert (loss.class_nbr, loss.current.status) == ("41234", "D")


async def test_a_row_that_a_complete_extract_lacks_is_found_by_a_check(site):
    """Case 10, P19: no event tells what became of it."""
    sync = site.sync
    await site.students()
    await site.night(EVERYBODY)
    await sync.issue()

    report = await site.night(EVERYBODY[1:], MONDAY + NIGHT)
    await sync.after(minutes=16)

    assert (report.gone, report.events, report.due) == (1, 0, 1)
    assert [loss.class_nbr for loss in await sync.losses()] == ["41234"]


async def test_a_withdrawal_from_the_term_ends_its_classes_though_none_of_their_rows_changes(site):
    """P18, case 6; it stands above whatever is told of these classes later."""
    header = "EMPLID,ACAD_CAREER,INSTITUTION,STRM,WITHDRAW_CODE,WITHDRAW_DATE"
    sync = site.sync
    await site.students()
    await site.night(EVERYBODY)
    await site.night([f"{ANA},GRAD,UMAMH,1267,NWD,"], record="STDNT_CAR_TERM", header=header)
    await sync.issue()

    await site.night([f"{ANA},GRAD,UMAMH,1267,WDR,2026-09-19"], MONDAY + NIGHT, "STDNT_CAR_TERM", header=header)
    await site.night([a_line(grade="B"), *EVERYBODY[1:]], MONDAY + 2 * NIGHT)
    (event,) = await site.told()
    sync.now = MONDAY + 2 * NIGHT
    await site.deliver()
    await sync.after(minutes=16)

    assert isinstance(event, TermWithdrawn)
    assert len(await sync.losses()) == 1
    assert await sync.regains() == []

    await site.night([f"{ANA},GRAD,UMAMH,1267,NWD,"], MONDAY + 3 * NIGHT, "STDNT_CAR_TERM", header=header)
    sync.now = MONDAY + 3 * NIGHT
    await site.deliver()
    await sync.check()

    assert [regained.confirmed_by_read for regained in await sync.regains()] == [False, True]


@pytest.mark.parametrize("again", ["the same file", "the same file under a new name", "a later one", "an earlier one"])
async def test_a_file_that_comes_twice_or_late_changes_nothing(site, again):
    """P31: by its name, by its time, by its rows."""
    await site.night(EVERYBODY, MONDAY)
    await site.night([dropped(), *EVERYBODY[1:]], MONDAY + NIGHT)
    before = await site.told()

    night = MONDAY + {"a later one": 2 * NIGHT, "an earlier one": NIGHT / 2}.get(again, NIGHT)
    rows = EVERYBODY if again == "an earlier one" else [dropped(), *reversed(EVERYBODY[1:])]
    report = await site.night(rows, night)

    assert (report.outcome, report.changed, report.gone) == ("applied" if night > MONDAY + NIGHT else "late", 0, 0)
    assert await site.told() == before


async def test_a_full_extract_whose_name_lies_about_its_age_is_held(site):
    await site.night(EVERYBODY, MONDAY)
    await site.night([dropped(), *EVERYBODY[1:]], MONDAY + NIGHT)

    report = await site.night(EVERYBODY, MONDAY + 2 * NIGHT)

    assert report.outcome == "held"
    assert "older than it says" in report.faults[0].what
    assert len(await site.told()) == 1


async def test_an_extract_that_lost_many_rows_is_held_and_said_until_a_person_accepts_it(site):
    """P19, R33: never read as drops of a mass of students."""
    await site.students()
    await site.night(EVERYBODY)
    await site.sync.issue()

    report = await site.night(EVERYBODY[:10], MONDAY + NIGHT)
    assert (report.outcome, await site.sync.alarms()) == ("held", {"extract_not_taken"})
    assert "10 of the 20 rows known of term 1267 are missing" in "\n".join(report.lines())
    assert (await site.night(EVERYBODY, MONDAY + NIGHT * 2)).outcome == "applied"
    assert await site.sync.alarms() == set()

    report = await site.night(EVERYBODY[:10], MONDAY + NIGHT * 3, accept_smaller=True)
    assert (report.outcome, report.gone) == ("applied", 10)


async def test_changes_alone_may_come_in_any_order_and_the_newest_stands(site):
    """A delta says nothing of the rows that it has not."""
    await site.night(EVERYBODY)

    later = await site.night([dropped(time="18:00:00")], MONDAY + 2 * NIGHT, mode="delta")
    earlier = await site.night([a_line(units="2.00", upd="2026-09-19")], MONDAY + NIGHT, mode="delta")

    assert (later.changed, later.gone) == (1, 0)
    assert (earlier.changed, earlier.older) == (0, 1)


async def test_a_row_at_fault_is_named_and_goes_the_way_of_every_message_that_cannot_be_read(site):
    """Case 8, P29: parked for a watched student, with the rest of the file applied and nothing taken as gone."""
    sync = site.sync
    await site.students()
    await site.night(EVERYBODY)
    await sync.issue()

    spoiled = dropped().replace("0.00", "none").replace("2026-09-20,2026-09-01", "20.9.,2026-09-01")
    report = await site.night([spoiled, *EVERYBODY[1:]], MONDAY + NIGHT)
    sync.now = MONDAY + NIGHT
    await site.deliver()
    await sync.check()

    assert {(fault.row, fault.column, fault.value) for fault in report.faults} == {
        (2, "UNT_TAKEN", "none"),
        (2, "STATUS_DT", "20.9."),
    }
    (parked,) = await sync.rows("SELECT key, reason FROM parked")
    assert (parked["key"], "units" in parked["reason"]) == (ANA, True)
    assert len(await sync.rows("SELECT FROM student WHERE blind_since IS NOT NULL")) == 1


@pytest.mark.parametrize("age", [None, timedelta(hours=37)])
async def test_an_extract_that_is_too_old_answers_nothing(site, age):
    """P19, P30: it would hide what happened since."""
    await site.students()
    if age is not None:
        await site.night(EVERYBODY, START - age)

    run = await site.sync.reconcile()

    assert run["outcome"] == "unreachable"


async def test_a_snapshot_is_of_one_moment_and_holds_no_transaction_while_its_reader_reads(site):
    """P19: what is imported meanwhile changes none of its lines, and a reader may take as long as it likes."""
    await site.night(EVERYBODY)
    spire = ShowSpire(site.database, lambda: MONDAY, NIGHT)

    parts = await spire.snapshot("1267")
    held = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    assert await site.sync.rows(held) == []
    await site.night(EVERYBODY[1:], MONDAY + NIGHT)
    first, *rows, last = [json.loads(line) for part in parts for line in zlib.decompress(part).splitlines()]

    assert (first["row_count"], len(rows), last) == (20, 20, {"complete": True, "row_count": 20})
    assert {row["emplid"] for row in rows} >= {ANA, BO}


async def test_what_changes_on_a_whole_campus_is_told_in_parts_and_in_order(site, monkeypatch):
    """P36: none is lost between two parts, and each has its own sequence."""
    monkeypatch.setattr("enrollment_sync.extracts.store._AT_ONCE", 3)
    await site.night(EVERYBODY)
    report = await site.night([row.replace(",698,", ",699,") for row in EVERYBODY], MONDAY + NIGHT)
    told = [event.source_seq for event in await site.told()]

    assert (report.events, len(told), told) == (19, 19, sorted(set(told)))


async def test_a_student_whom_nobody_watches_is_told_of_and_dropped_unread(site):
    """Case 58: nothing about them is kept but the extract's own row."""
    await site.night(EVERYBODY)
    await site.night([EVERYBODY[0], EVERYBODY[1], dropped(BO), *EVERYBODY[3:]], MONDAY + NIGHT)

    await site.deliver()

    assert await site.sync.rows("SELECT FROM registrar_event") == []
    assert await site.sync.rows("SELECT FROM student") == []


async def test_the_own_read_side_is_for_the_service_account_alone(site):
    address = site.sync.spire._client.base_url
    async with httpx2.AsyncClient(base_url=address) as nobody:
        answers = [
            await nobody.get(f"/students/{ANA}", headers=headers) for headers in ({}, {"Authorization": "Bearer no"})
        ]

    assert [answer.status_code for answer in answers] == [401, 401]


async def test_a_packed_file_is_read_and_one_that_was_cut_off_is_refused_whole(site):
    content = "".join(f"{line}\n" for line in [COLUMNS, *EVERYBODY]).encode()
    packed = gzip.compress(content)

    cut = await site.file(packed[:-40], "STDNT_ENRL_1.csv.gz", MONDAY)
    whole = await site.file(packed, "STDNT_ENRL_2.csv.gz", MONDAY)

    assert (cut.outcome, whole.outcome, whole.first) == ("refused", "applied", 20)


async def test_rows_of_a_term_that_is_long_over_are_forgotten(site):
    """Case 58, P16."""
    await site.night(EVERYBODY)

    await forget_terms(site.sync.database, datetime(2027, 2, 1, tzinfo=UTC))
    kept = await site.sync.rows("SELECT FROM extract_row")
    await forget_terms(site.sync.database, datetime(2027, 3, 1, tzinfo=UTC))

    assert len(kept) == 20
    assert await site.sync.rows("SELECT FROM extract_row UNION ALL SELECT FROM extract_scope") == []


async def test_a_folder_is_read_oldest_first_and_each_file_once(site):
    """The command's exit code and report are for whoever runs it each night."""
    for night, rows in enumerate((EVERYBODY, [dropped(), *EVERYBODY[1:]])):
        text = "".join(f"{line}\n" for line in [COLUMNS, *rows])
        (site.folder / f"a-{9 - night}-STDNT_ENRL-20260920020{night}.csv").write_text(text)
    (site.folder / "readme.txt").write_text("not ours")
    wish = Wish(str(site.folder), None, None, None, accept_smaller=False, mapping="")

    reports = [await import_place(site.database, wish, shipped_mapping(), START, "tests", 0.8) for _ in range(2)]

    assert [[(report.first, report.changed) for report in night] for night in reports] == [[(20, 0), (0, 1)], []]


@pytest.mark.parametrize("answer", [200, 404, 503])
async def test_a_file_is_fetched_by_http_or_the_reason_is_named(site, answer):
    """A server that is away is asked again with patience, one that has no such file is not."""
    asked = []

    async def serve(scope, _, send):
        asked.append(scope["path"])
        status = 429 if len(asked) == 1 else answer
        headers = [(b"last-modified", b"Sun, 20 Sep 2026 06:00:00 GMT")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": "".join(f"{line}\n" for line in [COLUMNS, *EVERYBODY]).encode()}
        )

    async with served(lambda _: serve, lifespan="off") as address:
        wish = Wish(f"{address}/STDNT_ENRL.csv", None, None, None, accept_smaller=False, mapping="")
        if answer == 200:
            (report,) = await import_place(site.database, wish, shipped_mapping(), START, "tests", 0.8)
            assert (report.first, report.taken_at) == (20, MONDAY)
        else:
            with pytest.raises(NoPlace, match=str(answer)):
                await import_place(site.database, wish, shipped_mapping(), START, "tests", 0.8)
    assert len(asked) == (4 if answer == 503 else 2)


@pytest.mark.parametrize("place", ["nowhere", "ftp://campus/extract.csv", "/dev/null/x"])
async def test_a_place_that_cannot_be_read_is_named(site, place):
    with pytest.raises(NoPlace):
        await import_place(
            site.database,
            Wish(place, None, None, None, accept_smaller=False, mapping=""),
            shipped_mapping(),
            START,
            "tests",
            0.8,
        )
