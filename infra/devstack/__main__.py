"""`python -m infra.devstack up|down|status|fetch`"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from infra.devstack.child import StartError
from infra.devstack.control import WHOLE, StackFailed, down, running, up
from infra.devstack.run_folder import RunFolder
from infra.devstack.servers import fetch
from infra.devstack.tools import only_tests


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.devstack", description="The stack on this machine.")
    parser.add_argument("command", choices=("up", "down", "status", "fetch"))
    parser.add_argument("--run", type=Path, default=RunFolder().path, help="where its state is kept")
    parser.add_argument("--stack", default=WHOLE, help=argparse.SUPPRESS)
    parser.add_argument("--tests", action="store_true", help="fetch what only tests use, too")
    words = parser.parse_args()
    run = RunFolder(words.run.resolve())
    if words.command == "up":
        return _up(run, words.stack)
    if words.command == "down":
        print("stopped" if down(run) else "nothing runs")
        return 0
    if words.command == "fetch":
        return asyncio.run(_fetch(run, tests=words.tests))
    stack = running(run)
    print(json.dumps(stack, indent=2) if stack else "nothing runs")
    return 0 if stack else 3


def _up(run: RunFolder, stack: str) -> int:
    if found := running(run):
        print("it runs already:")
    else:
        began = time.monotonic()
        try:
            found = up(run, stack)
        except StackFailed as error:
            print(f"the stack did not start: {error}", file=sys.stderr)
            return 1
        print(f"ready after {time.monotonic() - began:.0f} s:")
    for name, address in found.items():
        if isinstance(address, str) and address.startswith("http"):
            print(f"  {name:<16} {address}")
    return 0


async def _fetch(run: RunFolder, *, tests: bool) -> int:
    """So that no test waits for a download."""
    log = run.logs / "fetch.log"
    try:
        await fetch(log)
        if tests:
            await only_tests(log)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
