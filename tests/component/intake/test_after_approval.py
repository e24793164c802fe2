"""After the I-20: what the student reports, what the office writes, warns of and changes."""

from datetime import date

import pytest

from cpt.contracts.intake import StudentAnswered, StudentReported, WarningAcknowledged
from cpt.contracts.staff import AcknowledgementAsked, AuthorizationChanged, ContactAsked, StudentMessaged
from cpt.contracts.values import Person, Recipient
from tests.component.intake import happened
from tests.component.intake.conftest import NOW

OFFICER = Person(sub="dso-1", name="Kim Lee", email=None)


def about(request, **fields):
    given = dict(request_id=request.request_id, round=request.round, receipt_number=1, reference=request.reference)
    return given | dict(recipient=Recipient(name="Ana Lima", email=None), at=NOW) | fields


async def issued(intake):
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id)))
    return request_id


async def test_a_student_reports_what_happened_and_a_dso_decides(intake, web):
    """R32, R33: told to review once; the authorization stands."""
    path = f"/api/requests/{await issued(intake)}"
    said = {"what": "withdrew_from_course", "on": "2026-08-23", "words": "Too much work"}
    async with web("student") as http:
        for _ in range(2):
            answer = await http.post(f"{path}/report", json=said)
            assert answer.status_code == 200, answer.text

    (told,) = await intake.published(StudentReported)
    assert (told.what, told.on, told.words) == ("withdrew_from_course", date(2026, 8, 23), "Too much work")
    assert answer.json()["state"] == "issued"
    assert (
        answer.json()["history"][-1]["what"] == "You told us that you left the course (August 23, 2026): Too much work"
    )


async def test_the_page_tells_the_office_and_shows_what_was_told(intake, web):
    """R32: the same use case as the API's; a refused form keeps what was typed."""
    path = f"/requests/{await issued(intake)}"
    async with web("student") as http:
        refused = await http.post(f"{path}/report", data={"what": "other", "on": "2026-09-14", "words": " "})
        taken = await http.post(f"{path}/report", data={"what": "will_not_start", "on": "", "words": "Offer gone"})
        page = await http.get(path)

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert 'value="2026-09-14"' in refused.text
    assert "Say in a few words what has changed." in refused.text
    assert "You told us that you will not start: Offer gone" in page.text


async def test_before_issuance_there_is_nothing_to_report(intake, web):
    request_id = await intake.complete()
    async with web("student") as http:
        answer = await http.post(f"/api/requests/{request_id}/report", json={"what": "will_not_start"})
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
        for body in (
            {"what": "bored"},
            {},
            {"what": "other"},
            {"what": "other", "words": " "},
            {"what": "other", "on": 1},
        ):
            assert (await http.post(f"/api/requests/{request_id}/report", json=body)).status_code == 422
    async with web("student", "39999999") as other:
        answer = await other.post(f"/api/requests/{request_id}/report", json={"what": "will_not_start"})
        assert answer.status_code == 404


async def test_what_the_office_writes_stands_with_the_request(intake):
    """A20: the message, and nothing else that staff note; R33: whoever is asked to come reads no verdict."""
    request_id = await issued(intake)
    request = await intake.request(request_id)
    fields = dict(alert_id="a-1", employer="Baystate Robotics Inc.", course=None, effective_on=date(2026, 9, 30))

    await intake.hear(StudentMessaged(**about(request, text="Bring your passport.", sent_by=OFFICER)))
    await intake.hear(ContactAsked(**about(request, sent_by=OFFICER) | fields))

    first, second = (await intake.view(request_id)).messages
    assert (first.text, first.by) == ("Bring your passport.", "Kim Lee")
    assert "contact our office today" in second.text
    assert "appears to have changed" in second.text


async def test_a_warning_is_read_once(intake, web):
    """Case 68."""
    request_id = await issued(intake)
    request = await intake.request(request_id)
    await intake.hear(AcknowledgementAsked(**about(request, code="opt", message="Twelve months end OPT.")))
    async with web("student") as http:
        for _ in range(2):
            answer = await http.post(f"/api/requests/{request_id}/acknowledge", json={"code": "opt"})
        unknown = await http.post(f"/api/requests/{request_id}/acknowledge", json={"code": "other"})

    assert answer.json()["to_acknowledge"][0]["read_at"] == "2026-08-24T14:00:00Z"
    assert unknown.status_code == 409
    (told,) = await intake.published(WarningAcknowledged)
    assert told.code == "opt"


