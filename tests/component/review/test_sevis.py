"""A SEVIS batch from drawn up to its results, on real PostgreSQL, by the API and by the pages."""

import io
import json
import zipfile
from asyncio import gather
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from cpt.contracts.review import IssuanceAsked
from cpt.contracts.values import Address, ChangedAuthorization, Finding
from review.domain import Refused, Unfit
from review.settings import SevisSettings
from review.sevis.carry_batch import read_file
from review.sevis.draw_up_batch import Batching, school_code
from review.store import sql
from tests.component.review.acts import approved, asked, issued
from tests.factories import ADVISER, HOME, a_form, a_student, checked, facts, withdrawn
from tests.unit.sevis.samples import ORG_ID, USER, a_log, official, result

SITE = Address(street="99 Work Way", city="Boston", region="MA", postal_code="02110-1234")
PDF = b"%PDF-1.7 an I-20 for "


@pytest.fixture
def web_settings(web_settings):
    sevis = SevisSettings(schools={"Amherst": ORG_ID}, schemas=official("6.55"))
    return web_settings.model_copy(update={"sevis": sevis})


@pytest.fixture
async def desk(review, web):
    """The adviser who holds the cases, with a SEVIS user ID."""
    async with web("adviser") as adviser:
        assert (await adviser.put("/api/sevis/user-id", json={"user_id": USER})).status_code == 204
        yield adviser


async def ready(review, desk, request_id="r1", number=1, *, sevis_id="N0012345678", emplid="30012345", **fields):
    """Approved, and SPIRE has answered the question that opens the gate."""
    form = fields.pop("form", a_form(work_locations=(SITE,)))
    answer = {"student": a_student(sevis_id=sevis_id), "emplid": emplid}
    await approved(review, request_id, number, answer=answer, form=form, facts=facts(emplid), **fields)
    assert (await desk.post("/sevis/batches", data={"act": "ask", "add": request_id})).status_code == 303
    question = await asked(review, IssuanceAsked)
    await review.hear(checked(request_id, check_no=3, asked_by=[question], **answer))


def adding(*request_ids, **words):
    return {"adds": [{"request_id": one, **words} for one in request_ids]}


async def drawn(desk, *request_ids, **words):
    answer = await desk.post("/api/sevis/batches", json=adding(*request_ids, **words))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def give(desk, log, **papers):
    """A bare log, or with papers the zip."""
    if papers:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("sevis_transaction_log.xml", log)
            for name, content in papers.items():
                archive.writestr(f"{name}.pdf", content)
        log = packed.getvalue()
    return await desk.post("/api/sevis/answers", content=log)


def answered(batch, **failed):
    """A log with every record of the batch; `failed` by request."""
    said = []
    for one in batch["records"]:
        if error := failed.get(one["request_id"]):
            said.append(result(one["record_id"], status="false", sevis_id=one["sevis_id"], errors=[error]))
        else:
            said.append(result(one["record_id"], sevis_id=one["sevis_id"]))
    return a_log(*said, batch_id=batch["batch_id"], process="S0020" if failed else "S0000")


def states(batch):
    return {one["request_id"]: one["state"] for one in batch["records"]}


