"""How a campus's Handshake writes an experience, and one experience → the data of an event."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FIELDS = ("agreement_id", "emplid", "kind", "status", "employer", "start_date", "end_date")
_MOST = 201  # one more than a text may have: what is too long stays so, and is named


class InvalidMapping(ValueError):
    """Names every fault of the file, one a line."""


class Fields(BaseModel):
    """What each is called there; `updated_at` is needed by the API alone."""

    model_config = ConfigDict(extra="forbid")

    agreement_id: str
    emplid: str
    kind: str
    status: str
    employer: str
    start_date: str
    end_date: str
    approved_at: str = ""
    updated_at: str = ""


class Words(BaseModel):
    """The whole file; `kinds` and `statuses` give each of the campus's words its meaning."""

    model_config = ConfigDict(extra="forbid")

    path: str = "/experiences"
    since: str = "updated_after"
    page: str = "page"
    items: str = "experiences"
    dates: Annotated[list[str], Field(min_length=1)]
    fields: Fields
    kinds: dict[str, str]
    statuses: dict[str, str]


def load_words(path: str) -> Words:
    """The shipped ones where `path` is empty. Raises InvalidMapping."""
    try:
        return parse_words(Path(path).read_text("utf-8")) if path else shipped_words()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMapping(f"The mapping {path} cannot be read: {error.__class__.__name__}") from None


def parse_words(text: str) -> Words:
    """Raises InvalidMapping."""
    try:
        return Words.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping(f"The mapping is no TOML: {error}") from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:20]]
        raise InvalidMapping("\n".join(lines)) from None


@lru_cache(maxsize=1)
def shipped_words() -> Words:
    return parse_words(files("intake.handshake").joinpath("handshake.toml").read_text("utf-8"))


def data_of(experience: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What has no meaning here stands as it came: whoever reads the event says what is wrong, and it is parked (P29)."""
    data: dict[str, Any] = {name: text_of(experience, getattr(words.fields, name)) for name in FIELDS}
    data["kind"] = words.kinds.get(data["kind"], data["kind"])
    data["status"] = words.statuses.get(data["status"], data["status"])
    for name in ("start_date", "end_date"):
        data[name] = _date(data[name], words.dates)
    approved = text_of(experience, words.fields.approved_at) if words.fields.approved_at else ""
    return data | ({"approved_at": approved} if approved else {})


def text_of(experience: Mapping[str, Any], name: str) -> str:
    value: Any = experience
    for part in [name] if name in experience else name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    text = "" if value is None or isinstance(value, Mapping | list) else str(value)
    return text.strip()[:_MOST].replace("\0", "\ufffd")


def _date(text: str, forms: list[str]) -> str:
    for form in forms:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return text
