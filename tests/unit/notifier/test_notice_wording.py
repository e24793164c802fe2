"""What each mail says, in text and in HTML alike (R32, R49, R53–R63; cases 22, 45, 63, 65; R33)."""

import re
from datetime import date

import pytest
from markupsafe import Markup, escape

from cpt.contracts.notifier import NoticeKind
from cpt.contracts.values import ChangedAuthorization, EarlierAuthorization, Recipient
from notifier.domain import cleaned, paragraphs
from notifier.mail_renderer import MailRenderer
from notifier.notice_rules import Watchers, plan_notice
from notifier.reserve_notice import WRITTEN
from tests.unit.notifier.events import (
    COMPLIANCE,
    PRACTICUM,
    SUMMER_AND_FALL,
    alerted,
    blind,
    canceled,
    completed,
    consultation_asked,
    contact_asked,
    course_confirmed,
    denied,
    digest,
    due_moved,
    ending,
    escalated,
    held,
    i20_ready,
    issued,
    late_task,
    messaged,
    pushed_back,
    reminded,
    report,
    returned,
    shortened,
    task,
    warned,
)

STATIONERY = MailRenderer()
OFFICE = Recipient(name="International Programs Office", email="office@ipo.example")
WATCHERS = Watchers(Recipient(name="CPT compliance", email=COMPLIANCE), {"director": "kim@ipo.example"}, OFFICE)
NOT_BEFORE = (
    "Please do not begin this work until your CPT is approved and you have received the I-20 with the CPT endorsement."
)
EARLIER = ChangedAuthorization(request_id="r0", reference="CPT-2026-000009")
EVERY = {
    "acknowledgement": completed(),
    "cleared": completed(round=2),
    "reinstated": completed(round=2, reinstated=True),
    "delay": held(),
    "returned": returned(),
    "office_error": returned(office_error=True),
    "denied": denied(),
    "pushed_back": pushed_back(),
    "approved": issued(**SUMMER_AND_FALL),
    "replaced": issued(authorization_version=2, replaces=1),
    "alert": alerted(),
    "escalation": escalated(),
    "blind": blind(),
    "digest": digest(),
    "due_moved": due_moved(),
    "message": messaged(),
    "contact": contact_asked(),
    "shortened": shortened(),
    "canceled": canceled(),
    "please_read": warned(),
    "task": task(),
    "late_task": late_task(),
    "course_confirmed": course_confirmed(),
    "i20_ready": i20_ready(),
    "ending": ending(),
    "start_near": reminded(),
    "start_near_incomplete": reminded(missing=held().missing, changes=EARLIER),
    "term_near": reminded("term_near", missing=held().missing),
    "report": report(),
    "report_of_nothing": report(issued=0, in_time=0, median_days=None),
    "consultation": consultation_asked(),
    "consultation_again": consultation_asked(reminder=True),
    "i20_reminder": i20_ready(reminder=True),
    "alert_replaced": alerted(kind="replaced", severity="MEDIUM", replacement="COMPSCI 696"),
    "alert_load": alerted(kind="load", severity="LOW", cause="below_full_load", units_after=6, full_load=9),
    "alert_status": alerted(kind="status", cause="program_end"),
}
SAYS = {
    "acknowledgement": [
        "We have everything we need. Your CPT request is complete.",
        "Receipt number 17",
        "by the end of Thursday, September 17, 2026",
        "If five business days have passed (Thursday, September 17, 2026)",
        "Spam or Junk folder",
        "We cannot move one ahead of another, for anyone or any reason.",
        NOT_BEFORE,
    ],
    "cleared": ["Your CPT request is complete again, and you are back in line.", "You have a new receipt number"],
    "reinstated": ["you keep your place", "The mistake was ours.", "Receipt number 17"],
    "delay": [
        "delayed until we have all of the items. It has not been denied.",
        "Your Handshake agreement was withdrawn.",
        "Who can fix it: Career Development Hub. Where: internships@umass.edu",
        "SPIRE shows no course for Fall 2026.",
        "Who can fix it: you. Where: SPIRE",
        NOT_BEFORE,
    ],
    "returned": ["The letter names no end date.", "It has not been denied.", "a new place in line", NOT_BEFORE],
    "office_error": ["We made a mistake with your CPT request. You keep your place in line.", NOT_BEFORE],
    "denied": ["we could not approve your CPT request", "The training is not related to the major."],
    "pushed_back": [
        "Your new CPT start date is September 21, 2026. You asked for September 14, 2026.",
        "This email is not your approval yet",
    ],
    "approved": [
        "Your CPT start date is now May 18, 2026. You asked for May 11, 2026.",
        "Your CPT is approved, and your CPT I-20 has been issued.",
        "Employer Baystate Robotics Inc.",
        "You may begin to work only after you have received the I-20 with the CPT endorsement.",
        "until then you can pick it up at 1 Campus Way, Amherst (Monday to Friday)",
        "413-555-0100",
        "Location 12 Main St, Springfield, MA 01103",
        "Hours 20 per week (part-time)",
        "May 18, 2026 to August 21, 2026",
        "September 8, 2026 to December 11, 2026",
        "You may work only on these dates, for this employer, at this location.",
        "August 22, 2026 to September 7, 2026 No term runs from",
        "You must stay enrolled in your courses for your CPT the whole time.",
    ],
    "replaced": [
        "This email replaces the approval email that we sent you before.",
        "takes the place of the earlier one, which no longer counts",
        "September 14, 2026 to December 11, 2026",
    ],
    "alert": [
        "The course that an authorized CPT rests on is possibly gone.",
        "A person decides what it means.",
        "Student Mei Li",
        "EMPLID 30012345",
        "SEVIS ID N••••••7890",
        "Effective September 30, 2026",
        "Report by October 21, 2026",
        "Clock 21 days left",
        "From the effective date to today: running.",
    ],
    "escalation": [
        "still waiting for an outcome",
        "Why now It has not been acknowledged for four business hours.",
        "Clock 14 days left",
    ],
    "blind": ["Missing alerts are possible", "No registrar event for 6 hours."],
    "due_moved": [
        "Your CPT request is now due by the end of Friday, September 18, 2026.",
        "The university is closed on September 16.",
        "Your place in line and your receipt number, 17, stay the same.",
        NOT_BEFORE,
    ],
    "message": ["Ana Ortiz wrote to you about your CPT request.", "Please bring your passport on Monday."],
    "contact": ["Please contact our office today, before you work again.", "Nothing has been decided."],
    "shortened": [
        "Your CPT authorization now ends on October 31, 2026.",
        "You told us that the project ends early.",
        "September 14, 2026 to October 31, 2026",
    ],
    "canceled": ["Your CPT authorization was canceled. Please do not work for this employer."],
    "task": [
        "Something about a CPT needs somebody of the office.",
        "What The student says that the course was given up.",
        "Owner Ana Ortiz",
        "by the end of Monday, September 14, 2026",
    ],
    "late_task": ["A task is past its due day and still open."],
    "course_confirmed": [
        "This is the course your CPT rests on now.",
        "COMPSCI 696 (term 1267)",
        "Before, it was COMPSCI 698 (term 1267).",
        "The Hub named another one.",
        "until you have received your I-20 with the CPT endorsement",
    ],
    "consultation": ["Is that so?", "Opening the page answers nothing.", "copy this one: the-code"],
    "consultation_again": ["Is that so?", "You can answer once"],
    "i20_ready": [
        "is ready for you",
        "only on those of the days it names that are still to come, and only after you have received it",
    ],
    "ending": [
        "December 11, 2026 is the last day on which you may work by this CPT authorization.",
        "ask for an extension on the page of your request now",
    ],
    "start_near": [
        "No I-20 with the CPT endorsement has been issued for it so far.",
        NOT_BEFORE[:-1] + ", even if your employer expects you earlier.",
        "Your request is complete. You do not need to do anything.",
    ],
    "start_near_incomplete": ["Who can fix it:", "the authorization that you have, CPT-2026-000009, counts as it is."],
    "term_near": ["Fall 2026 begins on", "SPIRE did not show the enrollment", "Who can fix it:", NOT_BEFORE],
    "report": [
        "What happened to CPT requests in August 2026.",
        "By the due day 32",
        "Median days to I-20 3.4",
    ],
    "report_of_nothing": ["I-20s issued 0"],
    "i20_reminder": ["You have not downloaded your I-20 with the CPT endorsement yet."],
    "alert_replaced": [
        "COMPSCI 698 was replaced by COMPSCI 696 in the same act. Please confirm the new course, or call it a loss.",
        "no 21-day clock runs until somebody calls it a loss",
    ],
    "alert_load": ["The course of the CPT is untouched.", "Units 6 of 9"],
    "alert_status": ["A fact of the student's status has changed", "The program ends before the CPT does."],
    "digest": ["This is open for you this morning.", "Past the due day 1", "Open your desk"],
    "please_read": ["ends the claim to OPT at this level", "confirm that you have read this"],
}