async def test_a_batch_goes_from_drawn_up_to_results_with_one_failure(review, desk):
    """One Add a segment, validated bytes, download, upload, results by each record; the DSO's own act stays (P21)."""
    await ready(review, desk)
    await ready(review, desk, "r2", 2, sevis_id="N0099999999", emplid="30099999")
    batch = await drawn(desk, "r1", "r2")
    assert (batch["state"], set(states(batch).values())) == ("drawn_up", {"in_batch"})

    file = await desk.get(f"/api/sevis/batches/{batch['batch_id']}/file")
    assert file.headers["content-disposition"] == f'attachment; filename="{batch["batch_id"]}.xml"'
    root = etree.fromstring(file.content)
    assert [root.findtext(f"BatchHeader/{name}") for name in ("BatchID", "OrgID")] == [batch["batch_id"], ORG_ID]
    place = root.find(".//EmployerAddress")
    assert [child.text for child in place] == ["99 Work Way", "Boston", "MA", "02110", "1234"]

    uploaded = (await desk.post(f"/api/sevis/batches/{batch['batch_id']}/uploaded")).json()
    assert (uploaded["state"], set(states(uploaded).values())) == ("uploaded", {"uploaded"})

    log = answered(batch, r2=("S1044", "Employment dates must not overlap an existing employment segment"))
    after = (await give(desk, log, N0012345678_1=PDF + b"Ana", notes=PDF + b"nobody")).json()
    assert (after["state"], after["result_code"]) == ("answered", "S0020")
    assert states(after) == {"r1": "succeeded", "r2": "failed"}
    failed = next(one for one in after["records"] if one["state"] == "failed")
    assert (failed["code"], failed["message"][:16]) == ("S1044", "Employment dates")
    assert "Concurrent CPT is allowed" in failed["words"]
    assert [bool(paper["record_id"]) for paper in after["papers"]] == [True, False]
    paper = await desk.get(f"/api/sevis/batches/{batch['batch_id']}/papers/1")
    assert paper.content == PDF + b"Ana"
    assert (await review.case("r1")).state == "approved"
    assert "sevis_add_failed" in await review.tasks("r2")


async def test_a_success_fills_the_step_of_the_i20_and_the_adviser_still_records_it(review, desk):
    """P21: the paper to sign and the words as sent are there; its fingerprint is the signed one's, so it is not filled in."""
    await ready(review, desk)
    batch = await drawn(desk, "r1", remarks="Café hours")
    await give(desk, answered(batch), N0012345678=PDF)
    page = (await desk.get("/cases/r1")).text

    assert "Cafe hours</textarea>" in page
    assert "The I-20 that came back, to be signed" in page
    assert (await review.case("r1")).state == "approved"
    i20 = {"document": {"sha256": "b" * 64, "name": "x.pdf"}, "issued_on": "2026-09-01", "signed_by": "Kim Lee", "sevis_confirmed": True}  # fmt: skip
    assert (await desk.post("/api/cases/r1/i20", json=i20)).json()["state"] == "issued"


async def test_a_file_whose_days_begin_before_it_is_processed_is_not_given_out(review, desk):
    """SB4: it was in time when it was drawn up; what SEVIS may have is shown as before."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    evening = datetime(2026, 9, 13, 20, tzinfo=UTC)  # its days begin on September 14

    async def read(now):
        async with review.act() as connection:
            return await read_file(connection, batch["batch_id"], ADVISER, now)

    assert (await read(evening)).startswith(b"<?xml")
    with pytest.raises(Refused, match="September 13, 2026"):
        await read(evening + timedelta(days=1))
    await desk.post(f"/api/sevis/batches/{batch['batch_id']}/uploaded")
    assert (await read(evening + timedelta(days=1))).startswith(b"<?xml")


async def test_the_same_answer_twice_changes_nothing(review, desk):
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    once = (await give(desk, answered(batch), N0012345678=PDF)).json()
    tasks = await review.tasks()
    twice = (await give(desk, answered(batch), N0012345678=PDF)).json()

    assert twice == once
    assert await review.tasks() == tasks


@pytest.mark.parametrize("broken", ["missing", "foreign", "other student", "school", "counts"])
async def test_an_answer_that_does_not_fit_is_kept_and_refused_whole(review, desk, broken):
    """Nothing is half applied, and what came is in the record of the batch."""
    await ready(review, desk)
    await ready(review, desk, "r2", 2, sevis_id="N0099999999", emplid="30099999")
    batch = await drawn(desk, "r1", "r2")
    first, second = batch["records"]
    logs = {
        "missing": [result(first["record_id"])],
        "foreign": [result(first["record_id"]), result(second["record_id"]), result("A9")],
        "other student": [result(first["record_id"], sevis_id=second["sevis_id"]), result(second["record_id"])],
    }
    ones = logs.get(broken, [result(first["record_id"]), result(second["record_id"])])
    extra = {"school": {"org_id": "BOS214F99999999"}, "counts": {"counts": (1, 1, 2)}}.get(broken, {})
    answer = await give(desk, a_log(*ones, batch_id=batch["batch_id"], **extra))

    assert answer.status_code == 422
    assert answer.json()["errors"]
    after = (await desk.get(f"/api/sevis/batches/{batch['batch_id']}")).json()
    assert set(states(after).values()) == {"in_batch"}
    assert [one["reading"] for one in after["answers"]] == ["does_not_fit"]


async def test_an_answer_for_a_batch_that_is_not_ours_is_refused(desk):
    answer = await give(desk, a_log(result("A1"), batch_id="CPT00000000000"))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_batch")


async def test_a_settled_record_is_never_answered_otherwise(review, desk):
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    await give(desk, answered(batch))
    answer = await give(desk, answered(batch, r1=("S1005", "Status")))

    assert answer.status_code == 422
    assert states((await desk.get(f"/api/sevis/batches/{batch['batch_id']}")).json()) == {"r1": "succeeded"}


async def test_an_upload_that_sevis_refused_frees_the_authorizations(review, desk):
    """S0013: nothing was loaded, so a new batch may hold them; the code is shown as it came."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    after = (await give(desk, a_log(batch_id=batch["batch_id"], upload="S0013", process=None, download=None))).json()

    assert (after["state"], states(after)) == ("refused", {"r1": "failed"})
    assert (await drawn(desk, "r1"))["batch_id"] != batch["batch_id"]


