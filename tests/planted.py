"""What is broken on purpose, rule by rule: the list `planted.toml`, and how a line of it is planted."""

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.rules import SENTENCES, SHOWN, tests_by_rule

SLOW = ("acceptance/", "browser/", "chaos/", "interleavings/")
"""Tests of the whole product: they take minutes and notice far more than one rule."""


_tests = cache(tests_by_rule)


@dataclass(frozen=True, slots=True)
class Mutation:
    """`broken` says what the broken code does; each edit replaces a text that stands in its file exactly once.

    `tests` are named where they quote no rule of the office: S1 to S11 are the numbers of docs/security.md.
    """

    rule: str
    broken: str
    edits: tuple[dict[str, str], ...]
    tests: tuple[str, ...] = ()

    def unfit(self, root: Path) -> Iterator[str]:
        for edit in self.edits:
            if (root / edit["file"]).read_text("utf-8").count(edit["old"]) != 1:
                yield f"{self.rule}: {edit['file']}: {edit['old']!r}"

    @contextmanager
    def planted(self, root: Path) -> Iterator[None]:
        before = {edit["file"]: (root / edit["file"]).read_text("utf-8") for edit in self.edits}
        for edit in self.edits:
            path = root / edit["file"]
            path.write_text(path.read_text("utf-8").replace(edit["old"], edit["new"], 1), "utf-8")
        try:
            yield
        finally:
            for name, text in before.items():
                (root / name).write_text(text, "utf-8")

    @property
    def named(self) -> list[str]:
        """The tests that quote the rule, without those of the whole product."""
        if self.tests:
            return list(self.tests)
        tests = sorted(test.strip("`") for test in _tests()[self.rule])
        return [test for test in tests if not test.startswith(SLOW)] or tests


def read_list() -> list[Mutation]:
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["mutation"]
    return [Mutation(one["rule"], one["broken"], tuple(one["edits"]), tuple(one.get("tests", ()))) for one in listed]


def not_broken_yet(mutations: Iterable[Mutation]) -> list[str]:
    """Computed rules that no mutation breaks."""
    broken = {mutation.rule for mutation in mutations}
    return [rule for rule in SENTENCES if rule not in broken | SHOWN]
