"""The office's policy is set once and is in force in every process of every service (A8, A9, A14, A18)."""

import os
import subprocess
import sys

import pytest

from infra.devstack.patience import stretched

SAY = """
import sys
from importlib import import_module
from cpt.campus.policy import IN_FORCE
from cpt.runtime.main import run_service
from infra.settings_tables import settings_of

async def say(_):
    print(IN_FORCE.get())
    return 0

service, sys.argv = sys.argv[1], ["service", "say"]
import_module(f"{service}.commands").COMMANDS["say"] = say
run_service(import_module(service), settings_of(service))
"""
OTHER = {
    "CPT_POLICY__DATES": "whole_term",
    "CPT_POLICY__TERM_BREAK": "bridge",
    "CPT_POLICY__TWENTY_HOURS": "full_time",
    "CPT_POLICY__SUMMER_COOP": "exempt",
}
USUAL = "dates='intersection', term_break='none', twenty_hours='part_time', summer_coop='dso_decides'"
SET = "dates='whole_term', term_break='bridge', twenty_hours='full_time', summer_coop='exempt'"


def said(service, **variables):
    environment = {**os.environ, "CPT_POSTGRES__DSN": "postgresql://nobody@127.0.0.1/cpt", **variables}
    return subprocess.run(
        [sys.executable, "-c", SAY, service],
        env=environment,
        capture_output=True,
        text=True,
        timeout=stretched(120),
        check=False,
    )


@pytest.mark.parametrize("service", ["intake", "enrollment_sync", "review"])
def test_every_service_that_computes_with_it_has_the_same_policy(service):
    """A8, A9, A14, A18."""
    assert USUAL in said(service).stdout
    assert SET in said(service, **OTHER).stdout


@pytest.mark.parametrize("variable", OTHER)
def test_a_word_that_is_no_policy_ends_the_process_and_names_the_variable(variable):
    """A8, A9, A14, A18: never guessed."""
    ended = said("review", **{variable: "perhaps"})

    assert (ended.returncode, ended.stderr.startswith(f"{variable}: ")) == (2, True), ended.stderr
