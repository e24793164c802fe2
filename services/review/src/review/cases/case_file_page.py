"""The page of the archive that a visitor reads without any program of ours."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from cpt.campus.clock import EASTERN


def case_file_page(facts: dict[str, Any], documents: Sequence[str], exported_by: str, now: datetime) -> str:
    """`facts` as JSON values; every text of a person is escaped."""
    template = _environment().get_template("case_file.html")
    return template.render(**facts, documents=documents, exported_by=exported_by, now=now)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("review"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["both"] = _both
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment


def _both(moment: str | datetime | None) -> str:
    """UTC and Eastern, as an audit needs it."""
    if moment is None:
        return ""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{when:%Y-%m-%d %H:%M:%S} UTC ({when.astimezone(EASTERN):%Y-%m-%d %I:%M %p} Eastern)"
