"""The people of the story: six students with an offer and a full load each, two advisers, and what SPIRE and Handshake know."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from infra.letters import Wording, offer_letter

Json = dict[str, Any]

ADVISERS = {"dana.reed": "Dana Reed", "ravi.patel": "Ravi Patel"}
FIRST_DAY = "2026-09-08"
TODAY = os.environ.get("CPT_DEMO__TODAY") or FIRST_DAY
"""The story plays on the first day of Fall 2026, whenever it is played; or with all its days moved, where no clock may be."""


def day(written: str) -> str:
    """The day of the story that is written so."""
    return (date.fromisoformat(written) + (date.fromisoformat(TODAY) - date.fromisoformat(FIRST_DAY))).isoformat()


@dataclass(frozen=True, slots=True)
class Class:
    """One of SPIRE's, as subject and catalog number, class number and units."""

    subject: str
    catalog_nbr: str
    class_nbr: str
    units: str = "3.00"
    component: str = "LEC"

    @property
    def name(self) -> str:
        return f"{self.subject} {self.catalog_nbr}"


PRACTICUM = Class("COMPSCI", "698", "41234", "1.00", "PRA")
UNDERGRADUATE_PRACTICUM = Class("UMASS", "298", "42980", "1.00", "PRA")
GRADUATE_LOAD = (Class("COMPSCI", "514", "41301"), Class("COMPSCI", "520", "41302"), Class("COMPSCI", "589", "41303"))
UNDERGRADUATE_LOAD = (
    Class("MIE", "302", "42301"),
    Class("MIE", "310", "42302"),
    Class("MIE", "340", "42303"),
    Class("MATH", "331", "42304"),
)
ONE_LECTURE_MORE = Class("COMPSCI", "532", "41304")


@dataclass(frozen=True, slots=True)
class Student:
    """`layout` is the offer letter's, `status` what SPIRE says of `course`, the named one; `lectures` are a full load beside it."""

    emplid: str
    name: str
    employer: str
    city: str
    job: str
    hours: int
    start: str = day("2026-09-14")
    end: str = day("2026-12-11")
    career: str = "GRAD"
    layout: str = "plain"
    status: str = "E"
    course: Class = PRACTICUM
    lectures: tuple[Class, ...] = GRADUATE_LOAD

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@umass.example"

    @property
    def place(self) -> Json:
        return {"street": "12 Main St", "city": self.city, "region": "MA", "postal_code": "01103", "country": "US"}

    def form(self) -> Json:
        return {
            "employer": self.employer,
            "employer_address": self.place,
            "job_title": self.job,
            "duties": f"Support the team as {self.job.lower()}, write code, test and document it",
            "hours_per_week": self.hours,
            "start_date": self.start,
            "end_date": self.end,
            "work_locations": [self.place],
            "compensation": "$24.00 per hour, transit pass",
            "paid": True,
            "route": "credit",
            "terms": ["1267"],
            "courses": [
                {
                    "strm": "1267",
                    "subject": self.course.subject,
                    "catalog_nbr": self.course.catalog_nbr,
                    "class_nbr": self.course.class_nbr,
                }
            ],
            "adviser_consulted": {"name": "Prof. Gray", "office": "Computer Science", "on": day("2026-08-20")},
            "already_started": False,
        }

    def letter(self, omit: Collection[str] = ()) -> bytes:
        """The offer of the form, as a PDF."""
        return offer_letter(self.form(), self.layout, omit, wording=Wording(self.name))

    def profile(self) -> Json:
        return {
            "emplid": self.emplid,
            "name": self.name,
            "email": self.email,
            "acad_career": self.career,
            "program": "MS Computer Science" if self.career == "GRAD" else "BS Mechanical Engineering",
            "college": "Information and Computer Sciences" if self.career == "GRAD" else "Engineering",
            "level": "masters" if self.career == "GRAD" else "bachelors",
            "sevis_id": f"N00{self.emplid}",
            "program_end_date": day("2027-05-31"),
            "admit_until": None,
            "english_language_program": False,
            "degree_completed_on": None,
            "prior_fulltime_terms": 2,
            "fulltime_cpt_days": 0,
        }

    def row(self, *, status: str | None = None, reason: str = "ENRL", source_seq: int = 1) -> Json:
        """Of the named course."""
        status = status or self.status
        return self.row_of(self.course, status, "WAIT" if status == "W" else reason, source_seq)

    def rows(self) -> list[Json]:
        """All that SPIRE knows of the term: the named course first."""
        return [self.row(), *(self.row_of(one, "E", "ENRL", seq) for seq, one in enumerate(self.lectures, 2))]

    def row_of(self, one: Class, status: str, reason: str, source_seq: int) -> Json:
        return {
            "emplid": self.emplid,
            "acad_career": self.career,
            "institution": "UMAMH",
            "strm": "1267",
            "session_code": "1",
            "class_nbr": one.class_nbr,
            "component": one.component,
            "primary_class_nbr": one.class_nbr,
            "subject": one.subject,
            "catalog_nbr": f" {one.catalog_nbr}",
            "units": one.units,
            "grading_basis": "GRD",
            "status": status,
            "reason": reason,
            "grade": None,
            "effective_dt": day("2026-09-01"),
            "source_seq": source_seq,
        }

    def agreement(self, status: str, version: int) -> Json:
        return {
            "agreement_id": f"HS-{self.emplid}",
            "emplid": self.emplid,
            "kind": "internship",
            "status": status,
            "previous_status": None,
            "employer": self.employer,
            "start_date": self.start,
            "end_date": self.end,
            "terms": ["1267"],
            "approved_at": f"{day('2026-08-25')}T15:04:05Z" if status == "approved" else None,
            "version": version,
        }


ANA = Student("30010001", "Ana Lima", "Baystate Robotics Inc.", "Springfield", "Robotics intern", 15)
WEI = Student(
    "30010002",
    "Wei Zhang",
    "Quabbin Data LLC",
    "Amherst",
    "Data engineering intern",
    20,
    start=TODAY,
    layout="table",
    lectures=(*GRADUATE_LOAD, ONE_LECTURE_MORE),
)
PRIYA = Student("30010003", "Priya Nair", "Pioneer Valley Health", "Holyoke", "Software intern", 18, layout="header")
OMAR = Student("30010004", "Omar Haddad", "Deerfield Optics Corp.", "Greenfield", "Optics intern", 16, status="W")
SOFIA = Student(
    "30010005",
    "Sofia Rossi",
    "Mill River Design",
    "Northampton",
    "Design intern",
    40,
    career="UGRD",
    layout="two_pages",
    course=UNDERGRADUATE_PRACTICUM,
    lectures=UNDERGRADUATE_LOAD,
)
KENJI = Student("30010006", "Kenji Sato", "Hadley Farms Software", "Hadley", "Backend intern", 12, start=TODAY)

EVERYBODY = (ANA, WEI, PRIYA, OMAR, SOFIA, KENJI)
