"""Each import contract is proven by planted violations: a copy of the sources breaks it, and the linter says where."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "cpt": "shared/src",
    "intake": "services/intake/src",
    "enrollment_sync": "services/enrollment-sync/src",
    "review": "services/review/src",
    "notifier": "services/notifier/src",
}
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

PLANTED = [
    ("services-apart", "review.store", "intake.store"),
    ("cpt-knows-no-service", "cpt.postgres.errors", "notifier"),
    ("cpt-layers", "cpt.campus.hours", "cpt.messaging.record"),
    ("cpt-layers", "cpt.unheard_of", "re"),
    ("pure-rules", "cpt.campus.clock", "starlette"),
    ("pure-rules", "enrollment_sync.domain.codes", "pydantic"),
    ("pure-rules", "review.domain", "asyncpg"),
    ("pure-rules", "review.alerts.domain", "cpt.postgres.errors"),
    ("pure-rules", "notifier.domain", "cpt.contracts.event"),
    ("pure-rules", "intake.domain.terms", "cpt.messaging.errors"),
    ("asyncpg-in-stores", "review.line.show_line", "asyncpg"),
    ("asyncpg-in-stores", "cpt.web.parked", "asyncpg"),
    ("kafka-client-in-one-place", "notifier.http", "aiokafka"),
    ("kafka-client-in-one-place", "enrollment_sync.consumer", "faststream"),
    ("kafka-behind-the-worker", "review.cases.decide_case", "cpt.messaging.kafka"),
    ("kafka-behind-the-worker", "intake.case.follow_case", "cpt.messaging.relay"),
    ("workers-in-worker", "intake.http", "cpt.runtime.worker"),
    ("web-without-kafka", "review.pages", "cpt.runtime.worker"),
    ("web-without-kafka", "cpt.web.wiring", "cpt.messaging.kafka"),
    ("retries-at-the-edges", "notifier.send_notices", "tenacity"),
    ("calls-at-the-edges", "intake.student.submit_request", "httpx2"),
    ("settings-in-app", "review.line.show_line", "cpt.runtime.settings"),
    ("web-framework-at-the-edges", "review.cases.show_case", "fastapi"),
    ("one-composition-root", "notifier.pages", "notifier.app"),
    ("intake-layers", "intake.domain.terms", "intake.http"),
    ("intake-handshake", "intake.handshake.mapping", "intake.handshake.poll_handshake"),
    ("intake-student", "intake.student.withdraw_request", "intake.student.submit_request"),
    ("intake-case", "intake.case.close_request", "intake.case.record_i20"),
    ("intake-campus", "intake.campus.record_agreement", "intake.campus.record_enrollment"),
    ("intake-line", "intake.line.complete_request", "intake.line.reevaluate_request"),
    ("enrollment-sync-layers", "enrollment_sync.store", "enrollment_sync.consumer"),
    ("enrollment-sync-extracts", "enrollment_sync.extracts.fields", "enrollment_sync.extracts.http"),
    ("enrollment-sync-checks", "enrollment_sync.checks.publish_check", "enrollment_sync.checks.check_enrollment"),
    (
        "enrollment-sync-changes",
        "enrollment_sync.changes.record_superseded_loss",
        "enrollment_sync.changes.record_enrollment_changes",
    ),
    ("enrollment-sync-losses", "enrollment_sync.losses.publish_loss", "enrollment_sync.losses.detect_losses"),
    ("enrollment-sync-watches", "enrollment_sync.watches.end_watch", "enrollment_sync.watches.watch_request"),
    (
        "enrollment-sync-monitoring",
        "enrollment_sync.monitoring.send_heartbeat",
        "enrollment_sync.monitoring.revise_calendar",
    ),
    ("review-layers", "review.domain", "review.http"),
    ("review-cases", "review.cases.record_i20", "review.cases.decide_case"),
    ("review-line", "review.line.void_number", "review.line.place_in_line"),
    ("review-alerts", "review.alerts.store", "review.alerts.raise_alert"),
    ("review-alerts", "review.alerts.unheard_of", "re"),
    ("review-sevis", "review.sevis.domain", "review.sevis.take_answer"),
    ("review-tasks", "review.tasks.store", "review.tasks.open_task"),
    ("notifier-layers", "notifier.domain", "notifier.store"),
    ("no-circles", "cpt.postgres.errors", "cpt.postgres.circle"),
    ("no-circles", "cpt.postgres.circle", "cpt.postgres.errors"),
]


def lint(folder):
    path = os.pathsep.join(str(folder / source) for source in SOURCES.values())
    linter = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": path, "COLUMNS": "1000"}
    command = [str(linter), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def copied(folder):
    for source in SOURCES.values():
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What the linter says of each broken contract, by its id, when everything is planted."""
    folder = copied(tmp_path_factory.mktemp("planted"))
    for _, module, imported in PLANTED:
        with _file(folder, module).open("a") as file:
            file.write(f"\nimport {imported}\n")

    told = lint(folder).stdout.partition("Broken contracts")[2]

    sections = re.split(r"^(.+)\n-+$", told, flags=re.MULTILINE)[1:]
    by_name = dict(zip(sections[::2], sections[1::2], strict=True))
    return {contract: by_name.get(name, "") for contract, name in CONTRACTS.items()}


def _file(folder, module):
    stem = folder / SOURCES[module.split(".")[0]] / module.replace(".", "/")
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


def test_the_contracts_hold(tmp_path):
    answer = lint(copied(tmp_path))

    assert answer.returncode == 0, answer.stdout


def test_every_contract_has_a_planted_violation():
    assert {contract for contract, _, _ in PLANTED} == set(CONTRACTS)


@pytest.mark.parametrize(("contract", "module", "imported"), PLANTED, ids=[f"{c}: {m} > {i}" for c, m, i in PLANTED])
def test_a_planted_import_breaks_its_contract(complaints, contract, module, imported):
    """A module nobody has given a layer is named itself; a circle is named by its folder and the last names."""
    if contract == "no-circles":
        module, imported = (f".{name.rpartition('.')[2]}" for name in (module, imported))
    lines = [line for line in complaints[contract].splitlines() if module in line]

    assert [line for line in lines if imported in line or module.endswith("unheard_of")], complaints[contract]
