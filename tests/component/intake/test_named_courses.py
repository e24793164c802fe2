"""The course a CPT rests on is named by the student, for each overlapped term (A23)."""

from datetime import date

import httpx2
import pytest

from cpt.contracts.intake import RequestCompleted, RequestHeld, RequestSubmitted
from cpt.contracts.values import NamedCourse
from tests.component.intake import happened
from tests.component.intake.conftest import STUDENT, an_agreement, an_application

PRACTICUM = {"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "698", "class_nbr": "41234"}
LECTURE = {"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "520", "class_nbr": None}
BOTH_TERMS = dict(start_date="2026-08-03", end_date="2026-12-11", terms=["1265", "1267"])


async def _lacks(intake, request_id):
    items = (await intake.request(request_id)).missing
    return next((item.message for item in items if item.code == "form.courses"), None)


async def test_a_term_without_a_named_course_is_missing_by_its_name(intake):
    """A23, R24: one course for each overlapped term, and the reply names the term that lacks it."""
    request_id = await intake.submit(**BOTH_TERMS, courses=[PRACTICUM])

    message = await _lacks(intake, request_id)

    assert "Summer 2026 (1265)" in message
    assert "Fall 2026" not in message


async def test_without_any_course_every_term_is_named_at_once(intake):
    """Case 73, R11: a request for credit that names no course."""
    message = await _lacks(intake, await intake.submit(**BOTH_TERMS, courses=[]))

    assert "Summer 2026 (1265) and Fall 2026 (1267)" in message


async def test_a_coop_rests_on_one_course_in_all(intake):
    """A23: at least one named row in at least one term."""
    one = await intake.submit(**BOTH_TERMS, route="coop", courses=[PRACTICUM])
    none = await intake.submit(**BOTH_TERMS, route="coop", courses=[])

    assert await _lacks(intake, one) is None
    assert "Summer 2026 (1265) or Fall 2026 (1267)" in await _lacks(intake, none)


@pytest.mark.parametrize("course", [{**PRACTICUM, "subject": ""}, {**PRACTICUM, "catalog_nbr": "  "}])
async def test_half_a_name_names_no_course(intake, course):
    """A23."""
    assert await _lacks(intake, await intake.submit(courses=[course])) is not None


async def test_a_lecture_is_a_course_like_any_other_here(intake):
    """Case 73: which course fits is judged by people (R19); the request is complete."""
    request_id = await intake.complete(courses=[LECTURE])

    assert await intake.state(request_id) == "complete"


async def test_training_in_no_term_needs_no_course(intake):
    """Case 77: nothing could be named."""
    request_id = await intake.submit(start_date="2026-08-24", end_date="2026-09-04", terms=[], courses=[])

    assert "form.courses" not in await intake.missing(request_id)


async def test_the_named_courses_travel_with_the_facts_in_one_spelling(intake):
    """A23: spaces and leading zeros of the catalog number do not matter."""
    typed = {**PRACTICUM, "subject": "compsci ", "catalog_nbr": " 0698", "class_nbr": " 41234 "}
    await intake.complete(courses=[typed])

    (completed,) = await intake.published(RequestCompleted)

    assert completed.facts.courses == (NamedCourse(**PRACTICUM),)


async def test_naming_another_course_raises_the_facts_and_costs_the_number(intake):
    """P4, P20: a finding about the course named before counts as not answered."""
    request_id = await intake.complete()
    await intake.hear(happened.checked(await intake.request(request_id), "met"))

    await intake.correct(request_id, courses=[LECTURE])

    assert [told.facts.facts_version for told in await intake.published(RequestSubmitted)] == [1, 2]
    assert len(await intake.published(RequestHeld)) == 1
    assert (await intake.request(request_id)).receipt_number == 2


async def test_the_same_courses_in_another_order_are_the_same_facts(intake):
    """P4."""
    request_id = await intake.submit(courses=[PRACTICUM, LECTURE])

    await intake.correct(request_id, courses=[LECTURE, {**PRACTICUM, "catalog_nbr": "0698"}])

    assert (await intake.request(request_id)).facts_version == 1


async def test_a_request_that_was_complete_before_courses_were_asked_is_not_held_for_it(intake):
    """A23: nobody loses a place in line to a new question; whoever falls back anyway is asked it, all at once."""
    request_id = await _complete_of_before(intake)

    await intake.hear(happened.checked(await intake.request(request_id), "met"))
    assert await intake.state(request_id) == "complete"

    await intake.hear(an_agreement(version=2, status="withdrawn"))
    assert await intake.missing(request_id) == {"agreement.withdrawn", "form.courses"}


async def test_a_correction_of_a_request_of_before_asks_for_the_course(intake):
    """A23."""
    request_id = await _complete_of_before(intake)

    await intake.correct(request_id, job_title="Cook")

    assert "form.courses" in await intake.missing(request_id)


async def _complete_of_before(intake):
    """As the database holds it: neither form nor facts know of courses."""
    request_id = await intake.complete()
    async with intake.database.transaction() as connection:
        await connection.execute("UPDATE request SET application = application - 'courses', facts = facts - 'courses'")
    return request_id


async def test_the_page_shows_the_courses_that_the_office_confirmed(intake):
    """A23, A24: a correction by the office is told, and stands in the student's view."""
    request_id = await intake.complete()
    assert (await intake.view(request_id)).courses[0].catalog_nbr == "698"

    await intake.hear(happened.course_confirmed(await intake.request(request_id)))

    view = await intake.view(request_id)
    assert [course.catalog_nbr for course in view.courses] == ["696"]
    assert view.history[-1].what.startswith("Your CPT rests on COMPSCI 696, no longer on COMPSCI 698.")


async def test_a_confirmation_of_an_older_round_is_history(intake):
    """P1: the student has named something else since."""
    request_id = await intake.complete()
    older = happened.course_confirmed(await intake.request(request_id))
    await intake.correct(request_id, courses=[LECTURE])

    await intake.hear(older)

    assert [course.catalog_nbr for course in (await intake.view(request_id)).courses] == ["520"]


FAULTY = [
    {"courses": [PRACTICUM] * 25},
    {"courses": [{**PRACTICUM, "subject": "X" * 21}]},
    {"courses": [{**PRACTICUM, "catalog_nbr": "1" * 11}]},
    {"courses": [{**PRACTICUM, "class_nbr": "4123a"}]},
    {"courses": [{**PRACTICUM, "class_nbr": "1" * 11}]},
    {"courses": [{**PRACTICUM, "strm": "12 67"}]},
    {"courses": [{**PRACTICUM, "section": "01"}]},
    {"courses": "COMPSCI 698"},
    {"courses": [{**PRACTICUM, "subject": "COMP\nSCI"}]},
]


@pytest.mark.parametrize("changed", FAULTY)
async def test_every_input_about_courses_is_bounded(web, changed):
    """docs/api: 422, nothing stored."""
    async with web("student") as http:
        view = (await _post(http)).json()
        answer = await _post(http, "key-2", **changed)
        patched = await http.patch(f"/api/requests/{view['request_id']}", json=changed)

    assert (answer.status_code, patched.status_code) == (422, 422)
    assert all(error["field"].startswith("courses") for error in answer.json()["errors"])


async def test_a_student_picks_from_the_classes_that_spire_lists_or_types_another(intake, web, campus):
    """A23: neither is believed; wait-listed classes say so, laboratories and dropped ones are no courses to name."""
    await _enrolled(campus)
    async with web("student") as http:
        view = (await _post(http, courses=[])).json()
        page = (await http.get(f"/requests/{view['request_id']}/form/courses")).text

    for words in ("COMPSCI 698, class 41234, 1.00 units", "COMPSCI 520, class 42000, 3.00 units, wait-listed"):
        assert words in page
    assert "43001" not in page
    assert "44000" not in page


async def _enrolled(campus):
    rows = [
        _row("41234", " 698", "1.00"),
        _row("42000", " 520", "3.00", status="W"),
        _row("43001", " 520", "0.00", primary="43000"),
        _row("44000", " 589", "3.00", status="D"),
    ]
    async with httpx2.AsyncClient(base_url=campus.url) as http:
        await http.put(f"/demo/students/{STUDENT}/enrollments", json=rows)


def _row(class_nbr, catalog_nbr, units, *, status="E", primary=None):
    return {
        "emplid": STUDENT,
        "acad_career": "GRAD",
        "institution": "UMAMH",
        "strm": "1267",
        "session_code": "1",
        "class_nbr": class_nbr,
        "component": "LEC",
        "primary_class_nbr": primary or class_nbr,
        "subject": "COMPSCI",
        "catalog_nbr": catalog_nbr,
        "units": units,
        "grading_basis": "GRD",
        "status": status,
        "reason": "ENRL",
        "grade": None,
        "effective_dt": date(2026, 4, 1).isoformat(),
        "source_seq": 1,
    }


async def _post(http, key="key-1", **changed):
    return await http.post("/api/requests", json=an_application(**changed), headers={"Idempotency-Key": key})
