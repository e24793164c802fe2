"""Reads what was told, from the beginning of enrollment-sync's own topic: for a restored database."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpt.contracts.enrollment import EnrollmentChecked, RequirementLost, RequirementRegained
from cpt.contracts.envelope import decode
from cpt.messaging.history import read_own_topic
from cpt.messaging.kafka_settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class PublishedChecks:
    """The highest number of any check, and the losses of which no requirement was met again."""

    check_no: int
    losses: Sequence[RequirementLost]


async def read_published(settings: KafkaSettings) -> PublishedChecks:
    """Our own events are readable: one that is not stops the restore."""
    check_no, losses, regained = 0, [], set()
    async for record in read_own_topic(settings, EnrollmentChecked.TOPIC):
        match decode(record.headers, record.value).event:
            case EnrollmentChecked(check_no=number):
                check_no = max(check_no, number)
            case RequirementLost() as loss:
                losses.append(loss)
            case RequirementRegained(loss_id=loss_id):
                regained.add(loss_id)
    return PublishedChecks(check_no, [loss for loss in losses if loss.loss_id not in regained])
