"""Offer letters and the facts they should state, for every test that needs one."""

import re
import zlib
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from intake.documents.extract_pdf import read_pdf
from intake.documents.read_document import letter_text
from intake.letter import Address, LetterText, TypedFacts

FORM: dict[str, Any] = {
    "employer": "Baystate Robotics Inc.",
    "employer_address": {
        "street": "12 Main St",
        "city": "Springfield",
        "region": "MA",
        "postal_code": "01103",
        "country": "US",
    },
    "job_title": "Robotics intern",
    "duties": "Test motor controllers, write Python tools for the laboratory, document the results.",
    "hours_per_week": 20,
    "start_date": "2026-09-14",
    "end_date": "2026-12-11",
    "work_locations": [
        {
            "street": "400 Dwight Street, Suite 5",
            "city": "Holyoke",
            "region": "MA",
            "postal_code": "01040",
            "country": "US",
        }
    ],
    "compensation": "$24.00 per hour, transit pass",
    "paid": True,
    "route": "credit",
    "terms": ["1267"],
    "courses": [{"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "698", "class_nbr": "41234"}],
}


def form(**changed: Any) -> dict[str, Any]:
    """The same course is named for each term of the form."""
    whole = {**deepcopy(FORM), **changed}
    courses = [{**FORM["courses"][0], "strm": strm} for strm in whole["terms"]]
    return {**whole, "courses": changed.get("courses", courses)}


def typed(facts: dict[str, Any]) -> TypedFacts:
    """The body of `POST /api/requests` as the letter check takes it."""
    return TypedFacts(
        employer=facts["employer"],
        mailing_address=Address(**facts["employer_address"]),
        job_title=facts["job_title"],
        duties=facts["duties"],
        hours_per_week=Decimal(str(facts["hours_per_week"])),
        start_date=date.fromisoformat(facts["start_date"]),
        end_date=date.fromisoformat(facts["end_date"]),
        work_locations=tuple(Address(**place) for place in facts["work_locations"]),
        compensation=facts["compensation"],
    )


def text_of(pdf: bytes) -> LetterText:
    return letter_text(read_pdf(pdf))


_STREAM = re.compile(
    rb"<<(?P<head>[^<>]*)/Filter /FlateDecode(?P<more>[^<>]*)/Length \d+\s*>>\s*stream\r?\n(?P<body>.*?)\r?\nendstream",
    re.DOTALL,
)
_TWO_LIGATURES = b"/Encoding <</BaseEncoding /WinAnsiEncoding /Differences [178 /fl 185 /fi]>>"


def with_ligatures(pdf: bytes) -> bytes:
    """The same letter with "fi" and "fl" set as one sign each, as typesetting programs do; its index is left stale."""
    return _STREAM.sub(_ligated, pdf).replace(b"/Encoding /WinAnsiEncoding", _TWO_LIGATURES)


def _ligated(stream: re.Match[bytes]) -> bytes:
    text = zlib.decompress(stream["body"]).replace(b"fi", b"\xb9").replace(b"fl", b"\xb2")
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text)