async def test_what_waits_for_an_answer_is_not_sent_again(review, desk):
    """SB13, and the words say which."""
    await ready(review, desk)
    await drawn(desk, "r1")
    again = await desk.post("/api/sevis/batches", json=adding("r1"))

    assert (again.status_code, [error["code"] for error in again.json()["errors"]]) == (422, ["unanswered"])


async def test_only_the_segment_that_failed_is_sent_again(review, desk):
    """SB11, SB13: one Add for each segment; what SEVIS took is not repeated."""
    dates = {"start_date": date(2026, 9, 14), "end_date": date(2027, 5, 1)}
    findings = tuple(
        Finding(strm=s, outcome="met", code="met", message="…", rule="R28") for s in ("1267", "1271", "1273")
    )
    answer = {"student": a_student(), "findings": findings}
    await approved(review, answer=answer, form=a_form(work_locations=(SITE,)), facts=facts(**dates))
    await desk.post("/api/cases/r1/ask")
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)], **answer))
    batch = await drawn(desk, "r1")
    starts = [one["start_date"] for one in batch["records"]]
    assert len(starts) > 1
    assert starts == sorted(starts)
    bad = batch["records"][-1]["record_id"]
    said = [
        result(
            one["record_id"], **({"status": "false", "errors": [("S1007", "Date")]} if one["record_id"] == bad else {})
        )
        for one in batch["records"]
    ]
    await give(desk, a_log(*said, batch_id=batch["batch_id"]))

    assert [one["start_date"] for one in (await drawn(desk, "r1"))["records"]] == [starts[-1]]


async def test_no_batch_without_spires_fresh_answer(review, desk):
    """P21: a batch is SEVIS too; the gate that stands before typing stands before the file."""
    await approved(review, form=a_form(work_locations=(SITE,)))
    not_asked = await desk.post("/api/sevis/batches", json=adding("r1"))
    await desk.post("/api/cases/r1/ask")
    pending = await desk.post("/api/sevis/batches", json=adding("r1"))
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)]))
    review.now += timedelta(minutes=16)
    expired = await desk.post("/api/sevis/batches", json=adding("r1"))

    codes = [[error["code"] for error in one.json()["errors"]] for one in (not_asked, pending, expired)]
    assert codes == [["not_asked"], ["check_pending"], ["expired"]]


async def test_every_fault_of_every_case_is_named_at_once(review, desk, web):
    await ready(
        review, desk, form=a_form(employer="株式会社", work_locations=(HOME.model_copy(update={"country": "JP"}),))
    )
    await ready(review, desk, "r2", 2, sevis_id=None, emplid="30099999")
    answer = await desk.post("/api/sevis/batches", json=adding("r1", "r2"))

    assert answer.status_code == 422
    assert {error["code"] for error in answer.json()["errors"]} == {"not_ascii", "no_address", "no_sevis_id"}
    mended = await desk.post("/api/sevis/batches", json=adding("r1", employer="Kabushiki"))
    assert {error["code"] for error in mended.json()["errors"]} == {"no_address"}


