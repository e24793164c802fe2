"""Who acts at a terminal: commands that change or show what is audited record a person, never only an account."""

import platform
import re
from contextvars import ContextVar

ACTOR = ContextVar("actor", default="")
"""The name that `--as` or CPT_ACTOR gave this command."""
_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")


class NobodyActs(Exception):
    """The command is audited and needs `--as NAME`."""

    def __init__(self) -> None:
        super().__init__(
            "Say who you are, for the audit record: --as NAME (or CPT_ACTOR), one word such as kim@umass.edu"
        )


def terminal_actor() -> str:
    """`terminal:NAME@MACHINE`: the person, and the pod or machine that the command ran in.

    Raises NobodyActs where no name was given: in a container every person has the same account.
    """
    name = ACTOR.get()
    if not _NAME.fullmatch(name):
        raise NobodyActs
    return f"terminal:{name}@{platform.node()}"
