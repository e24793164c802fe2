"""Another university, by its settings alone: its names, its state's holidays, its codes (docs/another-campus.md)."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from cpt.campus.business_days import is_business_day
from cpt.campus.university import HERE
from cpt.runtime.sections import UniversitySettings
from enrollment_sync.spire_rows import SpireRow
from intake.letter.place import HERE as PLACE_HERE
from tests.component.intake.conftest import a_letter, an_agreement

ROOT = Path(__file__).parents[3]
SETTINGS = {
    "name": "Empire State", "full_name": "Empire State University", "office": "Global Student Office", "state": "NY",
    "state_name": "New York", "institution": "ESU01", "letter_words": "empire university",
}  # fmt: skip
ALLOWED = {
    "services/enrollment-sync/src/enrollment_sync/conformance/spire_forms.py",  # an example for whoever builds an API
    "services/intake/src/intake/letter/spelling.py",  # the states
    "shared/src/cpt/campus/university.py",
    "shared/src/cpt/runtime/sections.py",
}
OURS = re.compile(r"UMass|UMAMH|Amherst|\bIPO\b|Massachusetts|International Programs")


@pytest.fixture
def empire():
    before = HERE.set(UniversitySettings(**SETTINGS).university)
    yield HERE.get()
    HERE.reset(before)


async def test_a_request_is_due_by_the_business_days_of_the_universitys_own_state(empire, intake):
    """R50, A7: a student's way to the line; Patriots' Day is a day of work in New York, Lincoln's birthday is none."""
    intake.now = datetime(2027, 4, 14, 14, tzinfo=UTC)
    summer = {"start_date": "2027-05-24", "end_date": "2027-08-13", "terms": ["1275"]}
    courses = [{"strm": "1275", "subject": "COMPSCI", "catalog_nbr": "698"}]
    request_id = await intake.submit(**summer, courses=courses)
    await intake.upload(request_id, "offer_letter", a_letter(**summer))
    await intake.upload(request_id, "handshake_contract")
    await intake.upload(request_id, "enrollment_proof", strm="1275")
    await intake.hear(an_agreement(start_date=date(2027, 5, 24), end_date=date(2027, 8, 13)))

    request = await intake.request(request_id)

    assert (request.missing, request.state, request.due_on) == ((), "complete", date(2027, 4, 21))
    assert not is_business_day(date(2027, 2, 12))


async def test_what_a_student_reads_names_the_own_university(empire, intake):
    """R13: pages, and the words of a request that needs no CPT."""
    request_id = await intake.submit(paid=False)
    view = await intake.view(request_id)

    assert view.state == "not_required"
    assert not OURS.search(repr(view))


def test_the_codes_of_the_own_institution_are_taken_where_a_row_names_none(empire):
    row = SpireRow(strm="2268", class_nbr="1", status="E", units=1, source_seq=1)

    assert row.institution == "ESU01"
    assert PLACE_HERE.get().letter_words == {"empire", "university"}


@pytest.mark.parametrize("wrong", [{"state": "ZZ"}, {"state": "Texas"}, {"name": ""}, {"office": "x" * 101}])
def test_a_university_that_is_none_ends_the_process(wrong):
    with pytest.raises(ValidationError):
        UniversitySettings(**SETTINGS | wrong)


def test_no_name_of_one_university_stands_in_the_product_but_as_a_default():
    """Texts for people, templates and rules; the wire types keep their names for ever."""
    named = {
        str(path.relative_to(ROOT)): found
        for folder in ("services", "shared/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".jinja"} and "src" in path.parts
        for found in [
            sorted(
                {
                    found
                    for line in path.read_text().splitlines()
                    if not line.lstrip().startswith(('"""', "#"))
                    for found in OURS.findall(line)
                }
            )
        ]
        if found
    }

    assert set(named) <= ALLOWED, named
