"""What each HTTP refusal is called on the wire and what a person can do about it."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Status:
    code: str
    title: str
    advice: str


_STATUSES = {
    400: Status("bad_request", "This could not be read", "Go back and try again."),
    401: Status(
        "unauthenticated",
        "Sign in first",
        "You were away for a while, or signed out. Sign in: you come back to the page, with what was saved, and can send it again.",
    ),
    403: Status(
        "forbidden",
        "You cannot do this with your role",
        "If you need access, contact the international office. To use another account, sign out first.",
    ),
    404: Status(
        "not_found",
        "This page does not exist",
        "It may have moved, or it may belong to someone else. Check the address, or begin at the start page.",
    ),
    405: Status("method_not_allowed", "This cannot be opened that way", "Begin at the start page."),
    408: Status("too_slow", "This took too long to arrive", "Check your connection, then send it again."),
    409: Status("conflict", "This has changed in the meantime", "Open the page again to see the current state."),
    413: Status("too_large", "This is too large", "Choose a smaller file, then send it again."),
    415: Status("unsupported_media_type", "This kind of file or data is not accepted", "Choose another kind."),
    422: Status("invalid", "There is a problem", "Go back, correct what is named here, and send it again."),
    429: Status("too_many_requests", "Too many requests at once", "Wait a few seconds, then try again."),
    500: Status(
        "internal_error",
        "Something went wrong on our side",
        "Nothing you entered caused this. Try again in a minute. If it happens again, tell the international office.",
    ),
    503: Status(
        "unavailable",
        "This is not available at the moment",
        "Wait a minute, then try again. What you sent before is safe.",
    ),
}


def status_of(number: int) -> Status:
    """The texts of any HTTP status; one without texts of its own has the standard phrase."""
    if number in _STATUSES:
        return _STATUSES[number]
    phrase = HTTPStatus(number).phrase
    return Status(phrase.lower().replace(" ", "_").replace("-", "_"), phrase, "Begin at the start page.")
