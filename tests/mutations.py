"""`python -m tests.mutations [--only R29] [--write]`: breaks each rule in a copy of the source and asks its tests.

A rule whose tests all pass while its code is broken is a survivor: a hole. `--write` keeps the answers in
docs/mutations.md.
"""

import argparse
import importlib
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.devstack.lend import borrow, give_back
from tests.planted import Mutation, read_list
from tests.rules import ROOT

PAGE = ROOT / "docs" / "mutations.md"
HEAD = """# What each rule's tests notice

Written by `python -m tests.mutations --write`, which breaks the code of one rule at a time in a copy of the source and
runs the tests that quote the rule (S1 to S11, of docs/security.md, name their tests). "Passed" counts tests that quote the rule and hold another side of it; "beside" counts
unit tests of the same folders that fail too without quoting it. The search through interleavings takes minutes and is
asked only where no other test quotes the rule.

| rule | what was broken | tests that failed | passed | beside |
| --- | --- | --- | --- | --- |
"""
SURVIVOR = "**none: a survivor**"
COPIED = ("docs", "infra", "pyproject.toml", "requirements", "services", "shared", "tests")
IMPORTED = ("shared", "services/intake", "services/enrollment-sync", "services/review", "services/notifier")
LIBRARIES = (
    "aiokafka",
    "asyncpg",
    "fastapi",
    "fpdf",
    "holidays",
    "hypothesis",
    "jinja2",
    "pydantic_settings",
    "structlog",
)
"""Loaded once for all sessions; nothing of ours is, since it is to be read from the copy."""
LONGEST = 400
_FAILED = re.compile(r"^(?:FAILED|ERROR) tests/([^\s\[:]+::\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`beside`: unit tests of the same folders that fail too, though they do not quote the rule."""

    mutation: Mutation
    failed: list[str]
    passed: list[str]
    beside: list[str]

    @property
    def row(self) -> str:
        noticed = "<br>".join(f"`{test}`" for test in self.failed) or SURVIVOR
        return (
            f"| {self.mutation.rule} | {self.mutation.broken} | {noticed} | {len(self.passed)} | {len(self.beside)} |"
        )


def judge(mutation: Mutation, tree: Path, servers: Path) -> Verdict:
    """Of a unit test its whole file runs, so that what fails beside it is seen; property tests are too slow for that."""
    named = [test for test in mutation.named if not test.startswith("interleavings/")] or mutation.named
    whole = {test.split("::")[0] for test in named if test.startswith("unit/") and "_properties" not in test}
    asked = [*sorted(whole), *(test for test in named if test.split("::")[0] not in whole)]
    with mutation.planted(tree):
        failed = sorted(set(_FAILED.findall(_run([f"tests/{one}" for one in asked], tree, servers))))
    return Verdict(
        mutation,
        [test for test in named if test in failed],
        [test for test in named if test not in failed],
        [test for test in failed if test not in named],
    )


def _run(tests: list[str], tree: Path, servers: Path) -> str:
    """In a fork, which has the libraries loaded. What does not end is ended; what had failed by then counts."""
    said, owner = servers / "said", os.getpid()
    child = multiprocessing.get_context("fork").Process(target=_session, args=(tests, tree, servers, said, owner))
    child.start()
    child.join(LONGEST)
    if child.is_alive():
        os.killpg(child.pid or 0, signal.SIGKILL)
        child.join()
    return said.read_text("utf-8", "replace")


def _session(tests: list[str], tree: Path, servers: Path, said: Path, owner: int) -> None:
    os.setsid()
    with said.open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ["CPT_TESTS_SERVERS"] = f"{servers}|{owner}"
    os.chdir(tree)
    copied = [str(tree), *(str(tree / name / "src") for name in IMPORTED)]
    sys.path[:0] = copied
    os.environ["PYTHONPATH"] = os.pathsep.join(copied)  # of processes that the tests start
    for name in [name for name in sys.modules if name.partition(".")[0] in {"infra", "tests"}]:
        del sys.modules[name]  # ours were loaded to start the servers, and not from the copy
    options = ("-q", "--tb=no", "-p", "no:cacheprovider", "--timeout=60", "--rootdir", str(tree))
    sys.exit(pytest.main([*options, *tests]))


def _copied(tree: Path) -> Path:
    tree.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tree / name)
    return tree


def rows(page: str) -> dict[tuple[str, ...], str]:
    """By rule and what was broken."""
    return {tuple(line.split(" | ")[:2]): line for line in page.splitlines() if re.match(r"\| [RAXPS]\d", line)}


def _write(verdicts: Iterable[Verdict]) -> None:
    """What was not asked this time keeps its answer; what is no longer on the list goes."""
    kept = rows(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    kept |= rows("\n".join(verdict.row for verdict in verdicts))
    listed = [("| " + one.rule, one.broken) for one in read_list()]
    PAGE.write_text(HEAD + "".join(f"{kept[one]}\n" for one in listed if one in kept), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="a rule; again for more")
    parser.add_argument("--write", action="store_true", help="keep the answers in docs/mutations.md")
    words = parser.parse_args()
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="cpt-mutations-") as folder:
        chosen = [one for one in read_list() if one.named and (not words.only or one.rule in words.only)]
        servers, tree = Path(folder) / "servers", _copied(Path(folder) / "source")
        servers.mkdir()
        for library in LIBRARIES:
            importlib.import_module(library)
        borrow("postgres", servers, os.getpid())
        for mutation in chosen:
            began = time.monotonic()
            verdicts.append(verdict := judge(mutation, tree, servers))
            sys.stdout.write(f"{verdict.row} {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
            if words.write:
                _write(verdicts)
        give_back(servers)
    return 1 if any(not verdict.failed for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