def written(event, **facts):
    notice = plan_notice(event, WATCHERS)
    assert notice is not None
    given = dict(
        event=cleaned(event.model_dump()),
        name=cleaned(notice.to.name),
        greeting=[f"Dear {cleaned(notice.to.name)},"],
        contact=[],
        added=[],
        said=paragraphs(next((text for text in (getattr(event, name, "") for name in WRITTEN) if text), "")),
        office="International Programs Office",
        phone="413-555-0100",
        postal="1 Campus Way, Amherst",
        hours="Monday to Friday",
        intake="https://intake.example",
        review="https://review.example",
        code="the-code",
    )
    return STATIONERY.write(notice.kind, given | facts)


def said(markup):
    """The words a reader sees, with every run of white space as one space."""
    body = markup[markup.index("<body") :].replace("<", " <")
    return re.sub(r"\s+([.,])", r"\1", " ".join(Markup(body).striptags().split()))


def in_text(text):
    return " ".join(re.sub(r"^(  \S[^:\n]{0,20}):", r"\1", text, flags=re.MULTILINE).split()).replace("* ", "")


@pytest.mark.parametrize("name", EVERY)
def test_each_mail_says_what_its_reader_needs_in_text_and_html(name):
    words = written(EVERY[name])

    for sentence in SAYS[name]:
        assert sentence in in_text(words.text)
        assert sentence in said(words.html)


