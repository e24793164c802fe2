"""What notifier tells: which notices left and which did not."""

from datetime import datetime
from typing import ClassVar, Literal

from cpt.contracts.event import Event

NoticeKind = Literal[
    "acknowledgement",
    "delay",
    "cleared",
    "pushed_back",
    "returned",
    "denied",
    "approved",
    "replaced",
    "alert",
    "escalation",
    "blind",
    "due_moved",
    "message",
    "contact",
    "changed",
    "please_read",
    "task",
    "course_confirmed",
    "i20_ready",
    "digest",
    "consultation",
    "ending",
    "start_near",
    "term_near",
    "report",
]


class _NoticeEvent(Event):
    TOPIC: ClassVar[str] = "cpt.notifier"
    SOURCE: ClassVar[str] = "/cpt/notifier"

    notice_id: str
    subject_id: str
    """The request, the alert or `monitoring`: what the notice is about."""
    kind: NoticeKind
    caused_by: str
    at: datetime

    @property
    def key(self) -> str:
        return self.subject_id


class NoticeSent(_NoticeEvent):
    """A mail server accepted the message; that is all SMTP can say."""

    TYPE: ClassVar[str] = "edu.umass.cpt.notice-sent.v1"

    message_id: str
    attempts: int


class NoticeFailed(_NoticeEvent):
    """Refused for good, or no address: a person must use another channel (case 62)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.notice-failed.v1"

    reason: str
    attempts: int
