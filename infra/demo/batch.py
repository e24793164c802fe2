"""Two more authorizations go to SEVIS in one batch file; the demonstration plays SEVIS, which refuses one of them."""

from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from infra.demo.cast import TODAY, Json, Student
from infra.demo.office import Unexpected, eventually
from infra.demo.story import Story

DSO, USER_ID = "dana.reed", "dsodemo001"
LEILA = Student("30010007", "Leila Amiri", "Café Norte LLC", "Worcester", "Analytics intern", 18)
TOMAS = Student("30010008", "Tomás Vega", "Connecticut River Labs", "Hadley", "Laboratory software intern", 16)
BOTH = (LEILA, TOMAS)
OVERLAP = ("S1044", "Employment dates must not overlap an existing employment segment")


class SevisBatch(Story):
    """After the story: a batch from drawn up to its results, one record refused."""

    async def play(self) -> None:
        self._tell.chapter("Two more authorizations go to SEVIS in one batch file")
        for student in BOTH:
            await self._is_approved(student)
        batch = await self._draw_up()
        await self._carry(batch["batch_id"])
        await self._give_back(batch)

    async def _is_approved(self, student: Student) -> None:
        office = self._office
        await office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
        await office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=student.rows())
        await office.campus("POST", "/demo/events", json=[self._handshake(student, "approved", 2)])
        self.requests[student.emplid] = (await office.send_request(student.emplid, student.form()))["request_id"]
        for kind in ("offer_letter", "handshake_contract", "enrollment_proof?term=1267"):
            await self._upload(student, kind, student.letter())
        await self._number_arrives(student)
        case = await eventually("the next case", partial(office.next_case, DSO))
        with self._tell.step("Dana Reed", f"approves number {case['receipt_number']}, {student.name}", "review"):
            await office.approve(DSO, case["request_id"])
            await office.call(DSO, ["adviser"], "POST", "review", f"/api/cases/{case['request_id']}/ask")

    async def _draw_up(self) -> Json:
        await self._sevis("PUT", "user-id", json={"user_id": USER_ID}, good=(204,))
        await eventually("SPIRE's fresh answers about both", self._both_ready)
        adds = [{"request_id": self.requests[student.emplid]} for student in BOTH]
        with self._tell.step("Dana Reed", "draws up a batch: every pre-check held, the bytes fit the schema", "review"):
            batch: Json = await self._sevis("POST", "batches", json={"adds": adds})
        return batch

    async def _both_ready(self) -> bool:
        adds = {one["request_id"]: one["ready"] for one in (await self._sevis("GET", "ready"))["adds"]}
        return all(adds.get(self.requests[student.emplid]) for student in BOTH)

    async def _carry(self, batch_id: str) -> None:
        with self._tell.step("Dana Reed", f"downloads {batch_id}.xml and says that it was uploaded to SEVIS", "review"):
            file = await self._office.download(DSO, ["adviser"], "review", f"/api/sevis/batches/{batch_id}/file")
            if b"Cafe Norte LLC" not in file:
                raise Unexpected("the file does not name the employer in plain letters")
            await self._sevis("POST", f"batches/{batch_id}/uploaded")

    async def _give_back(self, batch: Json) -> None:
        refused = self.requests[TOMAS.emplid]
        with self._tell.step("Dana Reed", "gives SEVIS's log back: one record loaded, one refused", "review"):
            after = await self._sevis("POST", "answers", content=log_of(batch, refused))
        states = {one["request_id"]: one["state"] for one in after["records"]}
        if states != {self.requests[LEILA.emplid]: "succeeded", refused: "failed"}:
            raise Unexpected(f"the records became {states}")
        failed = next(one for one in after["records"] if one["state"] == "failed")
        self._tell.show(f"SEVIS said {failed['code']} about {TOMAS.name}", f"{failed['message']}\n{failed['words']}")
        with self._tell.step("Dana Reed", f"signs and records {LEILA.name}'s I-20: no success does it alone", "review"):
            await self._office.issue(DSO, self.requests[LEILA.emplid], TODAY)
        with self._tell.step(LEILA.name, "receives the approval email", "notifier"):
            await eventually(f"{LEILA.name}'s approval email", lambda: self._office.mails(LEILA.email, "approved"))
        if await self._office.mails(TOMAS.email, "approved"):
            raise Unexpected(f"{TOMAS.name} got an approval email for what SEVIS refused")

    async def _sevis(self, method: str, path: str, **more: Any) -> Json:
        found: Json = await self._office.call(DSO, ["adviser"], method, "review", f"/api/sevis/{path}", **more)
        return found


def log_of(batch: Json, refused: str) -> bytes:
    """What SEVIS would write about the batch when it loads all records but one."""
    records = "".join(_record(one, None if one["request_id"] != refused else OVERLAP) for one in batch["records"])
    stamp, size = f'dateTimeStamp="{TODAY}T23:14:40-04:00"', len(batch["records"])
    return (
        f"<TransactionLog><BatchHeader><BatchID>{batch['batch_id']}</BatchID><OrgID>{batch['org_id']}</OrgID></BatchHeader>"
        f'<BatchDetail status="false"><Upload resultCode="S0000" {stamp}/><Process resultCode="S0020" {stamp}>'
        f"<RecordCount><Success>{size - 1}</Success><Failure>1</Failure><Total>{size}</Total></RecordCount>{records}"
        '</Process><Download resultCode="S0000"/></BatchDetail></TransactionLog>'
    ).encode()


def _record(one: Json, error: tuple[str, str] | None) -> str:
    said = f"<ErrorCode>{error[0]}</ErrorCode><ErrorMessage>{escape(error[1])}</ErrorMessage>" if error else ""
    return (
        f'<Record requestID="{one["record_id"]}" sevisID="{one["sevis_id"]}"><ProcessDate>{TODAY}T23:14:39-04:00</ProcessDate>'
        f'<Result status="{"false" if error else "true"}">{said}</Result></Record>'
    )
