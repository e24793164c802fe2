"""What a DSO types into SEVIS for an I-20, exactly and within its limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cpt.contracts.values import Address, Segment
from review.cases.dossier import Dossier
from review.cases.flags import hours_of
from review.domain import Fault, Unfit
from review.domain.sevis_fields import LIMITS

CODES = {"full_time": "FT", "part_time": "PT"}


@dataclass(frozen=True, slots=True)
class SevisText:
    """What the DSO entered instead of our own words; None leaves them."""

    employer: str | None = None
    course_relevance: str | None = None
    remarks: str | None = None

    @property
    def entered(self) -> dict[str, str]:
        texts = {"employer": self.employer, "course_relevance": self.course_relevance, "remarks": self.remarks}
        return {name: _one_line(text) for name, text in texts.items() if text is not None}


OUR_OWN_WORDS = SevisText()


@dataclass(frozen=True, slots=True)
class DataSheet:
    """`as_sent` are the strings, the employer's address that of the physical work place (A29); `faults` name each that SEVIS would refuse."""

    as_sent: dict[str, Any]
    faults: tuple[Fault, ...]


def data_sheet(dossier: Dossier, segments: Sequence[Segment], text: SevisText) -> DataSheet:
    form = dossier.case.completed.form
    strings = {"employer": _one_line(form.employer), "course_relevance": _relevance(dossier), "remarks": ""}
    strings |= text.entered
    code = CODES[hours_of(dossier.case).time]
    employments = [
        {"start_date": s.start_date.isoformat(), "end_date": s.end_date.isoformat(), "time": code} for s in segments
    ]
    places = [_lines(place) for place in form.work_locations]
    sent = strings | {
        "employer_address": places[0] if places else _lines(form.employer_address),
        "letterhead_address": _lines(form.employer_address),
        "locations": places,
        "employment": employments,
    }
    return DataSheet(sent, tuple(_too_long(strings)))


def require_fits(text: SevisText) -> None:
    """Raises `Unfit` with every string that is too long."""
    if faults := tuple(_too_long(text.entered)):
        raise Unfit(*faults)


def _relevance(dossier: Dossier) -> str:
    """Our proposal; the DSO judges whether it is related to the major (X9)."""
    form, student = dossier.case.completed.form, dossier.student
    program = f"{student.program}: " if student else ""
    return _one_line(f"{program}{form.job_title}. {form.duties}")


def _too_long(strings: dict[str, str]) -> Iterator[Fault]:
    for name, limit in LIMITS.items():
        if len(text := strings.get(name, "")) > limit:
            over = len(text) - limit
            yield Fault(name, "too_long", f"SEVIS takes {limit} characters; these are {len(text)}, {over} too many.")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(place: Address) -> dict[str, str]:
    return {name: _one_line(value) for name, value in place.model_dump().items()}
