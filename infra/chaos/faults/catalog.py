"""Every fault there is, and the order in which a seed brings them."""

import random
from collections.abc import Iterator, Sequence

from infra.chaos.faults.campus import campus_faults
from infra.chaos.faults.disk import disk_faults
from infra.chaos.faults.messages import message_faults
from infra.chaos.faults.network import network_faults
from infra.chaos.faults.processes import process_faults
from infra.chaos.faults.replicas import replica_faults
from infra.chaos.faults.servers import server_faults
from infra.chaos.faults.world import Fault


def catalog() -> list[Fault]:
    return [
        *process_faults(),
        *replica_faults(),
        *server_faults(),
        *network_faults(),
        *campus_faults(),
        *message_faults(),
        *disk_faults(),
    ]


SMOKE = (
    ("kill", "review-worker"),
    ("crash_before_commit", "intake-web"),
    ("spire_wrong", "spire"),
    ("crash_produced", "intake-worker"),
    ("malformed_events", "campus topics"),
    ("smtp_cut", "smtp"),
    ("backends_terminated", "postgres"),
    ("crash_before_offset_commit", "enrollment-sync-worker"),
    ("crash_after_end_of_data", "notifier-worker"),
    ("disk_full", "document store"),
    ("terminate", "review-web"),
    ("freeze", "intake-worker"),
)
"""One of each family, for the run inside `make test`."""


def smoke() -> Iterator[Fault]:
    return named([f"{kind} {target}" for kind, target in SMOKE])


def named(names: Sequence[str]) -> Iterator[Fault]:
    """`kind target`, again and again in this order."""
    known = {f"{fault.kind} {fault.target}": fault for fault in catalog()}
    while True:
        yield from (known[name] for name in names)


def schedule(chance: random.Random) -> Iterator[Fault]:
    """Kind after kind in random order, each time at a random target, so that a short run meets many kinds."""
    by_kind: dict[str, list[Fault]] = {}
    for fault in catalog():
        by_kind.setdefault(fault.kind, []).append(fault)
    while True:
        kinds = sorted(by_kind)
        chance.shuffle(kinds)
        for kind in kinds:
            yield chance.choice(by_kind[kind])
