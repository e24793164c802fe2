"""The pages of the alerts: each command was run against real services' schemas, each address and log word exists."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import asyncpg
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
    """The kind of process beside which a command of ours runs, and its words."""
    return re.findall(r"deploy/cpt-[a-z-]+-(web|worker) -- python -m (.+)", line)


EVERY = sorted({(line) for page in PAGES for line in commands(page)})
OURS = sorted({one for line in EVERY for one in ours(line)})
PARKED = """
INSERT INTO parked (consumer, topic, partition, kafka_offset, kafka_timestamp, headers, payload, reason, error_class, attempts)
SELECT $1, 'a.topic', 0, n, 0, '{}', '', 'as planted', 'Reject', 1 FROM generate_series(1, $2) n"""
HELD_BACK = """
INSERT INTO outbox_quarantine (seq, event_id, topic, key, headers, payload, occurred_at, reason)
SELECT n, n::text, 'a.topic', n::text, '{}', '', now(), 'as planted' FROM generate_series(1, $1) n"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_what_it_means_where_to_look_and_what_to_do(page):
    text = page.read_text("utf-8")

    for part in ("**What people notice.**", "## Look", "## Do", "**It is over when**"):
        assert part in text, part
    assert commands(page)
    linked = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in linked if not (page.parent / link).exists()] == []


async def test_every_command_of_ours_runs_with_the_rights_of_the_process_it_is_run_beside(service_roles, database_url):
    """Against migrated schemas in which every number that a page leaves open is there to be decided about."""
    work = []
    for module, folder in SERVICES.items():
        roles = await service_roles(module)
        await migrate(roles["migrate"], module, ROOT / "services" / folder / "migrations")
        given = _given(module)
        await _plant(database_url, module, len(given))
        for kind in ("web", "worker"):
            settings = {"CPT_POSTGRES__DSN": roles[kind], "CPT_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}
            beside = [command for at, command in given if at == kind]
            work.append(_at_work(module, beside, {**os.environ, **settings}))

    for answers in await asyncio.gather(*work):
        for words, code, said in answers:
            assert not re.search("usage|permission denied", said), f"{words}: {said}"
            assert code == ("failed again and stays parked" in said), f"{words}: {code} {said}"


async def test_a_command_beside_the_wrong_process_or_about_no_row_says_so(service_roles, database_url):
    """P33: whoever decides about a message is told why nothing was decided."""
    roles = await service_roles("review")
    await migrate(roles["migrate"], "review", ROOT / "services" / "review" / "migrations")
    await _plant(database_url, "review", 1)
    settings = {"CPT_POSTGRES__DSN": roles["worker"], "CPT_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    given = [
        {"words": f"review parked {act}", "fed": ""}
        for act in ("release 1 --as kim", f"discard {2**63} --as kim", "replay 0 --as kim")
    ]

    wrong, large, none = await _at_work("review", given, {**os.environ, **settings})

    assert wrong[1] == 1
    assert wrong[2] == (
        "permission denied for table outbox_quarantine: "
        "docs/database-roles.md says beside which process this command runs\n"
    )
    assert [large[1], none[1]] == [2, 2]
    assert "argument id: no row has the number 9223372036854775808\n" in large[2]


def _given(module):
    """Kind of process and command, each about a number of its own."""
    ours = [(kind, words) for kind, words in OURS if words.split()[0] == module]
    return [
        (kind, {"words": re.sub(r" (ID|SEQ)\b", f" {n}", words), "fed": _newer(fed) if fed else ""})
        for n, (kind, line) in enumerate(ours, 1)
        for words, _, fed in [line.partition(" < ")]
        if words.split()[1] not in NEEDS_KAFKA
    ]


async def _plant(dsn, module, count):
    connection = await asyncpg.connect(dsn, server_settings={"search_path": module})
    await connection.execute(PARKED, module.replace("_", "-"), count)
    await connection.execute(HELD_BACK, count)
    await connection.close()


async def _at_work(module, given, environment):
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
    for _, words in OURS:
        module, command = words.split()[:2]
        if command in NEEDS_KAFKA:
            assert f'"{command}"' in (ROOT / "services" / SERVICES[module] / "src" / module / "commands.py").read_text()


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
        assert bool(ours(line)) == ("python -m" in line), line
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


def _newer(file):
    """What a page feeds to a command, `calendar.json` or `codes.json`, as the version after the shipped one."""
    shipped = ROOT / "services" / "enrollment-sync" / "src" / "enrollment_sync" / "codes.json"
    form = json.loads(shipped.read_text("utf-8")) if file == "codes.json" else illustrative_calendar().to_form()
    return json.dumps({**form, "version": form["version"] + 1})


def test_the_list_of_pages_names_every_rule_under_its_audience():
    parts = re.split(r"^## ", (RUNBOOKS / "README.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    listed = {name: part.split()[0] for part in parts for name in re.findall(r"^\| \[(Cpt\w+)\]", part, re.MULTILINE)}
    titles = {"platform": "Platform", "office": "The", "compliance": "Compliance"}

    assert listed == {rule["alert"]: titles[audience] for audience, rule in rules()}
