"""Every object against the offline schemas of every Kubernetes the chart is for."""

import copy
import json
from functools import cache

import pytest

from tests.deployment.charts import CASES, OPEN, needs_helm, objects, render, values

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
UNVALIDATED = {"HTTPRoute", "KafkaTopic", "KafkaUser", "Cluster", "PrometheusRule", "ScaledObject", "ServiceMonitor"}
"""Kinds of extensions, for which there is no offline schema: their golden renders are all that holds them."""

pytestmark = needs_helm


@pytest.fixture(scope="module")
def validate():
    from kubernetes_validate import utils  # noqa: PLC0415 it is slow to load

    utils.schema_contents = cache(utils.schema_contents)  # it reads two files of megabytes for each object
    return lambda document, version: utils.validate(document, version, strict=True)


@pytest.fixture(scope="module")
def known():
    """What several renders have alike is one object."""
    given = [*map(values, CASES), values("plain") | OPEN]
    found = {json.dumps(d): d for each in given for d in objects(render(each))}
    return [d for d in found.values() if d["kind"] not in UNVALIDATED]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_for_kubernetes(validate, known, version):
    for document in known:
        validate(document, version)


def test_a_misspelt_field_and_a_wrong_type_are_found(validate, known):
    """The check itself can fail."""
    deployment = next(d for d in known if d["kind"] == "Deployment")
    misspelt, wrong = copy.deepcopy(deployment), copy.deepcopy(deployment)
    misspelt["spec"]["template"]["spec"]["terminationGraceSeconds"] = 90
    wrong["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = "long"

    for document in (misspelt, wrong):
        with pytest.raises(Exception, match="terminationGrace"):
            validate(document, VERSIONS[-1])


def test_only_the_kinds_of_extensions_go_unvalidated():
    rendered = [document for case in CASES for document in objects(render(values(case)))]
    assert {d["kind"] for d in rendered if d["kind"] in UNVALIDATED} >= UNVALIDATED - {"PrometheusRule"}