async def test_an_adviser_batches_own_cases_and_a_director_all(review, desk, web):
    await ready(review, desk)
    async with web("adviser", "adviser-2") as other:
        await other.put("/api/sevis/user-id", json={"user_id": "dsodemo002"})
        refused = await other.post("/api/sevis/batches", json=adding("r1"))
        assert (await other.get("/api/sevis/ready")).json()["adds"] == []
    async with web("director") as director:
        nobody = await director.post("/api/sevis/batches", json=adding("r1"))
        await director.put("/api/sevis/user-id", json={"user_id": "pdsodemo01"})
        batch = await drawn(director, "r1")
        root = etree.fromstring((await director.get(f"/api/sevis/batches/{batch['batch_id']}/file")).content)

    assert refused.json()["errors"][0]["code"] == "not_yours"
    assert nobody.json()["errors"][0]["field"] == "user_id"
    assert (root.get("userID"), root.find("UpdateStudent/Student").get("userID")) == ("pdsodemo01", USER)


async def test_nobody_carries_their_own_case_to_sevis(review, desk, web):
    """A31, case 84: own cases are neither offered nor taken into a batch, and of a batch with one no act is left to me."""
    await ready(review, desk)
    await ready(review, desk, "r2", 2, sevis_id="N0099999999", emplid="30099999")
    batch = await drawn(desk, "r1", "r2")
    there, log = f"sevis/batches/{batch['batch_id']}", answered(batch)
    reason = {"reason": "Not mine", "not_uploaded": True}
    async with web("director", "30012345") as me, web("director") as director:
        await me.put("/api/sevis/user-id", json={"user_id": "pdsodemo01"})
        offered = [(await who.get("/api/sevis/ready")).json()["adds"] for who in (me, director)]
        refused = [
            *[await me.request(*call) for way in ("/api/", "/") for call in acts_on(way + there)],
            await me.post(f"/api/{there}/discard", json=reason),
            await me.post(f"/{there}/discard", data=reason),
            await me.post("/api/sevis/batches", json=adding("r1", "r2")),
            await me.post("/api/sevis/batches", json={"cancels": ["r1"]}),
            *[await me.post("/sevis/batches", data={"act": act, "add": "r1"}) for act in ("ask", "draw")],
            await give(me, log),
            await me.post("/sevis/answers", files={"file": ("log.xml", log)}),
        ]

    assert [[one["request_id"] for one in found] for found in offered] == [["r2"], ["r1", "r2"]]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert all("own" in answer.text for answer in refused)
    untouched = (await desk.get(f"/api/{there}")).json()
    assert (untouched["state"], untouched["downloaded_at"], untouched["answers"]) == ("drawn_up", None, [])


async def test_my_own_issued_case_is_not_offered_for_cancellation(review, desk, web):
    """A31: another director sees it."""
    await issued(review, form=a_form(work_locations=(SITE,)))
    async with web("director", "30012345") as me, web("director") as director:
        offered = [(await who.get("/api/sevis/ready")).json()["cancels"] for who in (me, director)]

    assert [len(found) for found in offered] == [0, 1]


def acts_on(batch):
    return [("GET", batch), ("GET", f"{batch}/file"), ("GET", f"{batch}/papers/1"), ("POST", f"{batch}/uploaded")]


async def test_a_cancellation_repeats_what_was_sent_and_goes_alone(review, desk):
    """SB6, SB11: before the start, by the very words of the Add, and never in one file with a new record."""
    await ready(review, desk)
    batch = await drawn(desk, "r1", employer="Baystate “Robotics”")
    await give(desk, answered(batch))
    i20 = {"document": {"sha256": "b" * 64, "name": "x.pdf"}, "issued_on": "2026-09-01", "signed_by": "Kim Lee", "sevis_confirmed": True}  # fmt: skip
    assert (await desk.post("/api/cases/r1/i20", json=i20)).json()["state"] == "issued"
    await ready(review, desk, "r2", 2)
    both = await desk.post("/api/sevis/batches", json=adding("r2") | {"cancels": ["r1"]})
    assert [error["code"] for error in both.json()["errors"]] == ["SB11"]

    canceled = (await desk.post("/api/sevis/batches", json={"cancels": ["r1"]})).json()
    act = etree.fromstring((await desk.get(f"/api/sevis/batches/{canceled['batch_id']}/file")).content).find(
        ".//Cancel"
    )
    assert [child.text for child in act] == ["2026-09-14", "2026-12-11", "02", 'Baystate "Robotics"']
    waiting = await desk.post("/api/sevis/batches", json=adding("r2"))
    assert [error["code"] for error in waiting.json()["errors"]] == ["cancel_under_way"]
    await give(desk, answered(canceled))
    assert (await drawn(desk, "r2"))["records"][0]["state"] == "in_batch"
    assert "sevis_cancel_succeeded" in await review.tasks("r1")


