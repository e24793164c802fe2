"""The acts of the story; each step fails loudly when its effect does not come."""

import asyncio
from functools import partial
from uuid import uuid4

from infra.demo.cast import (
    ADVISERS,
    ANA,
    EVERYBODY,
    KENJI,
    OMAR,
    ONE_LECTURE_MORE,
    PRIYA,
    TODAY,
    WEI,
    Class,
    Json,
    Student,
)
from infra.demo.office import Office, Unexpected, eventually
from infra.demo.timeline import Timeline

ENROLLMENT, AGREEMENT = "edu.umass.spire.enrollment-changed.v1", "com.joinhandshake.agreement-changed.v1"

State = tuple[str, str]
"""Status and reason."""
ENROLLED, DROPPED = ("E", "ENRL"), ("D", "DROP")


class Story:
    """Who sent what so far; `requests` are ids by EMPLID."""

    def __init__(self, office: Office, timeline: Timeline) -> None:
        self._office, self._tell = office, timeline
        self.requests: dict[str, str] = {}

    async def play(self) -> None:
        await self._the_campus_opens()
        await self._students_send_requests()
        await self._two_requests_wait()
        await self._what_was_missing_arrives()
        await self._advisers_decide()
        await self._a_student_drops_a_lecture()
        await self._a_student_withdraws()
        await self._nothing_twice()

    async def _the_campus_opens(self) -> None:
        self._tell.chapter("The campus on September 8, 2026")
        for student in EVERYBODY:
            await self._office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
            await self._office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=student.rows())
        with self._tell.step("Handshake", "approves five agreements, one is still pending", "campus"):
            approved = [self._handshake(s, "approved", 2) for s in EVERYBODY if s is not PRIYA]
            await self._office.campus("POST", "/demo/events", json=[*approved, self._handshake(PRIYA, "pending", 1)])

    async def _students_send_requests(self) -> None:
        self._tell.chapter("Six students send their requests")
        for student in EVERYBODY:
            with self._tell.step(student.name, f"sends a request: {student.job}, {student.employer}", "intake"):
                view = await self._office.send_request(student.emplid, student.form())
                self.requests[student.emplid] = view["request_id"]
            omit = ("hours_per_week",) if student is PRIYA else ()
            letter = student.letter(omit)
            await self._upload(student, "offer_letter", letter)
            await self._upload(student, "handshake_contract", letter)
            with self._tell.step(student.name, "uploads letter, contract and proof of enrollment", "intake"):
                await self._upload(student, "enrollment_proof?term=1267", letter)
            if student not in (PRIYA, OMAR):
                await self._number_arrives(student)

    async def _two_requests_wait(self) -> None:
        self._tell.chapter("Two requests are not complete, and each student is told everything at once")
        await self._missing(PRIYA, {"letter.hours_per_week", "agreement.pending"})
        await self._missing(OMAR, {"enrollment.1267.wait_listed"})

    async def _what_was_missing_arrives(self) -> None:
        self._tell.chapter("What was missing arrives")
        with self._tell.step(
            OMAR.name, "gets a seat from the wait list; the registrar's event clears the request", "enrollment-sync"
        ):
            seat = change(OMAR, OMAR.course, previous=("W", "WAIT"), current=("E", "EWAT"), seq=12)
            await self._office.campus("POST", "/demo/events", json=[seat])
            await self._number_arrives(OMAR)
        with self._tell.step(PRIYA.name, "brings a corrected letter; Handshake approves", "intake"):
            await self._upload(PRIYA, "offer_letter", PRIYA.letter())
            await self._office.campus("POST", "/demo/events", json=[self._handshake(PRIYA, "approved", 2)])
            await self._number_arrives(PRIYA)

    async def _advisers_decide(self) -> None:
        self._tell.chapter("Two advisers take the cases strictly in order")
        numbers = []
        for turn in range(len(EVERYBODY)):
            adviser = list(ADVISERS)[turn % 2]
            case = await eventually("the next case", partial(self._office.next_case, adviser))
            numbers.append(case["receipt_number"])
            await self._decide(adviser, case)
        if numbers != sorted(numbers):
            raise Unexpected(f"the cases came in the order {numbers}")
        record = await self._office.call("director", ["director"], "GET", "review", "/api/line/assignments")
        if [entry["receipt_number"] for entry in record] != numbers:
            raise Unexpected("the record of assignments differs from what the advisers got")

    async def _decide(self, adviser: str, case: Json) -> None:
        student = next(s for s in EVERYBODY if self.requests[s.emplid] == case["request_id"])
        name, number = ADVISERS[adviser], case["receipt_number"]
        with self._tell.step(
            name, f"takes number {number}, {student.name}, and approves after a fresh SPIRE check", "review"
        ):
            await self._office.approve(adviser, case["request_id"])
        if await self._office.mails(student.email, "approved"):
            raise Unexpected(f"{student.name} got an approval email before the I-20 was issued")
        with self._tell.step(name, f"records {student.name}'s I-20 after another fresh check", "review"):
            await self._office.issue(adviser, case["request_id"], TODAY)
        with self._tell.step(student.name, "receives the approval email", "notifier"):
            await eventually(f"{student.name}'s approval email", lambda: self._office.mails(student.email, "approved"))

    async def _a_student_drops_a_lecture(self) -> None:
        """Silence by itself proves nothing: the watch hears the next act, reads SPIRE and closes it alone (cases 50, 72)."""
        self._tell.chapter(
            f"{WEI.name} drops a lecture and keeps a full load: nothing is raised, the course stays watched"
        )
        with self._tell.step(WEI.name, f"drops {ONE_LECTURE_MORE.name}; the CPT rests on another course", "campus"):
            lecture = change(WEI, ONE_LECTURE_MORE, previous=ENROLLED, current=DROPPED, seq=12)
            await self._office.campus("POST", "/demo/events", json=[lecture])
        slip = f"drops {WEI.course.name} by mistake and adds it back: a suspicion that closes itself, no mail"
        with self._tell.step(WEI.name, slip, "review"):
            drop = change(WEI, WEI.course, previous=ENROLLED, current=DROPPED, seq=13)
            back = change(WEI, WEI.course, previous=DROPPED, current=ENROLLED, seq=14)
            await self._office.campus("POST", "/demo/events", json=[drop, back])
            await eventually(f"the end of {WEI.name}'s suspicion", partial(self._alert_of, WEI, "closed"))

    async def _a_student_withdraws(self) -> None:
        """Case 71: what is left is told, and is no reason for silence."""
        self._tell.chapter(f"{KENJI.name} drops the course the authorization rests on")
        began = asyncio.get_running_loop().time()
        drop = change(KENJI, KENJI.course, previous=ENROLLED, current=DROPPED, seq=12)
        await self._office.campus("POST", "/demo/events", json=[drop])
        alert = await eventually("the suspected alert", partial(self._alert_of, KENJI))
        seconds = asyncio.get_running_loop().time() - began
        if alert["severity"] != "CRITICAL" or set(alert["other_courses"]) != {one.name for one in KENJI.lectures}:
            raise Unexpected(f"the alert is {alert['severity']} and names {alert['other_courses']} as what is left")
        self._tell.line(
            "compliance", f"sees a possible loss, {alert['severity']}: {alert['sentence']}", "review", seconds
        )
        mails = await eventually("the alert's email", self._alert_mails)
        seconds = asyncio.get_running_loop().time() - began
        self._tell.line(
            "compliance", "gets the alert by email after the settling window and a SPIRE read", "notifier", seconds
        )
        self._show_results(await self._office.mails(ANA.email, "approved"), mails)

    async def _nothing_twice(self) -> None:
        alerts, mails = await self._office.alerts(), await self._alert_mails()
        raised = {(alert["student"]["emplid"], alert["course"], alert["closed_reason"]) for alert in alerts}
        due = {(KENJI.emplid, KENJI.course.name, None), (WEI.emplid, WEI.course.name, "re_added")}
        if raised != due or len(alerts) != len(due) or len(mails) != 1:
            raise Unexpected(
                f"one withdrawal and one slip made {len(mails)} emails and the alerts {sorted(raised, key=str)}"
            )
        if tasks := (await self._office.case(self.requests[WEI.emplid]))["tasks"]:
            raise Unexpected(f"a dropped lecture left {tasks}")
        for student in EVERYBODY:
            if len(await self._office.mails(student.email, "approved")) != 1:
                raise Unexpected(f"{student.name} did not get exactly one approval email")

    async def _alert_of(self, student: Student, state: str = "") -> Json | None:
        found = (alert for alert in await self._office.alerts() if alert["student"]["emplid"] == student.emplid)
        return next((alert for alert in found if state in ("", alert["state"])), None)

    def _show_results(self, approvals: list[Json], alerts: list[Json]) -> None:
        for title, mail in ((f"Email to {ANA.name}", approvals[0]), ("Alert to compliance", alerts[0])):
            self._tell.show(f"{title}: {mail['subject']}", mail["text"])

    async def _alert_mails(self) -> list[Json]:
        return [m for m in await self._office.campus("GET", "/demo/mail") if m["kind"] == "alert"]

    async def _missing(self, student: Student, codes: set[str]) -> None:
        async def found() -> bool:
            view = await self._office.my_request(student.emplid, self.requests[student.emplid])
            return {item["code"] for item in view["missing"]} == codes

        with self._tell.step(student.name, f"is missing {', '.join(sorted(codes))}", "intake"):
            await eventually(f"{student.name}'s list of missing items {sorted(codes)}", found)

    async def _number_arrives(self, student: Student) -> None:
        async def numbered() -> Json | None:
            view = await self._office.my_request(student.emplid, self.requests[student.emplid])
            return view if view["receipt_number"] else None

        with self._tell.step(student.name, "is complete and has a place in line", "intake"):
            await eventually(f"{student.name}'s receipt number", numbered)

    async def _upload(self, student: Student, kind: str, pdf: bytes) -> None:
        await self._office.upload(student.emplid, self.requests[student.emplid], kind, pdf)

    def _handshake(self, student: Student, status: str, version: int) -> Json:
        return event(AGREEMENT, "/handshake/experiences", student.agreement(status, version))


def change(student: Student, one: Class, *, previous: State, current: State, seq: int) -> Json:
    """What the registrar tells of one class; `seq` is above those of the rows that SPIRE began with."""
    states = {
        name: {"status": status, "reason": reason, "grade": None, "units": "0.00" if status == "D" else one.units}
        for name, (status, reason) in (("previous", previous), ("current", current))
    }
    row = student.row_of(one, *current, seq)
    told = {"action": current[0], "enrl_request_id": f"{seq:010}", "actor": "self_service", "effective_dt": TODAY}
    data = {k: v for k, v in row.items() if k not in ("status", "reason", "grade")} | states | told
    return event(ENROLLMENT, "/spire/enrollment", data)


def event(kind: str, source: str, data: Json) -> Json:
    """A CloudEvent in structured form, as the campus systems emit it."""
    time = f"{TODAY}T14:00:00Z"
    return {"specversion": "1.0", "id": str(uuid4()), "source": source, "type": kind, "time": time, "data": data}
