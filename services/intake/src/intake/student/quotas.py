"""What one student may have here at a time, so that nobody is in others' way, by mistake or on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cpt.postgres import Connection
from intake.store import sql

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Quotas:
    """`uploads`: in 24 hours. `draft_bytes`: names and texts of a draft together."""

    open_requests: int = 20
    uploads: int = 100
    draft_bytes: int = 65_536


STANDARD = Quotas()


class QuotaReached(Exception):
    """The message tells the student what they can do; `again_after` is set where waiting helps."""

    def __init__(self, code: str, message: str, again_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.again_after = again_after


async def require_room_for_request(connection: Connection, emplid: str, quotas: Quotas) -> None:
    """Under the student's lock. Raises `QuotaReached`."""
    if await connection.fetchval(sql.count_open_requests, emplid) >= quotas.open_requests:
        message = (
            f"You have {quotas.open_requests} open requests, the most that one student can have. Withdraw one that you "
            "no longer need; then you can send this one."
        )
        raise QuotaReached("too_many_requests_open", message)


async def require_room_for_upload(connection: Connection, emplid: str, quotas: Quotas, now: datetime) -> None:
    """Raises `QuotaReached`."""
    if await connection.fetchval(sql.count_uploads, emplid, now - _DAY) >= quotas.uploads:
        message = (
            f"You have uploaded {quotas.uploads} files within 24 hours, the most that one student can. What you sent is "
            "kept; send this file tomorrow, or ask the office if it is urgent."
        )
        raise QuotaReached("too_many_uploads", message, _DAY)


def require_room_in_draft(typed: Mapping[str, str], quotas: Quotas) -> None:
    """Raises `QuotaReached`; the transaction keeps what was there before."""
    if sum(len(name.encode()) + len(text.encode()) for name, text in typed.items()) > quotas.draft_bytes:
        message = "The answers of this request are longer than can be kept. Shorten the longest of them."
        raise QuotaReached("draft_too_long", message)