async def test_a_change_before_the_start_is_canceled_and_added_and_recorded_in_one_act(review, desk):
    """X6, X11, SB15: the earlier record first; the I-20 of the change then cancels the earlier authorization here too."""
    await ready(review, desk)
    await give(desk, answered(await drawn(desk, "r1")))
    i20 = {"document": {"sha256": "b" * 64, "name": "x.pdf"}, "issued_on": "2026-09-01", "signed_by": "Kim Lee", "sevis_confirmed": True}  # fmt: skip
    assert (await desk.post("/api/cases/r1/i20", json=i20)).json()["state"] == "issued"
    changes = ChangedAuthorization(request_id="r1", reference="CPT-2026-000001")
    await ready(review, desk, "r2", 2, form=a_form(work_locations=(SITE,), hours_per_week=18), changes=changes)
    early = (await desk.post("/api/sevis/batches", json=adding("r2"))).json()["errors"]
    assert [error["code"] for error in early] == ["cancel_earlier_first"]

    await give(desk, answered((await desk.post("/api/sevis/batches", json={"cancels": ["r1"]})).json()))
    await give(desk, answered(await drawn(desk, "r2")))
    again = i20 | {"document": {"sha256": "c" * 64, "name": "y.pdf"}}
    assert (await desk.post("/api/cases/r2/i20", json=again)).json()["state"] == "issued"
    assert (await desk.get("/api/cases/r1")).json()["authorization"]["canceled"] is True


async def test_what_a_dso_typed_by_hand_can_be_canceled_too(review, desk):
    await issued(review, form=a_form(work_locations=(SITE,)))
    batch = (await desk.post("/api/sevis/batches", json={"cancels": ["r1"]})).json()

    assert [one["employer"] for one in batch["records"]] == ["Baystate Robotics Inc."]


async def test_what_sevis_took_for_a_case_that_went_on_is_shown_and_can_be_canceled(review, desk):
    """The student withdrew while the batch was away: SEVIS holds what nobody wants."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    await review.hear(withdrawn())
    after = (await give(desk, answered(batch))).json()

    assert after["records"][0]["case_went_on"] is True
    assert [one["request_id"] for one in (await desk.get("/api/sevis/ready")).json()["cancels"]] == ["r1"]


async def test_a_batch_that_may_be_at_sevis_is_never_discarded(review, desk):
    """Only one that a person says was never uploaded, and then it is gone for good."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    address = f"/api/sevis/batches/{batch['batch_id']}"
    assert (await desk.post(f"{address}/discard", json={"reason": "Wrong"})).status_code == 422
    gone = (await desk.post(f"{address}/discard", json={"reason": "Wrong", "not_uploaded": True})).json()
    assert (gone["state"], states(gone)) == ("discarded", {"r1": "discarded"})
    assert (await desk.get(f"{address}/file")).status_code == 409
    assert (await give(desk, answered(batch))).json()["errors"][0]["code"] == "does_not_fit"

    second = await drawn(desk, "r1")
    await desk.post(f"/api/sevis/batches/{second['batch_id']}/uploaded")
    kept = await desk.post(
        f"/api/sevis/batches/{second['batch_id']}/discard", json={"reason": "x", "not_uploaded": True}
    )
    assert kept.status_code == 409


