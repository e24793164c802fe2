"""What a kubelet and a containerd leave behind: processes, mounts, cgroups, folders, settings of the kernel."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.cluster.engine import Missing

CGROUPS = Path("/sys/fs/cgroup")
FOLDERS = (
    *("/var/lib/kubelet", "/var/log/pods", "/var/log/containers", "/var/lib/cni", "/usr/libexec/kubernetes"),
    *("/run/containerd", "/var/lib/containerd", "/opt/containerd"),
)
KERNEL = (
    *("vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"),
    *("kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"),
)
SECONDS = 20.0


@contextmanager
def no_traces(folder: Path) -> Iterator[None]:
    """Of the node in this folder, when the block ends; its programs have ended by then. Raises Missing."""
    if _cgroups():
        raise Missing("there is a kubelet on this machine, or what one left: /sys/fs/cgroup/*/kubepods")
    absent = [Path(name) for name in FOLDERS if not Path(name).exists()]
    settings = {path: path.read_text() for name in KERNEL if (path := Path("/proc/sys") / name).exists()}
    try:
        yield
    finally:
        _end_processes(folder)
        _remove_sockets(folder)
        _unmount(folder)
        _remove_cgroups()
        for path, before in settings.items():
            if path.read_text() != before:
                path.write_text(before)
        for path in absent:
            shutil.rmtree(path, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _cgroups() -> list[Path]:
    return [*CGROUPS.glob("kubepods"), *CGROUPS.glob("*/kubepods")]


def _end_processes(folder: Path) -> None:
    """Of every pod, by its cgroup, until none is left; and the shims, by the socket that they serve."""
    deadline = time.monotonic() + SECONDS
    while (found := [*_in_pods(), *_shims(folder)]) and time.monotonic() < deadline:
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _in_pods() -> Iterator[int]:
    for file in (file for group in _cgroups() for file in group.rglob("cgroup.procs")):
        with contextlib.suppress(OSError):
            yield from (int(line) for line in file.read_text().split() if _alive(int(line)))


def _shims(folder: Path) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            shim = words[0].endswith(b"containerd-shim-runc-v2")
            if shim and any(str(folder).encode() in word for word in words) and _alive(int(process.name)):
                yield int(process.name)


def _remove_sockets(folder: Path) -> None:
    """The shims' own, which lie beside those of other engines."""
    for note in folder.rglob("address"):
        Path(note.read_text().removeprefix("unix://")).unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    """Whoever waits for nothing but its parent has ended."""
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _unmount(folder: Path) -> None:
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in sorted((place for place in mounted if place.startswith(f"{folder}/")), reverse=True):
        subprocess.run(("umount", "--lazy", place), check=False, capture_output=True)


def _remove_cgroups() -> None:
    for group in _cgroups():
        for folder in sorted((path for path in (group, *group.rglob("*")) if path.is_dir()), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
