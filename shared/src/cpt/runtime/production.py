"""What a production installation must not start with: settings that nobody reads, and addresses of the demonstration."""

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

_FOLDER = "CPT_SECRETS_DIR"
_RESERVED = (".example", ".test", ".invalid")
"""Domains that belong to nobody (RFC 2606): whatever is sent there is lost."""


@cache
def known_variables() -> frozenset[str]:
    """The settings of all services, for one ConfigMap may serve them all; generated with the READMEs' tables."""
    return frozenset(files("cpt.runtime").joinpath("variables.txt").read_text("utf-8").split())


def unknown_variables(environment: Mapping[str, str], folder: str | None) -> Iterator[str]:
    """One line for each `CPT_` variable or secret file that no service reads, with the nearest one that is read."""
    given = set(environment) | ({file.name for file in Path(folder).iterdir()} if folder else set())
    for name in sorted(given):
        if not name.upper().startswith("CPT_") or name.upper() in known_variables() | {_FOLDER}:
            continue
        near = difflib.get_close_matches(name.upper(), sorted(known_variables()), 1, 0.8)
        yield f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else "")


def demonstration_values(settings: BaseModel, prefix: str = "CPT_") -> Iterator[str]:
    """One line for each setting that holds an address belonging to nobody."""
    for name in type(settings).model_fields:
        value, variable = getattr(settings, name), f"{prefix}{name.upper()}"
        if isinstance(value, BaseModel):
            yield from demonstration_values(value, f"{variable}__")
            continue
        for text in _texts(value):
            if _belongs_to_nobody(text):
                yield f"{variable} holds an address under a domain that belongs to nobody (.example, .test, .invalid)"


def lost_documents(url: str) -> Iterator[str]:
    """For whoever reads or keeps documents: one line where their folder ends with the container."""
    if url.startswith("file:///") and not _on_a_volume(Path(url.removeprefix("file://"))):
        yield "CPT_DOCUMENTS__URL names a folder on no volume: what is kept there ends with the container"


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case SecretStr():
            yield value.get_secret_value()
        case dict():
            yield from (text for text in value.values() if isinstance(text, str))


def _belongs_to_nobody(value: str) -> bool:
    try:
        host = urlsplit(value).hostname if "://" in value else value.rpartition("@")[2]
    except ValueError:
        return False
    return (host or "").lower().rstrip(".").endswith(_RESERVED)


def _on_a_volume(folder: Path) -> bool:
    return any(place.is_mount() for place in [folder, *folder.parents][:-1])
