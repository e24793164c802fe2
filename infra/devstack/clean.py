"""`python -m infra.devstack.clean [--all]`: removes what make made in this clone, and says what it keeps outside of it."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.devstack import tools

MADE = (".venv", ".cache", ".run", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache", ".hypothesis")
MIB = 2**20


def main(clone: Path, outside: Path, *, everything: bool) -> None:
    """`outside` is shared by all clones of this account: it goes only on demand."""
    for folder in list(made(clone)):
        _say(f"removed {folder.relative_to(clone)}, {size(folder) // MIB} MiB")
        shutil.rmtree(folder, ignore_errors=True)
    if not outside.exists():
        return
    for part in sorted(outside.iterdir()):
        _say(f"{'removed' if everything else 'kept'} {part}, {size(part) // MIB} MiB")
    if everything:
        shutil.rmtree(outside, ignore_errors=True)
    else:
        _say("other clones use what was kept: make clean ALL=1 removes it. Packages of the system stay.")


def made(clone: Path) -> Iterator[Path]:
    yield from (clone / name for name in MADE if (clone / name).exists())
    kept = {".venv", ".git"}
    yield from (
        cache
        for cache in clone.rglob("__pycache__")
        if cache.is_dir() and kept.isdisjoint(cache.relative_to(clone).parts)
    )


def size(path: Path) -> int:
    """Bytes, of a file or of everything below a folder; links count for themselves."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if not file.is_dir())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(tools.CLONE, tools.CACHE, everything="--all" in sys.argv[1:])
