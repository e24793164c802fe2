"""The printed result: one line for each thing that was done or found; kept as a file, too."""

import time
from pathlib import Path


class Report:
    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        self._file = file
        self._began = self._last = time.monotonic()
        self._failed = 0

    def line(self, what: str) -> None:
        """Something was done."""
        self._print("    ", what)

    def check(self, what: str, *, holds: bool, found: str = "") -> None:
        self._failed += not holds
        self._print("ok  " if holds else "FAIL", f"{what}: {found}" if found else what)

    def verdict(self) -> int:
        seconds = time.monotonic() - self._began
        self._say(f"\n{'all held' if not self._failed else f'{self._failed} did not hold'}, {seconds:.0f} s")
        return int(self._failed > 0)

    def _print(self, mark: str, what: str) -> None:
        now = time.monotonic()
        self._say(f"{mark} {now - self._began:6.1f} s  +{now - self._last:5.1f} s  {what}")
        self._last = now

    def _say(self, line: str) -> None:
        print(line, flush=True)
        with self._file.open("a") as kept:
            kept.write(f"{line}\n")
