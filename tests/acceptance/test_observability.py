"""On the whole stack: one trace leads from an act to the email, and Prometheus knows what the rules ask for."""

import re
from functools import partial

import httpx2
import pytest

from infra import metrics_page
from infra.demo.cast import ANA, TODAY
from infra.demo.office import Office, eventually
from infra.demo.story import Story
from infra.demo.timeline import Timeline
from infra.letters import offer_letter
from infra.observability import boards
from tests.acceptance.prometheus import scraping
from tests.observability.tools import rules

ADVISER = "dana.reed"
EVERY_SERVICE = {f"cpt-{service}" for service in ("intake", "enrollment_sync", "review", "notifier")}
WITHOUT_CAUSE = {"cpt_alerts_closed_total", "cpt_alarms_open", "cpt_records_gone"} | {
    f"cpt_alert_detection_seconds_{end}" for end in ("bucket", "sum", "count")
}
"""Nothing was lost and no data was wrong, so they have no value yet."""
PERSONAL = re.compile(r"3001000\d|N00\d{8}|@|Lima|Baystate|Robotics|Springfield|page=|state=")


@pytest.fixture(scope="module")
async def stage_set(shared):
    """The office of a stack whose traces somebody collects, after a request went all its way."""
    _, stack, collector = shared
    async with httpx2.AsyncClient(timeout=30) as http:
        office = Office(stack, http)
        request_id = await completed(office)
        await corrected(office, request_id)
        await issued(office, request_id)
        yield office, collector, request_id


async def test_one_trace_leads_from_an_act_through_all_four_services_to_the_email(stage_set):
    """Issue 7, point 3; case 66: no personal data in traces."""
    _, collector, request_id = stage_set

    form = await eventually("the form's trace", partial(whole, collector, "PATCH /api/requests/{request_id}"))
    assert {"send cpt.intake", "check enrollment", "ask spire", "send cpt.enrollment"} <= {span.name for span in form}
    assert hops(form, "deliver to smtp") == [
        ("cpt-intake web", "PATCH /api/requests/{request_id}"),
        ("cpt-notifier worker", "process edu.umass.cpt.request-held.v1"),
        ("cpt-notifier worker", "send notice"),
        ("cpt-notifier worker", "deliver to smtp"),
    ]
    issuance = await eventually("the I-20's trace", partial(whole, collector, "POST /api/cases/{request_id}/i20"))
    assert ("cpt-notifier worker", "process edu.umass.cpt.i20-issued.v1") in hops(issuance, "deliver to smtp")
    assert [span for span in collector.spans if PERSONAL.search(f"{span.name} {span.attributes}")] == []
    assert request_id in {span.attributes.get("cpt.subject") for span in form}


async def test_a_real_prometheus_finds_every_metric_and_no_rule_speaks(stage_set, tmp_path):
    """Issue 7, point 3: what the rules, dashboards and objectives ask for is what the processes show."""
    office, _, _ = stage_set
    with scraping(office.stack, tmp_path / "prometheus") as api:

        async def ask(path, **params):
            try:
                answer = await office.http.get(f"{api}/{path}", params=params)
            except httpx2.TransportError:
                return None
            return answer.json()["data"] if answer.status_code == 200 else None

        async def known():
            found = set(await ask("label/__name__/values") or ())
            return found >= metrics_page.series().keys() - WITHOUT_CAUSE and found

        async def quiet():
            """Every rule was judged without an error, and none speaks or is about to."""
            groups = (await ask("rules") or {"groups": []})["groups"]
            states = {rule["name"]: (rule["health"], rule["state"]) for group in groups for rule in group["rules"]}
            return len(states) == len(list(rules())) and set(states.values()) == {("ok", "inactive")}

        assert await eventually("every metric", known)
        assert await eventually("every rule's judgement", quiet)
        asked = [query for board in boards.boards() for panel in board.panels for query in panel.queries.values()]
        assert [query for query in asked if await ask("query", query=query) is None] == []


async def whole(collector, begun_by):
    """The spans of the act's trace, once every service and the mail are in it."""
    for spans in collector.traces().values():
        names = {span.name for span in spans}
        services = {span.by.split()[0] for span in spans}
        if {begun_by, "deliver to smtp"} <= names and services == EVERY_SERVICE:
            return spans
    return None


def hops(spans, last):
    """From the act to the last step, by parents; what is done in a transaction is done by whoever opened it."""
    by_id, path = {span.span: span for span in spans}, []
    span = next(span for span in spans if span.name == last)
    while span:
        if not span.name.startswith("transaction "):
            path.append((span.by, span.name))
        span = by_id.get(span.parent)
    return path[::-1]


async def completed(office):
    await Story(office, Timeline())._the_campus_opens()
    view = await office.send_request(ANA.emplid, ANA.form())
    for kind in ("offer_letter", "handshake_contract", "enrollment_proof?term=1267"):
        await office.upload(ANA.emplid, view["request_id"], kind, letter(ANA.form()))
    await eventually("the number", partial(numbered, office, view["request_id"]))
    return view["request_id"]


async def corrected(office, request_id):
    """Another end costs the number and asks for a check, and the student is told (P4)."""
    change = {"end_date": "2026-12-04"}
    path = f"/api/requests/{request_id}"
    await office.call(ANA.emplid, ["student"], "PATCH", "intake", f"{path}?confirm=new_place", json=ANA.form() | change)
    await eventually("the delay notice", lambda: office.mails(ANA.email, "delay"))
    await office.upload(ANA.emplid, request_id, "offer_letter", letter(ANA.form() | change))
    await eventually("the new number", partial(numbered, office, request_id))


async def issued(office, request_id):
    await eventually("the case", partial(office.next_case, ADVISER))
    await office.approve(ADVISER, request_id)
    await office.issue(ADVISER, request_id, TODAY)
    await eventually("the approval email", lambda: office.mails(ANA.email, "approved"))


async def numbered(office, request_id):
    return (await office.my_request(ANA.emplid, request_id))["receipt_number"]


def letter(form):
    return bytes(offer_letter(form, layout=ANA.layout))