@pytest.mark.parametrize("name", EVERY)
def test_no_subject_holds_personal_data_and_no_mail_a_verdict_or_a_picture(name):
    """docs/architecture.md, R33: SEVIS ids, names, employers and ids stay out of subjects; nothing is loaded."""
    words = written(EVERY[name])

    for personal in ("Mei", "Baystate", "30012345", "N00", "7890"):
        assert personal not in words.subject
    assert not re.search("violat|terminat|unlawful|illegal", words.subject + words.text + words.html, re.IGNORECASE)
    assert not re.search("<img|<link|<script|@import|url\\(|<style[^>]+src", words.html)
    assert "prefers-color-scheme: dark" in words.html


def test_every_kind_of_the_contract_has_its_words():
    kinds = {plan_notice(event, WATCHERS).kind for event in EVERY.values()}

    assert kinds == set(NoticeKind.__args__)


def test_a_task_that_nobody_can_be_written_to_about_is_the_offices():
    """Domain 4: nothing after issuance goes where nobody looks; late ones go to the office and the director too."""
    nobody = plan_notice(task(owner=None), WATCHERS)
    late = plan_notice(late_task(), WATCHERS)

    assert (nobody.to, plan_notice(task(), WATCHERS).copies) == (OFFICE, ())
    assert [copy.email for copy in late.copies] == ["office@ipo.example", "kim@ipo.example"]


def test_a_replaced_course_is_the_advisers_to_confirm():
    """Case 74, A24: mailed to the adviser, a copy to compliance; a loss the other way round."""
    replaced, gone = plan_notice(EVERY["alert_replaced"], WATCHERS), plan_notice(alerted(), WATCHERS)

    assert (replaced.to.email, replaced.copies[0].email) == ("ana.ortiz@ipo.example", COMPLIANCE)
    assert (gone.to.email, gone.copies[0].email) == (COMPLIANCE, "ana.ortiz@ipo.example")


def test_an_alert_names_what_is_left():
    """Case 71."""
    text = in_text(written(alerted(other_courses=("COMPSCI 514", "COMPSCI 520"))).text)

    assert "Still enrolled in COMPSCI 514, COMPSCI 520" in text


def test_the_approval_names_the_courses_to_stay_in():
    """R32, A23."""
    assert "You must stay enrolled in COMPSCI 698 the whole time." in in_text(
        written(issued(courses=(PRACTICUM,))).text
    )


def test_the_approval_of_a_change_says_until_when_the_earlier_authorization_counts():
    """X6: one mail tells of both, and calls no start new that the student works under already."""
    left = EarlierAuthorization(request_id="r0", reference="CPT-2026-000001", canceled=False, until=date(2026, 9, 13))
    changed = written(issued(earlier=left, requested_start=date(2026, 9, 1)))
    gone = written(issued(earlier=left.model_copy(update={"canceled": True, "until": None})))

    assert "Your earlier authorization, CPT-2026-000001, counts through September 13, 2026." in in_text(changed.text)
    assert "You asked for" not in changed.text
    assert "CPT-2026-000001, was canceled before it began." in in_text(gone.text)
    by = ChangedAuthorization(request_id="r2", reference="CPT-2026-000002")
    assert plan_notice(EVERY["canceled"].model_copy(update={"replaced_by": by}), WATCHERS) is None


