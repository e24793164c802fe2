"""The Idempotency-Key header: the same key means the same act, however often it arrives."""

import re
from typing import Annotated

from fastapi import Depends, Header

from cpt.web.problems import FieldError, plain_problem

_PRINTABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")


def idempotency_key(value: str | None) -> str | None:
    """Raises 422 unless it is absent or 1 to 200 printable ASCII characters."""
    if value is None or _PRINTABLE.fullmatch(value):
        return value
    raise _refusal("not_printable", "Use 1 to 200 printable characters.")


def _optional(value: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str | None:
    return idempotency_key(value)


def _required(value: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str:
    key = idempotency_key(value)
    if key is None:
        raise _refusal("missing", "Send a key of your own choice, and the same one when you repeat the request.")
    return key


def _refusal(code: str, message: str) -> Exception:
    return plain_problem(422, errors=[FieldError("Idempotency-Key", code, message)])


IdempotencyKey = Annotated[str | None, Depends(_optional)]
RequiredIdempotencyKey = Annotated[str, Depends(_required)]