async def test_messages_and_warnings_stand_on_the_page_until_the_student_has_read_them(intake, web):
    """Case 68, A20."""
    request_id = await issued(intake)
    request = await intake.request(request_id)
    await intake.hear(StudentMessaged(**about(request, text="Bring your passport.", sent_by=OFFICER)))
    await intake.hear(AcknowledgementAsked(**about(request, code="opt", message="Twelve months end OPT.")))
    async with web("student") as http:
        before = (await http.get(f"/requests/{request_id}")).text
        taken = await http.post(f"/requests/{request_id}/acknowledge", data={"code": "opt"})
        after = (await http.get(f"/requests/{request_id}")).text

    assert "Bring your passport." in before
    assert ("I have read this" in before, taken.status_code, "I have read this" in after) == (True, 303, False)


async def test_a_canceled_authorization_is_never_shown_as_leave_to_work(intake, web):
    """X11, R53: neither in the list nor on the page."""
    request_id = await issued(intake)
    change = dict(employer="Baystate Robotics Inc.", canceled=True, authorized_until=None, segments=())
    change |= dict(authorization_version=1, reason="Offer withdrawn.", changed_by=OFFICER)
    await intake.hear(AuthorizationChanged(**about(await intake.request(request_id)) | change))
    async with web("student") as http:
        page, listing = (await http.get(f"/requests/{request_id}")).text, (await http.get("/")).text

    assert "You may not work" in page
    assert "The days on your CPT I-20" not in page
    assert "I-20 issued" not in listing


@pytest.mark.parametrize("canceled", [True, False])
async def test_a_changed_authorization_is_what_the_page_shows(intake, canceled):
    """X11, R58: of the version that is shown; another is history."""
    request_id = await issued(intake)
    request = await intake.request(request_id)
    until = None if canceled else date(2026, 10, 31)
    change = dict(employer="Baystate Robotics Inc.", canceled=canceled, authorized_until=until, segments=())

    for version in (2, 1):
        fields = change | dict(authorization_version=version, reason=f"Reason {version}.", changed_by=OFFICER)
        await intake.hear(AuthorizationChanged(**about(request) | fields))

    view = await intake.view(request_id)
    assert (view.authorized.canceled, view.authorized.end_date) == (canceled, until or date(2026, 12, 11))
    assert [line.what for line in view.history if "Reason" in line.what] == [view.history[-1].what]
    assert view.history[-1].what.endswith(": Reason 1.")


async def test_an_approval_tells_the_student_to_wait_for_the_i20(intake):
    """R53, R54: approved is not issued, and the page says so."""
    request_id = await intake.complete()

    await intake.hear(happened.approved(await intake.request(request_id)))

    view = await intake.view(request_id)
    assert (view.state, view.authorized) == ("approved", None)
    assert "Do not start to work before you have received the I-20 with the CPT endorsement" in view.history[-1].what


async def test_a_student_answers_a_message_on_the_page_that_shows_it(intake, web):
    """A20: only what was written is answered, the same words once; the office hears of it."""
    request_id = await intake.complete()
    path = f"/requests/{request_id}"
    async with web("student") as http:
        unasked = await http.post(f"/api{path}/answer", json={"text": "Hello"})
        message = StudentMessaged(**about(await intake.request(request_id)), text="Is it remote?", sent_by=OFFICER)
        await intake.hear(message)
        for _ in range(2):
            taken = await http.post(f"{path}/answer", data={"text": "No, in Springfield."})
        empty = await http.post(f"/api{path}/answer", json={"text": " "})
        page = await http.get(path)

    (told,) = await intake.published(StudentAnswered)
    assert (unasked.status_code, taken.status_code, empty.status_code) == (409, 303, 422)
    assert told.text == "No, in Springfield."
    assert page.text.count("No, in Springfield.") == 1
    assert "(you)" in page.text


async def test_answers_of_a_day_are_bounded(intake, web):
    """A20: each is a task for a person."""
    request_id = await intake.complete()
    message = StudentMessaged(**about(await intake.request(request_id)), text="Is it remote?", sent_by=OFFICER)
    await intake.hear(message)
    async with web("student") as http:
        sent = [await http.post(f"/api/requests/{request_id}/answer", json={"text": f"No. {n}"}) for n in range(21)]

    assert [answer.status_code for answer in sent] == [200] * 20 + [429]
