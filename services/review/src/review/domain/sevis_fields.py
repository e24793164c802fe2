"""Texts and addresses in the form that SEVIS takes, for the sheet beside the screen and for the batch file alike."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from review.domain.refusals import Fault

LIMITS = {"employer": 100, "course_relevance": 250, "remarks": 250}
"""Characters that SEVIS takes, by field."""
STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "AS",
        "FM",
        "GU",
        "MH",
        "MP",
        "PR",
        "PW",
        "UM",
        "VI",
    ]
)
"""States, territories and freely associated states; no military addresses."""
LINE, CITY = 60, 60
_HOME = {"", "us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"}
_PO_BOX = re.compile(r"\b(p\.?\s*o\.?\s*box|post\s+office\s+box)\b", re.IGNORECASE)
_ZIP = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?")
_LETTERS = str.maketrans(
    "‘’‚‛“”„‟–—−‐‑…·•×", "''''\"\"\"\"-----.--x", ""
) | {ord(a): b for a, b in {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "…": "..."}.items()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SevisLine:
    """One line in printable ASCII; `unsendable` are the characters that have no such form and stand in `text` still."""

    text: str
    changed: bool
    unsendable: str


class Place(Protocol):
    """A place as a form has it."""

    @property
    def street(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def country(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SevisAddress:
    """The fields of a U.S. address in SEVIS; an absent second line or +4 is empty."""

    address1: str
    address2: str
    city: str
    state: str
    postal_code: str
    routing_code: str


def sevis_line(text: str) -> SevisLine:
    """Accents fall away and typographic signs become plain ones; anything else that is not ASCII is named, not guessed."""
    line = " ".join(text.split())
    bare = unicodedata.normalize("NFKD", line.translate(_LETTERS))
    sent = " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())
    unsendable = "".join(dict.fromkeys(letter for letter in sent if not " " <= letter <= "~"))
    return SevisLine(sent, sent != line, unsendable)


def exact_line(text: str) -> SevisLine:
    """For what must come back to SEVIS byte for byte: nothing is changed, what is not ASCII is named."""
    return SevisLine(text, changed=False, unsendable="".join(letter for letter in text if not " " <= letter <= "~"))


def sevis_address(place: Place) -> tuple[SevisAddress | None, tuple[Fault, ...]]:
    """The physical work place as SEVIS takes it (A29), or every reason why it cannot be one."""
    faults = [*_text_faults(place), *_place_faults(place)]
    street, city = sevis_line(place.street).text, sevis_line(place.city).text
    address1, address2 = split_street(street)
    if len(address2) > LINE:
        faults.append(Fault("street", "too_long", f"SEVIS takes two lines of {LINE} characters; this street has more."))
    if len(city) > CITY:
        faults.append(Fault("city", "too_long", f"SEVIS takes {CITY} characters for the city."))
    if faults:
        return None, tuple(faults)
    found = _ZIP.fullmatch(place.postal_code.strip())
    assert found is not None, "a wrong postal code is a fault"
    return SevisAddress(address1, address2, city, _state(place), found[1], found[2] or ""), ()


def split_street(street: str) -> tuple[str, str]:
    """Two lines, parted at a word; the second may still be too long."""
    if len(street) <= LINE:
        return street, ""
    cut = street.rfind(" ", 0, LINE + 1)
    cut = cut if cut > 0 else LINE
    return street[:cut].rstrip(), street[cut:].lstrip()


def _text_faults(place: Place) -> list[Fault]:
    lines = {"street": sevis_line(place.street), "city": sevis_line(place.city)}
    faults = [Fault(name, "missing", f"The {name} is missing.") for name, line in lines.items() if not line.text]
    faults += [
        Fault(name, "not_ascii", f"SEVIS may not take “{line.unsendable}” in the {name}; write it in plain letters.")
        for name, line in lines.items()
        if line.unsendable
    ]
    return faults


def _place_faults(place: Place) -> list[Fault]:
    if place.country.strip().casefold() not in _HOME:
        return [Fault("country", "abroad", "SEVIS takes only places in the United States.")]
    faults = []
    if _PO_BOX.search(place.street):
        faults.append(Fault("street", "po_box", "A post office box is no place of work (A29)."))
    if _state(place) not in STATES:
        faults.append(Fault("region", "unknown_state", "SEVIS takes the two letters of a state or territory, like MA."))
    if not _ZIP.fullmatch(place.postal_code.strip()):
        faults.append(
            Fault("postal_code", "no_zip", "SEVIS takes a ZIP code of five digits, or of nine like 01103-1234.")
        )
    return faults


def _state(place: Place) -> str:
    return place.region.strip().upper()
