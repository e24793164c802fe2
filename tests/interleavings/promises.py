"""What must hold when everything has arrived, told as sentences about what does not."""

from collections import Counter
from datetime import timedelta

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.review import I20Issued, IssuanceAsked
from enrollment_sync.snapshots.reconcile_snapshot import ReconcileSnapshot, ask_for_run
from review.line.prove_line import prove_line
from tests.interleavings.world import SERVICES, TERM

OPEN = ("pending", "waiting", "assigned", "approved")


IMPOSSIBLE = "its sequence lies beyond"


async def broken_promises(world, classes):
    """Lets everything come to rest; `classes`: of each request's student, as SPIRE shows them at the end."""
    await _come_to_rest(world)
    states = {row["request_id"]: row for row in await world.rows("review", "SELECT * FROM case_file")}
    requests = {row["request_id"]: row for row in await world.rows("intake", "SELECT * FROM request")}
    return [
        *[sentence async for sentence in _parked(world)],
        *await _line(world),
        *_numbers(world),
        *_gates(world),
        *await _mails(world),
        *_two_views(requests, states),
        *[sentence async for sentence in _alerts(world, states, classes)],
        *_held(requests, states, classes),
        *[sentence async for sentence in _stored(world, classes)],
    ]


async def _come_to_rest(world):
    await world.settle()
    for minutes in (16, 3, 31, 16, 3):
        await world.pass_time(minutes)
        await world.settle()
    await _reconcile(world)
    for minutes in (1, 16, 3, 16, 3, 3):  # what is impossible is overruled first, and a loss it hid then settles
        await world.pass_time(minutes)
        await world.settle()


async def _reconcile(world):
    database = world.databases["enrollment_sync"]
    snapshots = ReconcileSnapshot(database, world.spire, world.clock, timedelta(hours=1), 0.8)
    async with database.transaction() as connection:
        await ask_for_run(connection, TERM, "tests", world.now)
    while await snapshots.step():
        pass


async def _parked(world):
    for service in SERVICES:
        for row in await world.rows(service, "SELECT reason FROM parked WHERE state = 'parked'"):
            if IMPOSSIBLE in row["reason"]:
                continue
            yield f"{service} parked a message: {row['reason']}"


async def _line(world):
    async with world.databases["review"].transaction() as connection:
        return await prove_line(connection)


def _numbers(world):
    numbers = {told.event.receipt_number for told in world.told(RequestCompleted)}
    if numbers != set(range(1, len(numbers) + 1)):
        yield f"the receipt numbers have holes: {sorted(numbers)}"


def _gates(world):
    """P21: an I-20 rests on a *met* that its own issuance asked for."""
    checks = {(told.event.request_id, told.event.check_no): told.event for told in world.told(EnrollmentChecked)}
    asked = {told.id: told.event.request_id for told in world.told(IssuanceAsked)}
    for told in world.told(I20Issued):
        issued = told.event
        check = checks[issued.request_id, issued.relied_on_check]
        if check.outcome != "met" or not any(asked.get(by) == issued.request_id for by in check.asked_by):
            yield f"issued on check {check.check_no} ({check.outcome}) that no issuance had asked for"


async def _mails(world):
    issued = Counter((told.event.request_id, told.event.authorization_version) for told in world.told(I20Issued))
    query = "SELECT subject_id, authorization_version FROM notice WHERE kind IN ('approved', 'replaced')"
    mailed = Counter((row["subject_id"], row["authorization_version"]) for row in await world.rows("notifier", query))
    return [] if mailed == issued else [f"issued {dict(issued)}, mailed {dict(mailed)}"]


def _two_views(requests, states):
    """Intake and review agree in the end about each request."""
    for request_id, request in requests.items():
        case = states.get(request_id)
        shown, kept = request["phase"], case["state"] if case else None
        same_number = case is not None and case["receipt_number"] == request["receipt_number"]
        if shown == "complete" and not (kept in OPEN and same_number and case["round"] == request["round"]):
            yield f"complete at intake, {kept} at review"
        if shown != "complete" and kept in OPEN:
            yield f"{shown} at intake, {kept} at review"
        if (shown == "issued") != (kept == "issued"):
            yield f"{shown} at intake, {kept} at review"
        if (shown == "withdrawn") != (kept == "withdrawn") and case is not None:
            yield f"{shown} at intake, {kept} at review"


async def _alerts(world, states, classes):
    """Of the load none: no CPT runs yet. A lecture that goes deserves nothing, and a course that was there all along
    replaces nothing (A24).
    """
    alerts = await world.rows("review", "SELECT kind, loss ->> 'kind' AS about, state, request_ids FROM alert")
    for request_id, case in states.items():
        mine = [alert for alert in alerts if request_id in alert["request_ids"]]
        known, replaced = classes[request_id], sum(alert["kind"] == "notice" for alert in mine)
        losses = [alert for alert in mine if (alert["kind"], alert["about"]) == ("loss", "enrollment")]
        if len(losses) > known.acts["loss"] or replaced > known.acts["swap"]:
            yield f"{len(losses)} alerts and {replaced} replacements for {dict(known.acts)}"
        if len(losses) + replaced < len(mine):
            yield f"an alert of a kind that nothing deserves: {[alert['about'] for alert in mine]}"
        if mine and case["state"] != "issued":
            yield f"an alert about a case that is {case['state']}"
        lost = case["state"] == "issued" and not known.carries
        if lost and not {"confirmed", "acknowledged"} & {alert["state"] for alert in mine}:
            yield f"SPIRE shows the loss of an issued request, its alerts are {mine}"
        if "suspected" in [alert["state"] for alert in mine]:
            yield "a suspicion stays undecided"


def _held(requests, states, classes):
    """Whoever is not enrolled holds no place in line in the end."""
    for request_id, case in states.items():
        if case["state"] in OPEN and not classes[request_id].carries:
            yield f"{case['state']} although SPIRE shows no enrollment; intake says {requests[request_id]['phase']}"


async def _stored(world, classes):
    """In the end SPIRE's rows count, whatever claimed to be later (P17)."""
    query = "SELECT request_id, class_nbr, status FROM watch JOIN enrollment_row USING (emplid) WHERE state = 'open'"
    for row in await world.rows("enrollment_sync", query):
        if (row["status"] == "E") != classes[row["request_id"]].has(row["class_nbr"]):
            yield f"class {row['class_nbr']} is stored as {row['status']}, which SPIRE does not show"