def test_whoever_waits_for_a_change_is_told_that_the_authorization_they_have_counts():
    """X6."""
    earlier = ChangedAuthorization(request_id="r0", reference="CPT-2026-000001")

    assert "the authorization that you have, CPT-2026-000001, counts" in in_text(
        written(completed(changes=earlier)).text
    )


def test_a_consultation_is_confirmed_by_a_link_whose_code_no_server_is_sent():
    """R20: behind the #; nothing of the request but who, where and when."""
    words = written(EVERY["consultation"])

    assert "https://intake.example/consultation#the-code" in words.text
    assert 'href="https://intake.example/consultation#the-code"' in words.html
    assert "CPT-2026" not in words.text


def test_an_extension_is_asked_for_where_the_mails_say():
    """X6: no mail names a form that does not exist."""
    assert "ask for it on the page of your request" in in_text(written(issued()).text)
    assert "ask for an extension on the page of your request" in in_text(written(EVERY["shortened"]).text)


def test_spam_advice_stands_in_the_acknowledgement_only():
    """R62: inside the approval email nobody who needs it would see it."""
    with_it = {name for name, event in EVERY.items() if "Spam" in written(event).text}

    assert with_it == {"acknowledgement", "cleared", "reinstated"}


@pytest.mark.parametrize("name", ["acknowledgement", "cleared", "reinstated"])
def test_whoever_stands_in_line_is_told_to_wait_with_the_work(name):
    """R53, R54."""
    assert NOT_BEFORE in " ".join(written(EVERY[name]).text.split())


def test_a_student_whose_course_was_lost_reads_no_verdict():
    """R33: a person is going to look at it."""
    text = " ".join(written(EVERY["contact"]).text.split())

    assert "There may be a simple explanation." in text
    assert "Nothing has been decided." in text


def test_an_unmoved_start_is_not_called_new():
    assert "You asked for" not in written(issued()).text


@pytest.mark.parametrize("kind", [{}, dict(authorization_version=2, replaces=1)])
def test_a_moved_start_says_the_new_date_before_the_old_one(kind):
    """Case 45."""
    text = written(issued(requested_start=date(2026, 9, 1), **kind)).text

    assert text.index("September 14, 2026") < text.index("September 1, 2026")


def test_the_links_lead_to_the_request_and_the_alert():
    assert 'href="https://intake.example/requests/0199-request"' in written(issued()).html
    assert "https://review.example/alerts/0199-alert" in written(alerted()).text


def test_without_an_address_of_ours_no_link_is_shown():
    words = written(issued(), intake="")

    assert "See your request" not in words.text + words.html


def test_names_in_any_script_and_markup_in_names_are_shown_as_they_are():
    """Case 63."""
    employer = "<b>Bob's</b> & 株式会社\r\nBcc: x@y.example"
    words = written(issued(employer=employer, recipient=Recipient(name="Łukasz 李 محمد", email="a@b.example")))

    assert "Dear Łukasz 李 محمد," in words.text
    assert "<b>Bob's</b> & 株式会社 Bcc: x@y.example" in words.text
    assert str(escape("<b>Bob's</b> & 株式会社 Bcc: x@y.example")).replace("&#39;", "'") in words.html.replace(
        "&#39;", "'"
    )


def test_a_sevis_id_written_into_a_reason_does_not_leave_the_office():
    assert "N••••••7890" in written(denied(reason="Record N0034567890 has ended.")).text


def test_the_lines_of_an_advisers_message_stay_lines():
    """A list of things to bring is read as a list, not as one run of words."""
    words = written(messaged(text="Please bring:\r\n\r\nyour passport\nyour I-94"))

    assert "    Please bring:\n\n    your passport\n\n    your I-94\n" in words.text
    assert words.html.count('dir="auto"') == 3


def test_an_overdue_alert_says_so():
    words = written(alerted(overdue=True, days_left=-4))

    assert "OVERDUE by 4 days" in words.text
    assert "report was due by October 21, 2026" in words.subject


def test_one_missing_item_is_one_item():
    assert written(held(missing=held().missing[:1])).subject == "Your CPT request is delayed: 1 item needs attention"
