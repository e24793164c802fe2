"""The printed result: one line for each thing that was done or found."""

import time


class Report:
    def __init__(self) -> None:
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
        print(f"\n{'all held' if not self._failed else f'{self._failed} did not hold'}, {seconds:.0f} s", flush=True)
        return int(self._failed > 0)

    def _print(self, mark: str, what: str) -> None:
        now = time.monotonic()
        print(f"{mark} {now - self._began:6.1f} s  +{now - self._last:5.1f} s  {what}", flush=True)
        self._last = now
