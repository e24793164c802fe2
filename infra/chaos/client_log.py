"""The client's own append-only record: what was sent and what was acknowledged, one JSON line each."""

import json
import time
from pathlib import Path
from typing import Any

Line = dict[str, Any]


class ClientLog:
    """Lines are numbered from 1; `at` is the machine's time in seconds."""

    def __init__(self, path: Path, **first: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self._last = 0
        self.write("begin", **first)

    def write(self, kind: str, **facts: Any) -> int:
        """Its number; the line has left this process when the call returns."""
        self._last += 1
        line = {"n": self._last, "at": round(time.time(), 4), "kind": kind} | facts
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        return self._last

    def close(self) -> None:
        self._file.close()


def read_log(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
