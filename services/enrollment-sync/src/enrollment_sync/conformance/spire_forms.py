"""The answers of SPIRE's read side as they are agreed; docs/api/spire.openapi.json is made of them.

Stricter than what is read (`spire_rows`): what has no effect today when it is absent is asked for all the same, since the
next rule may rest on it. Fields that are not named here are ignored.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Emplid = Annotated[
    str, Field(pattern=r"^[0-9]{8}$", description="The student's number in SPIRE.", examples=["30012345"])
]
Strm = Annotated[str, Field(pattern=r"^[0-9]{4}$", description="The term.", examples=["1267"])]
Seq = Annotated[
    int,
    Field(ge=0, description="Rises with each change of the student's enrollment; it never falls.", examples=[88123]),
]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]
Career = Annotated[Literal["UGRD", "GRAD"], Field(description="The academic career.")]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True, use_attribute_docstrings=True)


class StudentRecord(_Form):
    """A student as SPIRE knows them now."""

    emplid: Emplid
    name: str = Field(min_length=1, examples=["Ana Lima"])
    """As it is to be shown."""
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", examples=["ana@student.example"])
    """Where the student's notices go."""
    acad_career: Career
    program: str = Field(min_length=1, examples=["Computer Science, MS"])
    """The program of study, in words."""
    college: str | None = Field(default=None, examples=["College of Engineering"])
    """The school or college of the program, SPIRE's academic group; where absent, figures by college name none."""
    level: Literal["bachelors", "masters", "doctoral"]
    """The level of the program."""
    sevis_id: str | None = Field(default=None, pattern=r"^N[0-9]{10}$", examples=["N0012345678"])
    """Absent for a student without an F-1 record."""
    program_end_date: date = Field(examples=["2027-05-13"])
    """The end of the program on the I-20."""
    admit_until: date | None = Field(default=None, examples=["2027-07-12"])
    """The end of the admission to the United States; absent: for the duration of status."""
    english_language_program: bool
    """Whether the program is training in English."""
    degree_completed_on: date | None = Field(default=None, examples=["2027-05-13"])
    """Absent as long as the degree is not completed."""
    prior_fulltime_terms: int = Field(ge=0, examples=[2])
    """Terms of full-time study before the running one."""
    fulltime_cpt_days: int = Field(ge=0, examples=[0])
    """Days of full-time CPT before this system."""


class EnrollmentRow(_Form):
    """One class of one student in one term, as it stands now: dropped and wait-listed ones, too."""

    acad_career: Career
    strm: Strm
    session_code: Code = Field(examples=["1"])
    """The session within the term."""
    class_nbr: str = Field(pattern=r"^[0-9]{1,6}$", examples=["41234"])
    """The number of the class, reused each term."""
    component: str = Field(examples=["PRA"])
    """The kind of section."""
    primary_class_nbr: str | None = Field(default=None, pattern=r"^[0-9]{1,6}$", examples=["41234"])
    """The class that this section belongs to; absent: itself."""
    subject: str = Field(min_length=1, examples=["COMPSCI"])
    """Subject area."""
    catalog_nbr: str = Field(min_length=1, examples=[" 698"])
    """Number in the catalog; blanks before it do not matter."""
    units: Decimal = Field(ge=0, lt=100, strict=False, examples=["1.00"])
    """Units the student takes, zero when dropped; as a string, since a JSON number may lose digits."""
    grading_basis: str = Field(examples=["GRD"])
    """How it is graded; the codes of audit are in the code sets."""
    status: Code = Field(examples=["E"])
    """A code of the code sets."""
    reason: str | None = Field(pattern=r"^[A-Z0-9]{0,10}$", examples=["ENRL"])
    """A code of the code sets, or null."""
    grade: str | None = Field(default=None, examples=["A"])
    """Absent as long as there is none."""
    effective_dt: date = Field(examples=["2026-04-20"])
    """The day from which it stands so."""
    source_seq: Seq
    institution: str = Field(default="UMAMH", examples=["UMAMH"])
    """The institution."""
    enrl_request_id: str | None = Field(default=None, examples=["0001234567"])
    """The act it came from: the same in all rows of a swap, so that it is no loss."""
    actor: str | None = Field(default=None, examples=["self_service"])
    """Who acted, as a kind of person."""


class TermWithdrawal(_Form):
    """The student withdrew from a whole term, or from a session of it."""

    strm: Strm
    withdraw_code: Code = Field(examples=["WDR"])
    """A code of the code sets."""
    effective_dt: date = Field(examples=["2026-10-02"])
    """The day of the withdrawal."""
    source_seq: Seq
    session_code: Code | None = Field(default=None, examples=["1"])
    """Absent: the whole term."""
    acad_career: Career | None = None
    """Absent: classes of every career."""


class Enrollments(_Form):
    """All rows of a student, or those of the term asked for."""

    as_of: AwareDatetime = Field(examples=["2026-09-30T14:03:11-04:00"])
    """When this was true, with its offset."""
    source_seq: Seq
    """The student's last over all terms, also when one term was asked for, and when rows vanished."""
    rows: list[EnrollmentRow]
    term_withdrawals: list[TermWithdrawal]


class SnapshotHead(_Form):
    """The first line of a snapshot."""

    strm: Strm
    taken_at: AwareDatetime = Field(examples=["2026-09-30T14:00:00-04:00"])
    """The one moment of all lines."""
    row_count: int = Field(ge=0, examples=[2])
    """Lines between the first and the last, rows and withdrawals."""


class SnapshotRow(EnrollmentRow):
    """An enrollment row with its student."""

    emplid: Emplid


class SnapshotWithdrawal(TermWithdrawal):
    """A withdrawal with its student."""

    emplid: Emplid


class SnapshotTail(_Form):
    """The last line, without which the snapshot proves nothing."""

    complete: Literal[True]
    row_count: int = Field(ge=0, examples=[2])
    """The same number again."""
