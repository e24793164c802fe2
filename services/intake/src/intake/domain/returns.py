"""Which reasons of an adviser a student's change answers (P6)."""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace

from intake.domain.application import Application
from intake.domain.request import Request

_LETTER_FACTS = {
    "employer": ("employer", "letterhead"),
    "employer_address": ("mailing_address",),
    "work_locations": ("location",),
}


def changed_fields(before: Application, after: Application) -> list[str]:
    return [field.name for field in fields(Application) if getattr(before, field.name) != getattr(after, field.name)]


def names_of_fields(changed: Collection[str]) -> Iterator[str]:
    """What a reason may have called these fields of the form."""
    for field in changed:
        yield from (field, f"form.{field}")
        yield from (f"letter.{fact}" for fact in _LETTER_FACTS.get(field, (field,)))


def names_of_document(kind: str, strm: str | None) -> Iterator[str]:
    yield from (kind, f"document.{kind}")
    if strm:
        yield f"document.{kind}.{strm}"
    if kind == "offer_letter":
        yield "letter."
    if kind == "handshake_contract":
        yield "agreement."


def answer_returns(request: Request, names: Collection[str]) -> Request:
    """A reason that names nothing is cleared by a resubmission only; a name that ends in a dot stands for all below."""
    groups = tuple(name for name in names if name.endswith("."))
    left = tuple(
        one for one in request.returns if not one.item or (one.item not in names and not one.item.startswith(groups))
    )
    return replace(request, returns=left)
