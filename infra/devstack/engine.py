"""Whether a Docker engine may be at hand."""

import importlib
import os
from pathlib import Path
from types import ModuleType

SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "~/.docker/run/docker.sock", "$XDG_RUNTIME_DIR/docker.sock")


def containers() -> ModuleType | None:
    """The module that talks to the engine, whose import is too slow for machines without one.

    `CPT_DEVSTACK__SERVERS=native` leaves an engine alone.
    """
    if os.environ.get("CPT_DEVSTACK__SERVERS") == "native":
        return None
    if os.environ.get("DOCKER_HOST") or any(_path(socket).exists() for socket in SOCKETS):
        return importlib.import_module("infra.devstack.containers")
    return None


def _path(socket: str) -> Path:
    return Path(os.path.expandvars(socket)).expanduser()
