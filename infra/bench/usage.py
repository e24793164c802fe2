"""CPU seconds and resident memory of a process and everything it started, from /proc."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        if fields := _fields(stat):
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = list[int](), [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def cpu(pid: int) -> float:
    """Seconds used so far, with ended children that were waited for."""
    used = 0
    for one in tree(pid):
        if fields := _fields(Path(f"/proc/{one}/stat")):
            used += sum(int(field) for field in fields[11:15])
    return used / _TICK


def resident(pid: int) -> float:
    """MiB."""
    pages = 0
    for one in tree(pid):
        try:
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _fields(stat: Path) -> list[str]:
    """After the name, which may hold spaces."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []
