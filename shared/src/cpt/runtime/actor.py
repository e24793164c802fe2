"""Who acts at a terminal: commands that change or show what is audited record a person, never only an account."""

import os
import platform
import re

VARIABLE = "CPT_ACTOR"
_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")


class NobodyActs(Exception):
    """The command is audited, and nobody said who runs it."""

    def __init__(self) -> None:
        super().__init__(
            f"Say who you are, for the audit record: --as NAME (or {VARIABLE}), one word such as kim@umass.edu"
        )


def terminal_actor() -> str:
    """`terminal:NAME@MACHINE`: the person, and the pod or machine that the command ran in.

    Raises NobodyActs where neither `--as` nor CPT_ACTOR names one: in a container every person has the same account.
    """
    name = os.environ.get(VARIABLE, "")
    if not _NAME.fullmatch(name):
        raise NobodyActs
    return f"terminal:{name}@{platform.node()}"
