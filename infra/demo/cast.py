"""The people of the story: six students with an offer each, two advisers, and what SPIRE and Handshake know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from infra.letters import Wording, offer_letter

Json = dict[str, Any]

ADVISERS = {"dana.reed": "Dana Reed", "ravi.patel": "Ravi Patel"}
TODAY = "2026-09-08"
"""The story plays on the first day of Fall 2026, whenever it is played."""


@dataclass(frozen=True, slots=True)
class Student:
    """`layout` is the offer letter's, `status` what SPIRE says of the course."""

    emplid: str
    name: str
    employer: str
    city: str
    job: str
    hours: int
    start: str = "2026-09-14"
    end: str = "2026-12-11"
    career: str = "GRAD"
    layout: str = "plain"
    status: str = "E"

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
            "courses": [{"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "698", "class_nbr": "41234"}],
            "adviser_consulted": {"name": "Prof. Gray", "office": "Computer Science", "on": "2026-08-20"},
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
            "level": "masters" if self.career == "GRAD" else "bachelors",
            "sevis_id": f"N00{self.emplid}",
            "program_end_date": "2027-05-31",
            "admit_until": None,
            "english_language_program": False,
            "degree_completed_on": None,
            "prior_fulltime_terms": 2,
            "fulltime_cpt_days": 0,
        }

    def row(self, *, status: str | None = None, reason: str = "ENRL", source_seq: int = 1) -> Json:
        return {
            "emplid": self.emplid,
            "acad_career": self.career,
            "institution": "UMAMH",
            "strm": "1267",
            "session_code": "1",
            "class_nbr": "41234",
            "component": "PRA",
            "primary_class_nbr": "41234",
            "subject": "COMPSCI",
            "catalog_nbr": " 698",
            "units": "1.00",
            "grading_basis": "GRD",
            "status": status or self.status,
            "reason": "WAIT" if (status or self.status) == "W" else reason,
            "grade": None,
            "effective_dt": "2026-09-01",
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
            "approved_at": "2026-08-25T15:04:05Z" if status == "approved" else None,
            "version": version,
        }


ANA = Student("30010001", "Ana Lima", "Baystate Robotics Inc.", "Springfield", "Robotics intern", 15)
WEI = Student("30010002", "Wei Zhang", "Quabbin Data LLC", "Amherst", "Data engineering intern", 20, layout="table")
PRIYA = Student("30010003", "Priya Nair", "Pioneer Valley Health", "Holyoke", "Software intern", 18, layout="header")
OMAR = Student("30010004", "Omar Haddad", "Deerfield Optics Corp.", "Greenfield", "Optics intern", 16, status="W")
SOFIA = Student("30010005", "Sofia Rossi", "Mill River Design", "Northampton", "Design intern", 40, layout="two_pages")
KENJI = Student("30010006", "Kenji Sato", "Hadley Farms Software", "Hadley", "Backend intern", 12, start=TODAY)

EVERYBODY = (ANA, WEI, PRIYA, OMAR, SOFIA, KENJI)
