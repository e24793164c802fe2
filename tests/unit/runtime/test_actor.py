"""Who runs a command at a terminal stands in the audit record, also in a container where every person is the same account."""

import os
import platform
import subprocess
import sys

import pytest

from cpt.runtime.actor import ACTOR, NobodyActs, terminal_actor

NOWHERE = {
    "CPT_POSTGRES__DSN": "postgresql://nobody@127.0.0.1:1/nowhere",
    "CPT_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1",
}
AS_A_STRANGER = "import os, runpy, sys; os.setuid(65532); sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"


@pytest.fixture(autouse=True)
def nobody():
    token = ACTOR.set("")
    yield
    ACTOR.reset(token)


def test_the_person_and_the_machine_are_named():
    ACTOR.set("kim@umass.edu")

    assert terminal_actor() == f"terminal:kim@umass.edu@{platform.node()}"


@pytest.mark.parametrize("name", ["", "two words", "line\nbreak", "n" * 101, "\x1b[2J"])
def test_what_names_nobody_is_refused(name):
    ACTOR.set(name)

    with pytest.raises(NobodyActs):
        terminal_actor()


def test_a_command_without_a_person_does_nothing_and_says_how():
    said = run(["review", "parked", "discard", "1", "--reason", "none"], dict(NOWHERE))

    assert said.returncode == 2
    assert (
        said.stderr.strip()
        == "Say who you are, for the audit record: --as NAME (or CPT_ACTOR), one word such as kim@umass.edu"
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become the account of the images: sudo make test")
def test_an_account_without_a_name_can_run_commands():
    """The images run as user 65532, which no passwd file lists: asking for its name was a KeyError in 28 commands."""
    given = ["review", "parked", "show", "1", "--as", "kim"]
    said = subprocess.run(
        [sys.executable, "-c", AS_A_STRANGER, *given],
        env=environment(NOWHERE),
        capture_output=True,
        text=True,
        check=False,
    )

    assert "KeyError" not in said.stderr
    assert "getpwuid" not in said.stderr


def run(words, more):
    return subprocess.run(
        [sys.executable, "-m", *words], env=environment(more), capture_output=True, text=True, check=False
    )


def environment(more):
    return {name: value for name, value in os.environ.items() if name != "CPT_ACTOR"} | more
