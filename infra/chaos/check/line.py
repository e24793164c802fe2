"""Promise 3: numbers without a gap, assigned in their order over all advisers, none twice, none skipped."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from cpt.contracts.review import CaseAssigned
from infra.chaos.check.evidence import Evidence, Row


def in_order(seen: Evidence) -> Iterator[str]:
    yield from _numbers(seen)
    yield from _replay(sorted(seen.rows("review", "line_log"), key=lambda row: row["entry"]))
    yield from _told(seen)
    yield from _handed_out(seen)


def _numbers(seen: Evidence) -> Iterator[str]:
    drawn = sorted(row["number"] for row in seen.rows("intake", "receipt_number"))
    missing = sorted(set(range(1, len(drawn) + 1)) - set(drawn))
    if missing:
        yield f"receipt numbers {missing[:10]} were never drawn, the last one is {drawn[-1]}"
    arrived = {row["receipt_number"] for row in seen.rows("review", "number")}
    if lost := sorted(set(drawn) - arrived):
        yield f"numbers {lost[:10]} never reached the line"


def _replay(log: list[Row]) -> Iterator[str]:
    """At each assignment no lower number waited, or was held within its time, but for the adviser's own recusal."""
    standing: dict[int, Row] = {}
    recused: set[tuple[int, str]] = set()
    assigned: dict[int, str] = {}
    for row in log:
        number, goal = row["receipt_number"], row["to_state"]
        standing.pop(number, None)
        if goal == "assigned":
            if number in assigned:
                yield f"number {number} was assigned twice (entry {row['entry']})"
            assigned[number] = row["actor"]
            yield from _passed_by(row, standing, recused)
        else:
            if row["cause"] == "give_back":
                recused.add((number, row["actor"]))
            assigned.pop(number, None)
        if goal in ("waiting", "pending"):
            standing[number] = row


def _passed_by(row: Row, standing: dict[int, Row], recused: set[tuple[int, str]]) -> Iterator[str]:
    for lower, before in standing.items():
        if lower > row["receipt_number"] or (lower, row["actor"]) in recused:
            continue
        held = before["to_state"] == "pending" and row["at"] < before["hold_until"]
        if before["to_state"] == "waiting" or held:
            yield f"{row['receipt_number']} was assigned while {lower} was {before['to_state']} (entry {row['entry']})"


def _told(seen: Evidence) -> Iterator[str]:
    """The log and the events tell the same assignments."""
    logged = Counter(
        (row["receipt_number"], row["actor"])
        for row in seen.rows("review", "line_log")
        if row["to_state"] == "assigned" and row["from_state"] in ("waiting", "pending")
    )
    told = Counter((e.event.receipt_number, e.event.adviser.sub) for _, e in seen.events(CaseAssigned))  # type: ignore[attr-defined]  # the filter says so
    for (number, adviser), count in ((logged - told) + (told - logged)).items():
        yield f"number {number} to {adviser}: the log and the events differ by {count}"


def _handed_out(seen: Evidence) -> Iterator[str]:
    """What the advisers got is what was assigned, under each key once."""
    log = seen.rows("review", "line_log")
    given = Counter(row["request_id"] for row in log if row["to_state"] == "assigned")
    got: dict[str, set[str]] = defaultdict(set)
    for line in seen.answered("next"):
        if line["status"] == 200:
            got[line["request_id"]].add(line["key"])
            if not any(row["request_id"] == line["request_id"] and row["actor"] == line["who"] for row in log):
                yield f"{line['who']} got {line['request_id']} (line {line['n']}) and no assignment is logged"
    for request_id, keys in got.items():
        if len(keys) > given[request_id]:
            yield f"case {request_id} was handed out {len(keys)} times and assigned {given[request_id]} times"
