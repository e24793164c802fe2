"""A wire type keeps its meaning; what only adds keeps the type, everything else is a new version (docs/architecture.md)."""

import json
import shutil

import pytest

from cpt.contracts.__main__ import FOLDER, compare, main
from cpt.contracts.compatibility import changes
from cpt.contracts.intake import RequestHeld
from cpt.contracts.registry import EVENTS
from cpt.contracts.schemas import schema_of

NOW = schema_of(RequestHeld)


def yesterday(change):
    """The schema as it was committed before `change` was undone."""
    old = json.loads(json.dumps(NOW))
    change(old)
    return old


def found(change):
    return [(str(difference), difference.compatible) for difference in changes(yesterday(change), NOW)]


def field(old, name, model=None):
    return (old["$defs"][model] if model else old)["properties"][name]


BROKEN = {
    "round: required field added": lambda old: (old["properties"].pop("round"), old["required"].remove("round")),
    "token: field removed": lambda old: old["properties"].update(token={"type": "string"}),
    "recipient.email: type narrowed: integer is no longer allowed": lambda old: field(old, "email", "Recipient")[
        "anyOf"
    ].append({"type": "integer"}),
    "round: type changed from string to integer": lambda old: field(old, "round").update(type="string"),
    "reference: type changed from date to text": lambda old: field(old, "reference").update(format="date"),
    "cause: value removed: weather": lambda old: field(old, "cause")["enum"].append("weather"),
    "cause: type narrowed to a list": lambda old: field(old, "cause").pop("enum"),
    "missing[].where: field became required": lambda old: old["$defs"]["MissingItem"]["required"].remove("where"),
    "meaning changed: key was emplid, is request_id": lambda old: old.update({"x-key": "emplid"}),
    "meaning changed: topic was cpt.review, is cpt.intake": lambda old: old.update({"x-topic": "cpt.review"}),
}

ADDED = {
    "cause: value added: return, deploy the consumers first": lambda old: field(old, "cause")["enum"].remove("return"),
    "recipient.email: type widened: null is allowed, deploy the consumers first": lambda old: field(
        old, "email", "Recipient"
    )["anyOf"].pop(),
    "reference: type widened: pattern is gone, deploy the consumers first": lambda old: field(old, "reference").update(
        pattern="^CPT"
    ),
    "documentation changed": lambda old: field(old, "round").update(description="…"),
}


@pytest.mark.parametrize(("what", "change"), BROKEN.items(), ids=BROKEN)
def test_a_change_that_breaks_readers_of_yesterday_is_named(what, change):
    assert found(change) == [(what, False)]


@pytest.mark.parametrize(("what", "change"), ADDED.items(), ids=ADDED)
def test_a_change_that_only_adds_is_named_as_such(what, change):
    assert found(change) == [(what, True)]


def test_an_optional_field_is_an_addition():
    grown = json.loads(json.dumps(NOW))
    grown["properties"]["note"] = {"type": "string", "default": ""}

    assert [(str(c), c.compatible) for c in changes(NOW, grown)] == [("note: optional field added", True)]


@pytest.fixture
def committed(tmp_path):
    shutil.copytree(FOLDER / "schemas", tmp_path / "schemas")
    shutil.copytree(FOLDER / "samples", tmp_path / "samples")
    return tmp_path


def edit(folder, change, event=RequestHeld):
    path = folder / "schemas" / f"{event.TYPE}.json"
    path.write_text(json.dumps(yesterday(change)))


def test_the_committed_schemas_and_samples_are_those_of_the_code():
    findings = compare(FOLDER, EVENTS)

    assert (findings.broken, findings.stale) == ([], [])


def test_check_refuses_a_broken_contract_and_write_does_too(committed, capsys):
    edit(committed, BROKEN["token: field removed"])

    assert [main([command], committed) for command in ("check", "write")] == [2, 2]
    assert capsys.readouterr().out.count("edu.umass.cpt.request-held.v1: token: field removed") == 2


def test_check_asks_to_write_an_addition_and_write_settles_it(committed, capsys):
    edit(committed, ADDED["documentation changed"])

    assert [main([command], committed) for command in ("check", "write", "check")] == [1, 0, 0]
    assert "Run `python -m cpt.contracts write`" in capsys.readouterr().out


def test_a_type_that_is_gone_breaks_the_contract(committed):
    fewer = {name: event for name, event in EVENTS.items() if event is not RequestHeld}

    assert compare(committed, fewer).broken == [
        "edu.umass.cpt.request-held.v1: the type is gone; what was sent under it must stay readable"
    ]


def test_a_sample_of_yesterday_stays_beside_the_one_of_today(committed):
    folder = committed / "samples" / RequestHeld.TYPE
    old = json.loads((folder / "full-1.json").read_text()) | {"key": "yesterday"}
    (folder / "full-1.json").write_text(json.dumps(old))

    assert main(["write"], committed) == 0

    assert json.loads((folder / "full-1.json").read_text()) == old
    assert json.loads((folder / "full-2.json").read_text())["key"] != "yesterday"


def test_a_sample_that_can_no_longer_be_read_breaks_the_contract(committed):
    path = committed / "samples" / RequestHeld.TYPE / "full-1.json"
    path.write_text(path.read_text().replace('"round": 1', '"round": "first"'))

    assert "sample full-1 can no longer be read: data.round: " in compare(committed, EVENTS).broken[0]
