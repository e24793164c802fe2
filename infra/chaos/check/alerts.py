"""Promises 5 and 6: one alert for each loss of the named course, none without cause; no approval after a loss before the I-20."""

from collections import defaultdict
from collections.abc import Iterator

from cpt.contracts.alerts import AlertRaised
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.review import I20Issued, IssuanceAsked
from infra.chaos.check.enrollment import fold
from infra.chaos.check.evidence import Evidence, Row
from infra.chaos.player.campus_events import COURSE, SECTIONS


def one_alert_each(seen: Evidence) -> Iterator[str]:
    """Promise 5."""
    issued = {row["request_id"] for row in seen.rows("review", "authorization_issued")}
    student = {row["request_id"]: row["emplid"] for row in seen.rows("intake", "request")}
    enrolled = {emplid for (emplid, nbr), row in fold(seen).items() if nbr in SECTIONS and row["status"] == "E"}
    acts = _drops(seen)
    alerts: dict[str, list[Row]] = defaultdict(list)
    for alert in seen.rows("review", "alert"):
        if alert["kind"] == "loss":
            alerts[alert["loss"]["emplid"]].append(alert)
    for request_id in issued:
        emplid = student.get(request_id, "")
        standing = [alert for alert in alerts[emplid] if alert["state"] != "closed"]
        if emplid not in enrolled and len(standing) != 1:
            yield f"student {emplid} lost the course after the I-20 and has {len(standing)} alerts"
        if emplid in enrolled and standing:
            yield f"student {emplid} is enrolled and has the alert {standing[0]['alert_id']}"
    for emplid, found in alerts.items():
        if len(found) > len(acts[emplid]):
            yield f"student {emplid} dropped {len(acts[emplid])} times and has {len(found)} alerts"
        for alert in found:
            if alert["loss"]["class_nbr"] not in SECTIONS:
                yield f"student {emplid} has the alert {alert['alert_id']}, which is not about the named course"
    yield from _confirmed_once(seen)


def _drops(seen: Evidence) -> dict[str, set[str]]:
    acts: dict[str, set[str]] = defaultdict(set)
    for line in seen.sent("events"):
        for item in line["body"]:
            data = item.get("data", {})
            if data.get("class_nbr") == COURSE and data.get("action") == "D":
                acts[data["emplid"]].add(data["enrl_request_id"])
    return acts


def _confirmed_once(seen: Evidence) -> Iterator[str]:
    told: dict[str, int] = defaultdict(int)
    for _, envelope in seen.events(AlertRaised):
        told[envelope.event.key] += 1
    confirmed = {a["alert_id"] for a in seen.rows("review", "alert") if a["kind"] == "loss" and a["confirmed_at"]}
    for alert_id in confirmed | set(told):
        if told[alert_id] != (alert_id in confirmed):
            yield f"alert {alert_id} was told {told[alert_id]} times"


def no_early_approval(seen: Evidence) -> Iterator[str]:
    """Promise 6: from the events alone, then from the client's own order of acts."""
    asked: dict[str, set[str]] = defaultdict(set)
    for _, envelope in seen.events(IssuanceAsked):
        asked[envelope.event.key].add(envelope.id)
    checks = {(e.event.key, e.event.check_no): e.event for _, e in seen.events(EnrollmentChecked)}  # type: ignore[attr-defined]  # the filter says so
    for _, envelope in seen.events(I20Issued):
        event = envelope.event
        assert isinstance(event, I20Issued)
        check = checks.get((event.key, event.relied_on_check))
        if not isinstance(check, EnrollmentChecked) or check.outcome != "met":
            yield f"the I-20 of {event.key} relies on check {event.relied_on_check}, which says no met"
        elif not asked[event.key] & set(check.asked_by):
            yield f"the I-20 of {event.key} relies on check {event.relied_on_check}, which no issuance asked for"
    yield from _after_a_drop(seen)


def _after_a_drop(seen: Evidence) -> Iterator[str]:
    """SPIRE follows before the event is acknowledged: an issuance first asked for after that must have seen it."""
    asked: dict[str, int] = {}
    for line in seen.sent("i20"):
        asked.setdefault(line["subject"], line["n"])
    bodies = {line["n"]: line["body"] for line in seen.sent("events")}
    dropped: dict[str, int] = {}
    for line in seen.answered("events"):
        actions = [i["data"].get("action") for i in bodies[line["of"]] if i["data"].get("class_nbr") == COURSE]
        if actions == ["D"] and line["status"] == 200:
            dropped.setdefault(line["subject"], line["n"])
    for row in seen.rows("review", "authorization_issued"):
        emplid, request_id = row["issued"]["facts"]["emplid"], row["request_id"]
        if emplid in dropped and dropped[emplid] < asked.get(request_id, 0):
            yield f"{request_id} was issued; the course was dropped (line {dropped[emplid]}) before anybody asked"