async def test_an_upload_of_unclear_fate_is_unknown_until_sevis_says(review, desk):
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    away = (await give(desk, a_log(batch_id=batch["batch_id"], upload="S0001", process=None, download=None))).json()
    lost = (await give(desk, a_log(batch_id=batch["batch_id"], upload=None, process=None, download="S0031"))).json()

    assert (states(away), states(lost)) == ({"r1": "unknown"}, {"r1": "in_batch"})
    assert (away["state"], lost["state"]) == ("uploaded", "drawn_up")


@pytest.mark.parametrize("schools", [{}, {"Amherst": "wrong"}, {"Amherst": ORG_ID, "Lowell": "LOW214F00000000"}])
def test_a_batch_needs_a_school_code_of_the_campus(schools):
    batching = Batching("6.55", schools, "", "", timedelta(minutes=15))
    with pytest.raises(Unfit):
        school_code(batching, None)
    if len(schools) > 1:
        assert school_code(batching, "Lowell") == "LOW214F00000000"


async def test_the_case_file_and_the_audit_tell_the_whole_way(review, desk):
    """Every act is in the record of the case, and the archive holds SEVIS's words and the papers' hashes."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    await desk.get(f"/api/sevis/batches/{batch['batch_id']}/file")
    await give(desk, answered(batch), N0012345678=PDF)
    with zipfile.ZipFile(io.BytesIO((await desk.get("/api/cases/r1/file")).content)) as archive:
        (sent,) = json.loads(archive.read("sevis_records.json"))
        page = archive.read("index.html").decode()

    assert (sent["state"], sent["batch_id"], sent["papers"][0]["name"]) == (
        "succeeded",
        batch["batch_id"],
        "N0012345678.pdf",
    )
    assert batch["batch_id"] in page
    actions = await review.value(
        "SELECT array_agg(action ORDER BY id) FROM audit WHERE subject = ANY ($1)", [batch["batch_id"], "r1"]
    )
    for action in (
        "sevis_batch_drawn_up",
        "put_into_sevis_batch",
        "sevis_batch_downloaded",
        "sevis_answer_taken",
        "sevis_add_succeeded",
    ):
        assert action in actions


async def test_retention_takes_what_was_sent_with_the_case(review, desk):
    """The bytes name every student of the batch, so they go with the first of them."""
    await ready(review, desk)
    batch = await drawn(desk, "r1")
    await give(desk, answered(batch), N0012345678=PDF, other=PDF + b"x")
    async with review.act() as connection:
        await connection.execute(sql.purge_case, "r1")

    assert await review.value("SELECT count(*) FROM sevis_record") == 0
    assert await review.value("SELECT count(*) FROM sevis_paper") == 0
    assert await review.value("SELECT content FROM sevis_batch") == b""
    assert (await desk.get(f"/api/sevis/batches/{batch['batch_id']}/file")).status_code == 404


async def test_the_pages_carry_a_batch_from_the_choice_to_the_result(review, desk):
    """Plain forms: ask, choose, draw up, download, upload, give back."""
    await ready(review, desk)
    page = (await desk.get("/sevis")).text
    assert 'name="add" value="r1" checked' in page
    drawn_up = await desk.post("/sevis/batches", data={"act": "draw", "add": "r1", "course_relevance.r1": "Robots"})
    batch_id = drawn_up.headers["location"].split("/")[-1].partition("?")[0]
    assert (await desk.get(f"/sevis/batches/{batch_id}/file")).content.count(b"<CourseRelevance>Robots<") == 1
    await desk.post(f"/sevis/batches/{batch_id}/uploaded")
    batch = (await desk.get(f"/api/sevis/batches/{batch_id}")).json()
    log = answered(batch, r1=("S7777", "New rule"))
    back = await desk.post("/sevis/answers", files={"file": ("log.xml", log)})
    shown = (await desk.get(back.headers["location"])).text

    assert "S7777: New rule" in shown
    assert "Failed" in shown
    assert 'name="add" value="r1"' in (await desk.get("/sevis")).text


async def test_two_batches_at_once_never_hold_one_authorization(review, desk, web):
    """The case's row is locked, and the table itself refuses a second open record."""
    await ready(review, desk)
    answers = await gather(*(desk.post("/api/sevis/batches", json=adding("r1")) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
