"""Texts that an office changes by itself: which there are, which placeholders each knows, and how they are filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST = 2000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OFFICE = ("office", "phone", "address", "hours")


@dataclass(frozen=True, slots=True)
class OfficeText:
    """`where` says it to a director; `default` is used while nobody has written another."""

    title: str
    where: str
    default: str
    placeholders: tuple[str, ...]
    needed: tuple[str, ...] = ()


def _notice(title: str, when: str) -> OfficeText:
    where = f"One or more paragraphs at the end of the mail {when}. Empty: nothing is added."
    return OfficeText(f"Mail: {title}", where, "", ("name", "reference", *_OFFICE))


def text_of_mail(kind: str) -> str:
    """The name of the office's paragraphs in a kind of mail; `mail.contact` names the lines at the foot of every mail."""
    return "mail.contact_asked" if kind == "contact" else f"mail.{kind}"


def title_of_mail(kind: str) -> str:
    """What a kind of mail is called, as staff read it."""
    known = TEXTS.get(text_of_mail(kind))
    title = known.title.removeprefix("Mail: ") if known else _TO_STAFF.get(kind, kind.replace("_", " "))
    return title[:1].upper() + title[1:]


_TO_STAFF = {"alert": "alert, to the office", "escalation": "escalation, to the office", "task": "task, to the office"}
_TO_STUDENTS = (
    ("acknowledgement", "request complete", "tells that a request is complete"),
    ("delay", "something is missing", "tells what is missing"),
    ("cleared", "complete again", "tells that a request is complete again"),
    ("due_moved", "due date moved", "tells that the due date has moved"),
    ("returned", "request returned", "tells that an adviser returned the request"),
    ("denied", "request denied", "tells of a denial"),
    ("pushed_back", "later start", "tells that the start was pushed back"),
    ("approved", "CPT approved", "tells that the I-20 has been issued"),
    ("replaced", "I-20 issued again", "tells that a corrected I-20 has been issued"),
    ("i20_ready", "I-20 to download", "tells that the signed I-20 can be downloaded"),
    ("changed", "authorization changed", "tells that an authorization was shortened or canceled"),
    ("ending", "authorization ends soon", "reminds of the last authorized day"),
    ("start_near", "first day comes near", "tells not to begin yet"),
    ("term_near", "term comes near", "reminds of the enrollment that a request lacks"),
    ("course_confirmed", "course confirmed", "tells which course the CPT rests on"),
    ("please_read", "warning to read", "asks to read and confirm a warning"),
    ("message", "message of an adviser", "carries what an adviser wrote"),
    ("contact", "please contact us", "asks the student to contact the office today"),
)
"""Every kind of mail to a student, in the order in which one comes upon them."""

TEXTS: Mapping[str, OfficeText] = {
    "mail.greeting": OfficeText(
        "Mail: greeting",
        "The first line of every mail to a student.",
        "Dear {name},",
        ("name",),
        needed=("name",),
    ),
    "mail.contact": OfficeText(
        "Mail: contact",
        "Lines at the foot of every mail to a student, above the office's own address. Empty: nothing is added.",
        "",
        _OFFICE,
    ),
    **{text_of_mail(kind): _notice(title, f"that {tells}") for kind, title, tells in _TO_STUDENTS},
    "page.start": OfficeText(
        "Page: start of the student's site",
        "A notice at the top of the page where students begin, such as days on which the office is closed.",
        "",
        _OFFICE,
    ),
    "page.request": OfficeText(
        "Page: a student's request",
        "A notice at the foot of the page of every request, such as where questions are answered.",
        "",
        _OFFICE,
    ),
}


def mail_of_text(name: str) -> str | None:
    """The kind of mail that shows a text best; None for the texts of pages."""
    if not name.startswith("mail."):
        return None
    return next((kind for kind, _, _ in _TO_STUDENTS if text_of_mail(kind) == name), "approved")


def faults_in(name: str, text: str) -> Iterator[str]:
    """Why a text cannot be used, in sentences for its author; every fault at once."""
    kind = TEXTS[name]
    used = _PLACEHOLDER.findall(text)
    known = ", ".join(f"{{{one}}}" for one in kind.placeholders)
    for one in sorted({one for one in used if one not in kind.placeholders}):
        yield f"{{{one[:40]}}} is not known here. This text knows {known}."
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        yield "A curly bracket is open or closed alone. Write a placeholder like {" + kind.placeholders[0] + "}."
    for one in kind.needed:
        if text and one not in used:
            yield f"{{{one}}} is needed here."
    if len(text) > LONGEST:
        yield f"This text is too long: at most {LONGEST} characters."


def filled(name: str, text: str | None, values: Mapping[str, str]) -> str:
    """The text, or its default where there is none, with the placeholders filled in; a value that is not known is nothing."""
    kind = TEXTS[name]
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], "") or "", text or kind.default)


def paragraphs_of(text: str) -> list[str]:
    """One for each block between empty lines."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]
