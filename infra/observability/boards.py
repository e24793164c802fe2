"""Writes the dashboards, one for each audience: `python -m infra.observability.boards write|check`."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent
WHERE = ("namespace", "release")
"""Labels that tell installations apart."""
FOLDER = HERE / "dashboards"


class Panel(BaseModel):
    """`queries`: expression by legend. A number stands alone; a line shows the way there; `red` is where a rule speaks."""

    model_config = ConfigDict(extra="forbid")

    title: str
    means: str
    queries: dict[str, str]
    unit: Literal["s", "short", "reqps"] = "short"
    red: int | None = None
    alone: bool = False


class Board(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    title: str
    panels: list[Panel]


def boards() -> list[Board]:
    return [Board.model_validate(given) for given in yaml.safe_load((HERE / "boards.yaml").read_text("utf-8"))]


def written(board: Board) -> str:
    """Grafana's own form; its data source is chosen on the page."""
    form = {
        "uid": f"cpt-{board.name}",
        "title": board.title,
        "tags": ["cpt", board.name],
        "schemaVersion": 41,
        "timezone": "America/New_York",
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}, *map(_chosen, WHERE)]},
        "panels": list(_placed(board.panels)),
    }
    return json.dumps(form, indent=1) + "\n"


def _chosen(label: str) -> dict[str, Any]:
    """A choice of installations; all of them at first, also where the label is absent."""
    return {
        "name": label,
        "type": "query",
        "datasource": {"type": "prometheus", "uid": "${source}"},
        "query": f'label_values(up{{process=~".+-(web|worker)"}}, {label})',
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def within(expression: str) -> str:
    """Of the chosen installations only, in every selector."""
    chosen = ",".join(f'{label}=~"${label}"' for label in WHERE)

    def narrowed(found: re.Match[str]) -> str:
        own = (found[2] or "{}")[1:-1]
        return f"{found[1]}{{{own}{',' if own else ''}{chosen}}}"

    return re.sub(r"\b(cpt_[a-z_]+|up)\b(\{[^}]*\})?", narrowed, expression)


def _placed(panels: Sequence[Panel]) -> Any:
    """Numbers four in a row, lines two in a row."""
    x = y = 0
    for number, panel in enumerate(panels, 1):
        width, height = (6, 4) if panel.alone else (12, 8)
        yield _panel(panel) | {"id": number, "gridPos": {"x": x, "y": y, "w": width, "h": height}}
        x += width
        if x >= 24:
            x, y = 0, y + height


def _panel(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    source = {"type": "prometheus", "uid": "${source}"}
    return {
        "type": "stat" if panel.alone else "timeseries",
        "title": panel.title,
        "description": panel.means,
        "datasource": source,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}},
        "targets": [
            {"refId": chr(65 + at), "expr": within(expression), "legendFormat": legend, "datasource": source}
            for at, (legend, expression) in enumerate(panel.queries.items())
        ],
    }


def main() -> int:
    stale = 0
    for board in boards():
        file = FOLDER / f"{board.name}.json"
        if sys.argv[1:] == ["write"]:
            file.write_text(written(board), "utf-8")
        elif file.read_text("utf-8") != written(board):
            print(f"{file} is stale: python -m infra.observability.boards write")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
