"""SQL stays SQL: one `queries.sql` per package, each query with a name and one line of purpose."""

import re
from collections.abc import Iterator
from importlib.resources import files

_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\s*$")


class Queries:
    """The named queries of a package, as attributes: `sql.next_in_line`."""

    def __init__(self, package: str, file: str = "queries.sql") -> None:
        self._queries = parse(files(package).joinpath(file).read_text("utf-8"))

    def __getattr__(self, name: str) -> str:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query is named {name}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)


def parse(text: str) -> dict[str, str]:
    """Raises ValueError for a name used twice and for text before the first name."""
    queries: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if named := _NAME.match(line):
            if named[1] in queries:
                raise ValueError(f"two queries are named {named[1]}")
            current = queries[named[1]] = []
        elif current is not None:
            current.append(line)
        elif line.strip() and not line.startswith("--"):
            raise ValueError(f"SQL before the first name: {line!r}")
    return {name: "\n".join(lines).strip() for name, lines in queries.items()}
