"""What a student reads of what happened: kept as a code with its facts, put into words whenever it is shown."""

from collections.abc import Callable, Mapping
from datetime import date
from string import Formatter
from typing import Any, Literal, get_args

from cpt.campus.clock import in_words

Code = Literal[
    "agreement", "answered_return", "approved", "assigned", "authorization_canceled", "authorization_replaced",
    "authorization_shortened", "change_asked_for",
    "completed", "consultation_asked", "consultation_confirmed", "consultation_not_asked", "consultation_not_held",
    "contact_asked", "corrected", "course_changed", "course_confirmed", "denied", "document_received",
    "due_date_earlier", "due_date_later", "earlier_ends", "enrollment_met", "enrollment_not_met", "given_back", "i20_fetched",
    "i20_file_added", "i20_issued", "i20_replaced", "look_asked_for", "mail_failed", "mail_sent", "message",
    "message_answered", "number_given_up", "office_error_corrected", "reassigned", "reported", "returned",
    "start_moved", "submitted", "warning", "warning_read", "withdrawal_asked", "withdrawn",
]  # fmt: skip
Reported = Literal["withdrew_from_course", "will_not_start", "stopped_working", "other"]

_ISSUED = "The CPT I-20 has been issued for {start!d} to {end!d}. Work only on these days, and only after you have received it."
_MAILS = {
    "acknowledgement": "that your request is complete",
    "delay": "about what is missing",
    "cleared": "that your request is complete again",
    "pushed_back": "about a later start date",
    "returned": "about the return of your request",
    "denied": "about the denial",
    "approved": "about your CPT I-20",
    "replaced": "about your new CPT I-20",
    "due_moved": "about a new due date",
    "message": "with a message from the office",
    "contact": "asking you to get in touch",
    "changed": "about a change of your authorization",
    "please_read": "with a warning to read",
    "i20_ready": "about your I-20 to download",
    "course_confirmed": "about the course of your CPT",
    "ending": "about the last day of your authorization",
    "start_near": "about your first day, which comes near",
    "term_near": "about the enrollment that your request needs",
}
MAILS = frozenset(_MAILS)
"""The kinds of notice that are about a student's own request."""
_REPORTS: dict[Reported, str] = {
    "withdrew_from_course": "You told us that you left the course",
    "will_not_start": "You told us that you will not start",
    "stopped_working": "You told us that you have stopped working",
    "other": "You told us of a change",
}


def _reported(fields: Mapping[str, Any]) -> str:
    day = f" ({in_words(date.fromisoformat(fields['on']))})" if fields["on"] else ""
    return f"{_REPORTS[fields['what']]}{day}" + (f": {fields['words']}" if fields["words"] else "")


def _ending(fields: Mapping[str, Any]) -> str:
    """Without a last day it was canceled before it began (X11)."""
    return (
        f"ends on {in_words(date.fromisoformat(fields['until']))}"
        if fields["until"]
        else "was canceled before it began"
    )


def _replaced(fields: Mapping[str, Any]) -> str:
    return f"{fields['reference']} takes the place of this authorization, which {_ending(fields)}"


_WORDS: dict[Code, str | Callable[[Mapping[str, Any]], str]] = {
    "agreement": lambda fields: f"Handshake: the agreement is {fields['status'].replace('_', ' ')}",
    "answered_return": "You answered the adviser: {note}",
    "approved": "The request is approved. Do not start to work before you have received the I-20 with the CPT endorsement",
    "assigned": "An adviser is working on the request",
    "authorization_canceled": "Your CPT authorization was canceled: {reason}",
    "authorization_replaced": _replaced,
    "authorization_shortened": "Your CPT authorization now ends on {until!d}: {reason}",
    "change_asked_for": "You asked for a change of this authorization",
    "completed": "We have everything we need: your request is complete",
    "consultation_asked": "We asked {name} by email to confirm that you consulted them",
    "consultation_confirmed": "{name} confirmed that you consulted them",
    "consultation_not_asked": "We could not ask {name}: the address is not one of the university, or it is your own",
    "consultation_not_held": "{name} says that you have not consulted them about this. Please talk to them, and correct your answer if it is wrong",
    "contact_asked": "The office asks you to get in touch today",
    "corrected": "The form was corrected",
    "course_changed": "Your CPT rests on {courses}, no longer on {before}. Stay enrolled in it for the whole time",
    "course_confirmed": "Your CPT rests on {courses}. Stay enrolled in it for the whole time",
    "denied": "The request was denied: {reason}",
    "document_received": lambda fields: f"You uploaded: {fields['kind'].replace('_', ' ')}",
    "due_date_earlier": "The due date moved to {due_on!d}: a closing day was taken off the academic calendar",
    "due_date_later": "The due date moved to {due_on!d}: the academic calendar has a new closing day",
    "earlier_ends": lambda fields: f"The earlier authorization, {fields['reference']}, {_ending(fields)}",
    "enrollment_met": "SPIRE was checked: your enrollment fits this request",
    "enrollment_not_met": "SPIRE was checked: your enrollment does not fit this request",
    "given_back": "The request waits for another adviser and keeps its place",
    "i20_fetched": "You downloaded your signed I-20",
    "i20_file_added": "Your signed I-20 with the CPT endorsement is here: download it on this page",
    "i20_issued": _ISSUED,
    "i20_replaced": f"{_ISSUED} It replaces the earlier one",
    "look_asked_for": "You asked an adviser to look at the {place}",
    "mail_failed": lambda fields: f"We could not send you an email {_MAILS[fields['kind']]}; this page stays true",
    "mail_sent": lambda fields: f"We sent you an email {_MAILS[fields['kind']]}",
    "message": "The office wrote to you",
    "message_answered": "You answered the office",
    "number_given_up": "Receipt number {number} was given up",
    "office_error_corrected": "The office corrected an error of its own; the request keeps its number and place",
    "reassigned": "Another adviser took the request over",
    "reported": _reported,
    "returned": "An adviser returned the request",
    "start_moved": "The start was moved from {asked!d} to {start!d}: {reason}",
    "submitted": "The request was submitted",
    "warning": "Please confirm that you have read this warning: {message}",
    "warning_read": "You have read the warning: {message}",
    "withdrawal_asked": "You asked to withdraw; an adviser will decide",
    "withdrawn": "The request was withdrawn",
}


class _Sentence(Formatter):
    """`{name!d}` is an ISO date in words."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return in_words(date.fromisoformat(value)) if conversion == "d" else value


def sentence(code: Code, fields: Mapping[str, Any]) -> str:
    """`fields` are texts, dates as ISO writes them, numbers; raises KeyError for a fact that the sentence needs."""
    words = _WORDS[code]
    return words(fields) if callable(words) else _Sentence().vformat(words, (), fields)


def known_codes() -> tuple[Code, ...]:
    return get_args(Code)
