"""What operations and compliance see when something is wrong: a message nobody can read, and a watch that is blind."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from playwright.async_api import TimeoutError as NotSeen

from cpt.contracts.enrollment import MonitoringAlive
from cpt.contracts.envelope import headers_of
from infra.demo.cast import ANA
from infra.demo.office import eventually
from infra.demo.story import ENROLLMENT, TODAY, event
from infra.devstack.patience import stretched
from tests.browser.visitors import barriers, press, shoot, sideways, text_of, type_into

SCHEMES = {"light": False, "dark": True}
WHY = "Kafka holds 9,000 registrar events back."


def unknown_status():
    """Of a student whom the watch follows."""
    state = {"status": "E", "reason": "ENRL", "grade": None, "units": "1.00"}
    row = {k: v for k, v in ANA.row().items() if k not in ("status", "reason", "grade")}
    row |= {"previous": state, "current": state | {"status": "Q"}, "action": "D", "effective_dt": TODAY}
    return event(ENROLLMENT, "/spire/enrollment", row | {"enrl_request_id": "900", "actor": "batch", "source_seq": 900})


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_operations_read_a_message_that_nobody_understands_and_discard_it_with_a_reason(
    office, story, visitors, scheme
):
    """P33, case 67: an unknown code is never guessed; the page says why it waits, shows it, and lets go of it. All of it
    with the keyboard alone (WCAG 2.1.1).
    """
    told = unknown_status()
    await office.campus("POST", "/demo/events", json=[told])
    page = await visitors.page("enrollment_sync", "g.boateng", "operations", dark=SCHEMES[scheme])
    await eventually("the parked message", lambda: _lists(page, visitors, told["id"]))
    listed = await text_of(page)
    await shoot(page, f"parked-{scheme}")
    await press(page, page.get_by_role("link", name="and decide"))
    await page.wait_for_url("**/operations/parked/*")
    shown = await text_of(page)
    await shoot(page, f"parked-message-{scheme}")
    await page.set_viewport_size({"width": 320, "height": 640})

    assert await sideways(page) == 0
    assert "data.current.status" in listed
    assert '"Q"' in shown
    assert await barriers(page) == []
    async with page.expect_navigation():
        await press(page, page.get_by_role("button", name="Replay it"))
    assert "The message failed again and stays parked" in await text_of(page)
    await page.go_back()
    await type_into(page, page.get_by_label("Reason for discarding"), "The registrar sent it again.")
    await press(page, page.get_by_role("button", name="Discard it"))
    await page.wait_for_url("**said=discarded")
    assert "Nothing is parked." in await text_of(page)


async def _lists(page, visitors, event_id):
    await page.goto(f"{visitors.stack['enrollment_sync']}/operations")
    return event_id in await text_of(page)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_compliance_see_at_once_that_nobody_watches_and_when_it_is_over(story, visitors, scheme):
    """P30: the banner comes to the open board by itself, names its reason, and goes by itself."""
    page = await visitors.page("review", "e.castellano", "compliance", dark=SCHEMES[scheme])
    await page.goto(f"{visitors.stack['review']}/alerts")
    banner = page.get_by_role("alert").filter(has_text="Monitoring has been blind since")

    await eventually("the banner", lambda: _shows(visitors, banner, blind=True))
    assert WHY in await banner.inner_text()
    assert await barriers(page) == []
    await shoot(page, f"blind-{scheme}")
    await page.set_viewport_size({"width": 390, "height": 844})
    await shoot(page, f"blind-{scheme}-phone")
    await eventually("its end", lambda: _shows(visitors, banner, blind=False))


async def _shows(visitors, banner, *, blind):
    """Says what the watch would say; it says itself every minute that it sees, so that once may be too seldom."""
    said = MonitoringAlive(
        at=datetime.now(UTC),
        lag=9_000 if blind else 0,
        last_registrar_event_at=None,
        last_reconciliation_at=None,
        blind_because=(WHY,) if blind else (),
    )
    headers = headers_of(said, event_id=str(uuid4()), time=said.at, sequence=1, extra={})
    async with AIOKafkaProducer(bootstrap_servers=visitors.stack["kafka"]) as producer:
        wire = [(name, value.encode()) for name, value in headers.items()]
        await producer.send_and_wait(said.TOPIC, said.model_dump_json().encode(), said.key.encode(), headers=wire)
    try:
        await banner.wait_for(state="visible" if blind else "hidden", timeout=1000 * stretched(10))
    except NotSeen:
        return False
    return True
