"""The console: where a person drops a course or approves an agreement, and watches what comes of it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from infra.campus import acts
from infra.campus.campus import Campus, HeldCampus
from infra.campus.emitter import NotConnectedError
from infra.campus.handshake import change_agreement, new_agreement
from infra.campus.pages import render
from infra.campus.people import sample_data
from infra.campus.records import CloudEvent
from infra.campus.spire_api import known
from infra.campus.view import event_line, student_card

router = APIRouter()

SHOWN_STUDENTS = 30
SHOWN_EVENTS = 15
SHOWN_MAILS = 10
Text = Annotated[str, Form(min_length=1)]


@router.get("/")
async def console(request: Request, campus: HeldCampus, find: str = "") -> Response:
    """The newest students first, since those are the ones being played with."""
    cards = [student_card(student, campus.handshake) for student in reversed(campus.spire.students.values())]
    found = [card for card in cards if find.casefold() in f"{card.emplid} {card.name}".casefold()]
    return render(
        request,
        "console.html",
        students=found[:SHOWN_STUDENTS],
        hidden=len(found[SHOWN_STUDENTS:]),
        find=find,
        events=[event_line(*sent) for sent in list(campus.sent)[: -SHOWN_EVENTS - 1 : -1]],
        mails=list(enumerate(campus.mail.received, 1))[: -SHOWN_MAILS - 1 : -1],
        kafka=campus.emitter.state,
        spire_mode=campus.spire_mode,
        terms=sample_data().terms,
    )


@router.post("/students/{emplid}/classes/{strm}/{class_nbr}")
async def act_on_row(
    request: Request, campus: HeldCampus, emplid: str, strm: str, class_nbr: str, act: Annotated[acts.RowAct, Form()]
) -> Response:
    student = known(campus, emplid)
    row = student.rows.get((strm, class_nbr))
    if row is None:
        raise HTTPException(404, "no such class")
    return await _tell(request, campus, acts.change_row(student, row, act, campus.clock.now()), emplid)


@router.post("/students/{emplid}/classes")
async def enroll(
    request: Request, campus: HeldCampus, emplid: str, strm: Text, course: Text, class_nbr: Text, units: Text
) -> Response:
    student = known(campus, emplid)
    row = acts.new_row(student, strm, class_nbr, course, units)
    return await _tell(request, campus, acts.change_row(student, row, "enroll", campus.clock.now()), emplid)


@router.post("/students/{emplid}/terms/{strm}")
async def act_on_term(
    request: Request, campus: HeldCampus, emplid: str, strm: str, code: Annotated[Literal["WDR", "NWD"], Form()]
) -> Response:
    event = acts.withdraw_term(known(campus, emplid), strm, code, campus.clock.now())
    return await _tell(request, campus, event, emplid)


@router.post("/agreements/{agreement_id}")
async def act_on_agreement(
    request: Request, campus: HeldCampus, agreement_id: str, status: Annotated[Literal["approved", "withdrawn"], Form()]
) -> Response:
    agreement = campus.handshake.agreements.get(agreement_id)
    if agreement is None:
        raise HTTPException(404, "no such agreement")
    event = change_agreement(agreement, status, campus.clock.now())
    return await _tell(request, campus, event, agreement.emplid)


@router.post("/students/{emplid}/agreements")
async def add_agreement(
    request: Request,
    campus: HeldCampus,
    emplid: str,
    employer: Text,
    start_date: Annotated[date, Form()],
    end_date: Annotated[date, Form()],
    terms: Annotated[str, Form()] = "",
    kind: Annotated[Literal["internship", "coop", "practicum"], Form()] = "internship",
) -> Response:
    agreement = new_agreement(emplid, kind, employer, start_date, end_date, terms.replace(",", " ").split())
    return await _tell(request, campus, change_agreement(agreement, "pending", campus.clock.now()), emplid)


async def _tell(request: Request, campus: Campus, event: CloudEvent, emplid: str) -> Response:
    try:
        await campus.report([event])
    except NotConnectedError as error:
        return render(request, "refused.html", 503, message=f"Nothing was changed: {error}.")
    return RedirectResponse(f"/#s{emplid}", 303)
