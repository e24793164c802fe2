"""What the registrar and Handshake say of a student, in structured form."""

import random
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from infra.demo.cast import TODAY, Student

ENROLLMENT, AGREEMENT = "edu.umass.spire.enrollment-changed.v1", "com.joinhandshake.agreement-changed.v1"
COURSE, OTHER_COURSE, LABORATORY, LECTURE = "41234", "42345", "43456", "44567"
SECTIONS = COURSE, OTHER_COURSE
"""Of the course that the request names; whoever changes between them in one act is not disturbed (A24)."""
Json = dict[str, Any]
Clock = Callable[[], datetime]


def rows_of(student: Student) -> list[Json]:
    """What SPIRE knows at first: the named course, and another one."""
    lecture = student.row(status="E", source_seq=2) | {
        "class_nbr": LECTURE,
        "primary_class_nbr": LECTURE,
        "catalog_nbr": " 514",
    }
    return [student.row(), lecture]


class Registrar:
    """Counts one student's `source_seq`; event ids come from the seed."""

    def __init__(self, student: Student, chance: random.Random, now: Clock) -> None:
        self._student, self._chance, self._now, self._seq, self._acts = student, chance, now, 10, 0

    def drop(self, class_nbr: str = COURSE, act: str = "") -> Json:
        return self.change(("E", "ENRL"), ("D", "DROP"), "D", class_nbr, act)

    def add(self, class_nbr: str = COURSE, act: str = "", *, was: tuple[str, str] = ("D", "DROP")) -> Json:
        return self.change(was, ("E", "ENRL"), "E", class_nbr, act)

    def new_act(self) -> str:
        self._acts += 1
        return f"{self._student.emplid[-6:]}{self._acts:04}"

    def change(
        self, before: tuple[str, str], after: tuple[str, str], action: str, class_nbr: str, act: str = ""
    ) -> Json:
        self._seq += 1
        row = self._student.row()
        data = {name: value for name, value in row.items() if name not in ("status", "reason", "grade")}
        for name, (status, reason) in (("previous", before), ("current", after)):
            data[name] = {"status": status, "reason": reason, "grade": None, "units": "1.00"}
        primary = "43000" if class_nbr == LABORATORY else class_nbr  # a laboratory carries no requirement
        data |= {"class_nbr": class_nbr, "primary_class_nbr": primary, "action": action, "actor": "self_service"}
        if class_nbr == LECTURE:  # another course: the CPT does not rest on it (A23)
            data["catalog_nbr"] = " 514"
        data |= {"enrl_request_id": act or self.new_act(), "effective_dt": TODAY, "source_seq": self._seq}
        return event(ENROLLMENT, "/spire/enrollment", data, self._chance, self._now())


def agreement(student: Student, status: str, version: int, chance: random.Random, now: datetime) -> Json:
    return event(AGREEMENT, "/handshake/experiences", student.agreement(status, version), chance, now)


def event(kind: str, source: str, data: Json, chance: random.Random, now: datetime) -> Json:
    identity = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    time = now.isoformat().replace("+00:00", "Z")
    return {"specversion": "1.0", "id": identity, "source": source, "type": kind, "time": time, "data": data}
