"""When a student may ask to extend or change what was issued, and what the new request starts from (X6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from intake.domain.application import Application
from intake.domain.lifecycle import OPEN, Phase, Refused
from intake.domain.request import Request


@dataclass(frozen=True, slots=True)
class Changer:
    """A request that asks, or asked, to change an authorization; `stands`: its own was issued and not canceled."""

    request_id: str
    reference: str
    phase: Phase
    stands: bool


def require_changeable(request: Request, changers: Iterable[Changer], today: date) -> None:
    """Raises `Refused` with what to do instead."""
    shown = request.authorized
    if request.phase != "issued" or shown is None:
        raise Refused(
            "wrong_state", "No CPT I-20 has been issued for this request. Correct the request instead of changing it."
        )
    for one in changers:
        if one.phase in OPEN:
            message = (
                f"{one.reference} asks for a change of this authorization already. Correct or withdraw that request."
            )
            raise Refused("change_open", message)
        if one.stands:
            raise Refused("wrong_state", f"{one.reference} changed this authorization. Ask for a further change there.")
    if shown.get("canceled"):
        raise Refused("wrong_state", "This authorization was canceled. Send a new request.")
    if date.fromisoformat(shown["end_date"]) < today:
        raise Refused("wrong_state", "The days of this authorization are over. Send a new request.")


def starting_point(application: Application) -> Application:
    """What stays the same unless the student says otherwise. The consultation is asked again, for it is about this
    training (R20); whether the work has begun is about the new terms.
    """
    consulted = application.adviser_consulted
    return replace(application, adviser_consulted=consulted and replace(consulted, on=None), already_started=False)


def says_the_same(before: Application, after: Application) -> bool:
    """Nothing but the consultation differs."""
    same = replace(after, adviser_consulted=before.adviser_consulted, already_started=before.already_started)
    return same == before
