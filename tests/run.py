"""`python -m tests.run [pytest's words]`: pytest on all cores, then what it cost, judged by the budget."""

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import time

BUDGET = 2200
"""Seconds of the processor that the whole suite may take: pytest, and every process that the tests start."""
WORKERS = (os.cpu_count() or 2) + 1
"""More than cores, for a story waits more than it works."""
PARALLEL = ("-n", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder", "--durations", "20")
ALONE = ("::", ".py")
"""An argument that names a test or a file is over before other workers have started."""
PR_SET_CHILD_SUBREAPER = 36


def main(words: list[str]) -> int:
    """pytest's exit code, or 1 for a whole run beyond the budget."""
    own_way = any(word.startswith(("-n", "--dist", "--pdb")) or word.endswith(ALONE) or "::" in word for word in words)
    command = (sys.executable, "-m", "pytest", *(() if own_way else PARALLEL), *words)
    began = time.monotonic()
    code, used = _measured(command)
    if code < 0:
        _say(f"pytest was ended from outside by signal {-code}")
    _say(f"{time.monotonic() - began:.0f} s, of which the processor worked {used:.0f} s")
    if words or used <= BUDGET:
        return code
    _say(f"The budget of {BUDGET} s of the processor (tests/run.py) is exceeded: make the slowest cheaper.")
    return code or 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _measured(command: tuple[str, ...]) -> tuple[int, float]:
    """Its exit code, and the seconds of the processor with all descendants, also those that outlive their parents."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    pytest = subprocess.Popen(command)
    code = _reaped_with(pytest.pid)
    _reap_the_rest()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, spent.ru_utime + spent.ru_stime


def _reaped_with(pytest: int) -> int:
    """Its exit code; orphans are reaped on the way."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # pytest got it too, and tidies up
            child, status = os.wait()
            if child == pytest:
                return os.waitstatus_to_exitcode(status)


def _reap_the_rest(seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
