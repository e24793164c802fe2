"""Promise 4: the stored enrollment is the fold of what the registrar told, by `source_seq`."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from infra.chaos.check.evidence import Evidence

Fold = dict[tuple[str, str], Mapping[str, Any]]


def fold(seen: Evidence) -> Fold:
    """The newest row of each student's class, from the client's own log."""
    rows: Fold = {}
    for line in seen.sent("rows", "events"):
        for item in line["body"]:
            row = _row(item)
            if row is None:
                continue
            known = rows.get((row["emplid"], row["class_nbr"]))
            if known is None or row["source_seq"] > known["source_seq"]:
                rows[row["emplid"], row["class_nbr"]] = row
    return rows


def _row(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "specversion" not in item:
        return item
    data = item.get("data", {})
    return data | data["current"] if str(item["type"]).endswith("enrollment-changed.v1") else None


def stored_is_the_fold(seen: Evidence) -> Iterator[str]:
    watched = {row["emplid"] for row in seen.rows("enrollment_sync", "watch") if row["state"] == "open"}
    stored = {(row["emplid"], row["class_nbr"]): row for row in seen.rows("enrollment_sync", "enrollment_row")}
    doubtful = _perhaps_never_told(seen)
    for (emplid, class_nbr), row in fold(seen).items():
        if emplid not in watched or (emplid, class_nbr) in doubtful:
            continue
        found = stored.get((emplid, class_nbr))
        if found is None:
            yield f"class {class_nbr} of {emplid} is not stored"
            continue
        wanted = (row["status"], row["reason"], Decimal(row["units"]), row["source_seq"])
        kept = (found["status"], found["reason"], found["units"], found["source_seq"])
        if kept != wanted:
            yield f"class {class_nbr} of {emplid} is {kept}, the registrar's last word was {wanted}"


def _perhaps_never_told(seen: Evidence) -> set[tuple[str, str]]:
    """Classes of a call that nobody answered, such as one that the end of the play cut off."""
    answered = {line["of"] for line in seen.answered("rows", "events")}
    calls = [line for line in seen.sent("rows", "events") if line["n"] not in answered]
    rows = [row for line in calls for item in line["body"] if (row := _row(item)) is not None]
    return {(row["emplid"], row["class_nbr"]) for row in rows}
