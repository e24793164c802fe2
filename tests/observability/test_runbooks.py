"""The pages of the alerts: each command was run against real services' schemas, each address and log word exists."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest
import yaml

from cpt.campus.calendar import illustrative_calendar
from cpt.postgres.migrations import migrate
from tests.observability.tools import ROOT, RUNBOOKS, rules

SERVICES = {"intake": "intake", "enrollment_sync": "enrollment-sync", "review": "review", "notifier": "notifier"}
PAGES = sorted(RUNBOOKS.glob("Cpt*.md"))
KUBECTL = {"get", "describe", "logs", "exec", "rollout", "scale", "top"}
OPERATOR = str(Path(__file__).with_name("operator_at_work.py"))
NEEDS_KAFKA = {"restore-line", "verify-audit"}


def commands(page):
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def ours(line):
    """The words after `python -m`, or None."""
    _, found, words = line.partition("-- python -m ")
    return words if found else None


EVERY = sorted({(line) for page in PAGES for line in commands(page)})
OURS = sorted({words for line in EVERY if (words := ours(line))})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_what_it_means_where_to_look_and_what_to_do(page):
    text = page.read_text("utf-8")

    for part in ("**What people notice.**", "## Look", "## Do", "**It is over when**"):
        assert part in text, part
    assert commands(page)
    linked = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in linked if not (page.parent / link).exists()] == []


async def test_every_command_of_ours_runs(database_url):
    """Against the migrated schemas: an id that is not there is answered in words, never by a usage line."""
    for module, folder in SERVICES.items():
        await migrate(database_url, module, ROOT / "services" / folder / "migrations")
    settings = {"CPT_POSTGRES__DSN": database_url, "CPT_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    work = [_at_work(module, {**os.environ, **settings}) for module in SERVICES]

    for answers in await asyncio.gather(*work):
        for words, code, said in answers:
            assert "usage" not in said, f"{words}: {said}"
            assert code == (1 if words.endswith(" 1") or " 1 " in words else 0), f"{words}: {code} {said}"


async def _at_work(module, environment):
    given = [
        {"words": words.replace(" ID", " 1").replace(" SEQ", " 1"), "fed": _newer_calendar() if fed else ""}
        for words, _, fed in (line.partition(" < ") for line in OURS)
        if words.split()[0] == module and words.split()[1] not in NEEDS_KAFKA
    ]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, OPERATOR, module),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(json.dumps(given).encode())
    return json.loads(said)


def test_commands_that_need_kafka_exist():
    """They are run by the tests of the audit record and of a restore."""
    for words in OURS:
        module, command = words.split()[:2]
        if command in NEEDS_KAFKA:
            assert f'"{command}"' in (ROOT / "services" / SERVICES[module] / "src" / module / "__main__.py").read_text()


def test_every_command_names_what_the_chart_makes():
    golden = (ROOT / "tests" / "deployment" / "golden" / "everything.yaml").read_text()
    made = {
        d["metadata"]["name"] for d in yaml.safe_load_all(golden) if d and d["kind"] in ("Deployment", "ServiceMonitor")
    }
    for line in EVERY:
        words = line.split()
        if words[0] == "helm":
            assert words[3] in ("rollback", "history"), line
            continue
        assert (words[:3], words[3] in KUBECTL) == (["kubectl", "-n", "cpt"], True), line
        assert {
            name for name in re.findall(r"deploy/(\S+)|deployment (cpt-\S+)", line) for name in name if name
        } <= made, line


def test_every_log_word_is_logged_somewhere():
    """A word that nothing logs finds nothing, for ever."""
    sources = "".join(path.read_text("utf-8") for path in ROOT.glob("s*/**/src/**/*.py"))
    for line in EVERY:
        for words in re.findall(r"grep -E '([^']+)'", line):
            for word in words.split("|"):
                assert f'"{word}"' in sources, f"{line}: {word}"


def test_every_page_to_open_exists():
    """`/line` of review and the like."""
    for page in PAGES:
        for address, service in re.findall(
            r"page `(/[^`]*)` of (\S+?)[\s,.:;)]", page.read_text("utf-8"), re.IGNORECASE
        ):
            if service == "each":
                continue
            places = [ROOT / "services" / service / "src", ROOT / "shared" / "src" / "cpt" / "web"]
            served = "".join(file.read_text("utf-8") for place in places for file in Path(place).rglob("*.py"))
            assert f'"{address}"' in served, f"{page.stem}: {address} of {service}"


def _newer_calendar():
    form = illustrative_calendar().to_form()
    return json.dumps({**form, "version": form["version"] + 1})


def test_the_list_of_pages_names_every_rule_under_its_audience():
    parts = re.split(r"^## ", (RUNBOOKS / "README.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    listed = {name: part.split()[0] for part in parts for name in re.findall(r"^\| \[(Cpt\w+)\]", part, re.MULTILINE)}
    titles = {"platform": "Platform", "office": "The", "compliance": "Compliance"}

    assert listed == {rule["alert"]: titles[audience] for audience, rule in rules()}
