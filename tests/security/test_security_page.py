"""The figures of docs/security.md are those of the code."""

import re
from pathlib import Path

import pytest

from cpt.runtime.settings import RetentionSettings
from cpt.web.cloudevents import BODY_BYTES, MOST_EVENTS
from cpt.web.forms import Line, Text
from cpt.web.options import RequestLimits
from cpt.web.problems import MOST_ERRORS
from intake.app import _ENVELOPE_BYTES
from intake.documents import extract_limits, sandbox
from intake.settings import DocumentSettings

PAGE = " ".join(Path("docs/security.md").read_text("utf-8").split())


def longest(text):
    return next(part.max_length for part in text.__metadata__ if hasattr(part, "max_length"))


@pytest.mark.parametrize(
    "said",
    [
        f"at most {longest(Line)} characters; longer texts {longest(Text):,}",
        f"{RequestLimits().body // 2**10} KiB of JSON, {RequestLimits().form // 2**10} KiB of a page's form",
        f"{DocumentSettings().max_bytes // 2**20} MiB and {_ENVELOPE_BYTES // 1024} KiB around it",
        f"{BODY_BYTES // 2**20} MiB and {MOST_EVENTS:,} events",
        f"at most {MOST_ERRORS} faults",
        f"{RequestLimits().person_rate} requests a second for a person, {RequestLimits().address_rate} for an address",
        f"{extract_limits.MAX_PAGES} pages and {extract_limits.MAX_PIXELS // 10**6} million pixels",
        f"memory ({sandbox.ADDRESS_SPACE // 2**20} MiB)",
        {5: "five years after the end"}[RetentionSettings().years],
    ],
)
def test_the_page_says_what_the_code_does(said):
    assert said in PAGE


def test_the_inventory_of_cryptography_names_each_module_that_uses_any():
    """ASVS 11.1.2."""
    uses = re.compile(r"^(?:import|from) (?:hashlib|hmac|secrets|ssl|joserfc|cryptography)\b", re.MULTILINE)
    files = [path for folder in ("shared", "services") for path in Path(folder).glob("**/src/**/*.py")]
    found = {
        ".".join(path.with_suffix("").parts[path.parts.index("src") + 1 :])
        for path in files
        if uses.search(path.read_text("utf-8"))
    }
    rows = PAGE.partition("## Cryptography")[2].partition("Keys that somebody keeps")[0]

    assert set(re.findall(r"`([a-z0-9_.]+)`", rows)) == found
