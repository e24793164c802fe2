"""The books in docs/ are whole: each rule of the protocol has its section and its test, every link leads somewhere."""

import re

import pytest

from tests import rules
from tests.rules import ROOT

PROTOCOL = (ROOT / "docs" / "protocol.md").read_text("utf-8")
SECTION = re.compile(r"^### (P\d+) .+?\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = dict(SECTION.findall(PROTOCOL))
LINK = re.compile(r"\]\(([^)#\s]+)?(?:#([^)\s]+))?\)")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("services/*/README.md")])
OUTSIDE = re.compile(r"\b(?:design|protocol|interfaces|domain|handbook)(?:\.md)?,? (?:§|section )\s?\d", re.IGNORECASE)


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("rule", [rule for rule in rules.SENTENCES if rule[0] == "P"])
def test_each_rule_of_the_protocol_has_its_reason_and_a_test_that_quotes_it(rule):
    section = SECTIONS[rule]

    assert "\nWhy: " in section
    test = re.search(r"^Test: (`.+`)$", section, re.MULTILINE).group(1)
    assert test in rules.tests_by_rule()[rule]


def test_the_protocol_has_no_rule_that_the_list_of_rules_lacks():
    assert set(SECTIONS) == {rule for rule in rules.SENTENCES if rule[0] == "P"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{page.name}: {target}"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found.read_text("utf-8")), f"{page.name}: #{anchor} of {found.name}"


def test_no_text_refers_to_a_book_that_is_not_in_this_repository():
    own = ("shared/src", "services", "infra", "tests", "docs")
    files = [
        path for folder in own for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".sql", ".md", ".toml"}
    ]
    text = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in files}

    found = [path for path, said in text.items() if OUTSIDE.search(said)]
    assert [path for path in found if "/migrations/" not in path] == []  # an applied migration never changes
