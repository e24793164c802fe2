"""Every package of an image is in its bill of materials, and an audit that asked nobody does not call itself good."""

import json
import re

import pytest

from infra.supply_chain import judged, pinned, write_bill


@pytest.mark.parametrize("service", ["intake", "notifier"])
def test_the_bill_names_exactly_the_pinned_packages_of_the_image(tmp_path, service):
    bill = json.loads(write_bill(service, tmp_path).read_text("utf-8"))

    named = {(one["name"], one["version"]) for one in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    assert named == set(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", pinned(service).read_text("utf-8"), re.MULTILINE))
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])


def test_packages_that_nobody_could_be_asked_about_are_told_apart_from_good_ones():
    answer = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1"}]},
            {"name": "unknown", "skip_reason": "Dependency not found"},
        ]
    }

    assert judged(answer) == (["bad 2: PYSEC-1"], ["unknown"])
