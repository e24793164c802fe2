"""docs/asvs.md names every requirement of levels 1 and 2 once, and tests that exist."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

PAGE = Path("docs/asvs.md").read_text("utf-8")
NUMBERS = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text("utf-8"))
WANTED = {f"{section}.{number}" for section, numbers in NUMBERS.items() for number in numbers}


def numbers(cell):
    """4.4.1–4.4.4 are those of them that levels 1 and 2 have."""
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:–\d+\.\d+\.(\d+))?", cell):
        for number in range(int(first), int(last or first) + 1):
            if not last or number in NUMBERS[section]:
                yield f"{section}.{number}"


def rows():
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:3] > "| 0"]
    return [row for row in cells if re.match(r"\d", row[0])]


def test_every_requirement_is_held_or_not_ours():
    named = Counter(number for row in rows() for number in numbers(row[0]))

    assert sorted(WANTED - named.keys()) == []
    assert sorted(named.keys() - WANTED) == []
    assert [number for number, times in named.items() if times > 1] == []


def test_every_test_that_is_named_exists():
    for row in rows():
        for path, _, name in (found.partition("::") for found in re.findall(r"`(tests/[^`]+)`", row[-1])):
            tree = ast.parse(Path(path).read_text("utf-8"))
            assert not name or name in {node.name for node in tree.body if hasattr(node, "name")}, f"{path}::{name}"


def test_what_is_held_names_a_test():
    held = PAGE.partition("## Held")[2].partition("## Not ours")[0]
    assert all("`tests/" in line for line in held.splitlines() if re.match(r"\| \d", line))


def test_every_file_that_the_threat_model_names_exists():
    for path in re.findall(r"`(tests/[^`]+)`", Path("docs/threat-model.md").read_text("utf-8")):
        assert Path(path).exists(), path
