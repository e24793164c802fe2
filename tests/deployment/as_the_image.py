"""Runs commands as they run in an image, or inside one: as user 65532, whom no passwd entry names, without a home.

Reads a JSON list of argument lists, the first word of each a service; writes `[code, output]` of each. They share the imports,
which cost more than most commands do.
"""

import json
import os
import runpy
import signal
import sys
import traceback
from importlib import import_module

USER = 65532
SECONDS = 600
"""After which a command is ended by a signal, and so named by its code."""


def run(words):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.dup2(write, 1)
        os.dup2(write, 2)
        signal.alarm(SECONDS)
        os._exit(_code(words))
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        said = answer.read().decode(errors="replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def _code(words):
    sys.argv = list(words)
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 whatever it was is the answer
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    commands = json.load(sys.stdin)
    for service in {words[0] for words in commands}:
        import_module(f"{service}.commands")
    for codec in ("utf_8_sig", "idna"):  # an interpreter in somebody's home cannot be read any more in a moment
        import_module(f"encodings.{codec}")
    if os.getuid() != USER:
        os.setgroups([])
        os.setgid(USER)
        os.setuid(USER)
    json.dump([run(words) for words in commands], sys.stdout)
