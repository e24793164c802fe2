"""A whole mail to an example student, so that staff see their own texts in place before saving them."""

from collections.abc import Mapping

from cpt.campus.office_texts import text_of_mail
from cpt.contracts.event import Event
from cpt.contracts.intake import DueDateMoved, RequestCompleted, RequestHeld, StudentReminded
from cpt.contracts.notifier import NoticeKind
from cpt.contracts.review import CaseDenied, CaseReturned, I20Issued, StartPushedBack
from cpt.contracts.samples import sample_of
from cpt.contracts.staff import (
    AcknowledgementAsked,
    AuthorizationChanged,
    AuthorizationEnding,
    ContactAsked,
    CourseConfirmed,
    I20FileAdded,
    StudentMessaged,
)
from cpt.postgres import Connection
from notifier import store
from notifier.mail_renderer import RenderedMail
from notifier.reserve_notice import NoticeContext, render_notice

EXAMPLES: Mapping[NoticeKind, type[Event]] = {
    "acknowledgement": RequestCompleted,
    "delay": RequestHeld,
    "cleared": RequestCompleted,
    "due_moved": DueDateMoved,
    "returned": CaseReturned,
    "denied": CaseDenied,
    "pushed_back": StartPushedBack,
    "approved": I20Issued,
    "replaced": I20Issued,
    "i20_ready": I20FileAdded,
    "ending": AuthorizationEnding,
    "start_near": StudentReminded,
    "term_near": StudentReminded,
    "changed": AuthorizationChanged,
    "course_confirmed": CourseConfirmed,
    "please_read": AcknowledgementAsked,
    "message": StudentMessaged,
    "contact": ContactAsked,
}
"""Every kind of mail to a student, and the event that it tells of."""
STUDENT = "Ana Lima"


async def preview_mail(
    connection: Connection, kind: NoticeKind, context: NoticeContext, tried: str | None
) -> RenderedMail:
    """With the texts of the office as they are; `tried` in place of the paragraphs of this kind, kept nowhere."""
    own = text_of_mail(kind)
    texts = await store.office_texts(connection, "mail.greeting", "mail.contact", own)
    if tried is not None:
        texts |= {own: tried}
    return render_notice(kind, STUDENT, sample_of(EXAMPLES[kind], "full"), context, texts)
