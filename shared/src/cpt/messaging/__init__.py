"""Messages without loss, doubling or disorder: outbox, relay, inbox, parking (docs/architecture.md, P31–P40).

Import `Consumer` and `append` from here; the Kafka side lives in `cpt.messaging.kafka`, so that a web process
that only writes an outbox never loads a Kafka client.
"""

from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import Reject, Retry
from cpt.messaging.outbox import CampusRow, append, append_campus_event, append_campus_events

__all__ = [
    "CampusRow",
    "Consumer",
    "Reject",
    "Retry",
    "append",
    "append_campus_event",
    "append_campus_events",
]
