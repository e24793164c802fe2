"""The person a student consulted answers by a mailed link: signed, expiring, once; opening it decides nothing (R20)."""

from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest

from cpt.campus.signed_codes import code_of, question_of
from cpt.contracts.intake import ConsultationAnswered, ConsultationAsked
from cpt.runtime.sections import ConsultationSettings
from cpt.web.limits import Rate
from intake.app import build_web
from intake.consultations import Asking, ask_consultations
from tests.component.intake.conftest import NOW

KEY = "k" * 32
ASKING = Asking(routes=("credit",), domains=("umass.edu",))


@pytest.fixture
async def anyone(intake, web_settings, applications):
    """A browser that nobody is signed in to."""
    settings = web_settings.model_copy(update={"consultation": ConsultationSettings(routes=["credit"], key=KEY)})
    async with applications.lent(build_web, settings, lambda: intake.now) as app:

        @asynccontextmanager
        async def client():
            transport = httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://intake.example") as http:
                yield http

        async with client() as http:
            yield http


def consulted(email="bell@cs.umass.edu", **fields):
    return {"name": "Prof. Ann Bell", "office": "CICS", "on": "2026-08-03", "email": email, **fields}


async def submit(intake, **fields):
    return await intake.submit(adviser_consulted=consulted(**fields))


async def step(intake, asking=ASKING):
    return await ask_consultations(intake.database, asking, intake.now)


async def asked(intake, **fields):
    """The request and the code in the mail about it."""
    request_id = await submit(intake, **fields)
    await step(intake)
    (told,) = await intake.published(ConsultationAsked)
    return request_id, code_of(KEY, told.consultation_id, told.expires_at)


@pytest.mark.parametrize("answer", ["confirmed", "not_held"])
async def test_the_person_consulted_answers_once(intake, anyone, answer):
    """R20: both answers; the second changes nothing; the request waits for neither."""
    request_id, code = await asked(intake)
    missing = await intake.missing(request_id)
    shown = await anyone.post("/consultation", data={"code": code})
    done = await anyone.post("/consultation/answer", data={"code": code, "answer": answer, "comment": "In July."})
    other = "confirmed" if answer == "not_held" else "not_held"
    again = await anyone.post("/consultation/answer", data={"code": code, "answer": other})

    assert "Ana Lima" in shown.text
    for hidden in ("30012345", "ana@umass.example", "$24", request_id):
        assert hidden not in shown.text
    assert "Thank you." in done.text
    assert ("You confirmed" in again.text) is (answer == "confirmed")
    (told,) = await intake.published(ConsultationAnswered)
    assert (told.request_id, told.answer, told.comment) == (request_id, answer, "In July.")
    assert await intake.missing(request_id) == missing
    assert "Prof. Ann Bell" in (await intake.view(request_id)).history[-1].what


async def test_opening_the_link_decides_nothing_and_holds_no_code(intake, anyone, capsys):
    """Mail scanners follow links; the code is in no address, and in no line of the log."""
    _, code = await asked(intake)
    page = await anyone.get("/consultation")
    await anyone.post("/consultation", data={"code": code})
    await anyone.post("/consultation/answer", data={"code": code, "answer": "confirmed"})

    assert (page.status_code, "data-from-fragment" in page.text) == (200, True)
    assert (await anyone.get("/consultation/answer")).status_code in (404, 405)
    assert code not in capsys.readouterr().out


async def test_a_code_of_nobody_s_a_late_one_and_one_that_no_longer_counts_show_nothing(intake, anyone, monkeypatch):
    """R20: a forged or expired code is not told from one that was never given out; too many tries are refused."""
    request_id, code = await asked(intake)
    forged = code_of("x" * 32, str(uuid4()), NOW + timedelta(days=1))
    answers = [await anyone.post("/consultation", data={"code": one}) for one in (forged, "", code[:-2] + "xx")]
    assert {answer.status_code for answer in answers} == {404}
    assert "Ana Lima" not in "".join(answer.text for answer in answers)
    monkeypatch.setattr(Rate, "_level", lambda rate, key, now: rate._levels.get(key, (0, now))[0])  # none is given back
    hurried = [await anyone.post("/consultation", data={"code": "x"}) for _ in range(30)]
    assert 429 in {answer.status_code for answer in hurried}

    assert question_of(KEY, code, NOW + timedelta(days=14)) is None
    await intake.correct(request_id, adviser_consulted=consulted("other@umass.edu"))
    intake.now += timedelta(minutes=1)
    await step(intake)
    (first, second) = await intake.published(ConsultationAsked)
    assert (first.consultation_id != second.consultation_id, second.recipient.email) == (True, "other@umass.edu")


async def test_it_is_asked_again_once_and_never_of_who_answered(intake):
    """R20: after four days, not before and not twice."""
    await asked(intake)
    for days, told in ((3, 1), (4, 2), (8, 2)):
        intake.now = NOW + timedelta(days=days)
        await step(intake)
        assert [one.reminder for one in await intake.published(ConsultationAsked)] == [False, True][:told]


@pytest.mark.parametrize(
    ("asking", "email"),
    [
        (Asking(), "bell@umass.edu"),
        (Asking(routes=("coop",), domains=("umass.edu",)), "bell@umass.edu"),
        (ASKING, ""),
        (ASKING, "bell@example.com"),
        (ASKING, "bell@notumass.edu"),
        (Asking(routes=("credit",), domains=("umass.example",)), "ANA@umass.example"),
    ],
    ids=["no route", "another route", "no address", "another domain", "a domain alike", "the student's own"],
)
async def test_nobody_is_asked_beside_the_setting_or_outside_of_the_university(intake, asking, email):
    """R20: by default nobody; never the student, nor an address that a student could have made up."""
    request_id = await submit(intake, email=email)
    await step(intake, asking)
    await step(intake, asking)

    assert await intake.published(ConsultationAsked) == []
    assert "form.adviser_consulted" not in await intake.missing(request_id)
