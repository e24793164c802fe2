"""The second way for campus events: CloudEvents over HTTP, as a system without a Kafka client sends them."""

from itertools import groupby
from typing import Any

import httpx2

from infra.campus.campus import Campus
from infra.campus.emitter import NotConnectedError
from infra.campus.records import AGREEMENT_TOPIC, ENROLLMENT_TOPIC, CloudEvent, topic_of

RECEIVERS = {ENROLLMENT_TOPIC: ("enrollment_sync", "registrar"), AGREEMENT_TOPIC: ("intake", "handshake")}
MEDIA_TYPE = "application/cloudevents-batch+json"


async def send_over_http(campus: Campus, events: list[CloudEvent]) -> list[dict[str, Any]]:
    """Post the events in the order given, a batch for each run of one system's. Raises NoTopicError (nothing sent)
    and NotConnectedError when a service is unknown, away or refuses.
    """
    receipts: list[dict[str, Any]] = []
    async with httpx2.AsyncClient(timeout=15) as client:
        for topic, run in [(topic, list(run)) for topic, run in groupby(events, topic_of)]:
            service, role = RECEIVERS[topic]
            await _post(client, campus, service, role, run)
            receipts += [{"id": event.get("id"), "service": service} for event in run]
    return receipts


async def _post(client: httpx2.AsyncClient, campus: Campus, service: str, role: str, run: list[CloudEvent]) -> None:
    address = campus.settings.console_links.get(service)
    if not address:
        raise NotConnectedError(f"the address of {service} is not known")
    for event in run:
        campus.follow(event)
    token = campus.signer.access_token(campus.named(role, [role]))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}
    try:
        answer = await client.post(f"{address}/campus/events", json=run, headers=headers)
    except httpx2.HTTPError as error:
        raise NotConnectedError(f"{service} does not answer ({type(error).__name__})") from error
    if not answer.is_success:
        raise NotConnectedError(f"{service} answered {answer.status_code}")
    campus.remember(run)
