"""What the log between the services must look like at the end (promises 8 and 9)."""

from tests.interleavings.world import SERVICES


async def broken_order(world) -> list[str]:
    return [*_versions(world), *[line async for line in _claims(world)]]


def _versions(world):
    """The first copies of what one aggregate tells rise."""
    for (topic, key), lane in world.lanes.items():
        reached, seen = -1, set()
        for record in lane.records:
            if topic.startswith("campus.") or record.headers["ce_id"] in seen:
                continue
            seen.add(record.headers["ce_id"])
            version = int(record.headers["ce_sequence"])
            if version <= reached:
                yield f"{record.headers['ce_type']} of {key} with version {version} follows {reached}"
            reached = max(reached, version)


async def overtaken(world) -> list[str]:
    """P33: while a message waits for a person, none that follows it under its key has been handled."""
    broken = []
    for service in SERVICES:
        parked = await world.rows(
            service, "SELECT topic, key, min(kafka_offset) AS at FROM parked WHERE state = 'parked' GROUP BY 1, 2"
        )
        claimed = {row["event_id"] for row in await world.rows(service, "SELECT event_id FROM inbox")}
        for row in parked:
            later = world.lanes[row["topic"], row["key"]].records[row["at"] + 1 :]
            if ahead := [record.headers["ce_id"] for record in later if record.headers["ce_id"] in claimed]:
                broken.append(f"{service} handled {len(ahead)} messages of {row['key']} that follow a parked one")
    return broken


async def _claims(world):
    """Promises 9 and 12: whatever was processed was claimed, and each record is one of the four.

    One that was ignored when it first came may be of somebody known when it comes again: claimed, counted as redelivered;
    and what a person decided is claimed, counted as parked.
    """
    for service in SERVICES:
        rows = await world.rows(service, "SELECT * FROM progress")
        (claimed,) = await world.rows(service, "SELECT count(*) AS n FROM inbox")
        processed, again = (sum(row[name] for row in rows) for name in ("processed", "redelivered"))
        (decided,) = await world.rows(service, "SELECT count(*) AS n FROM parked WHERE state <> 'parked'")
        if not processed <= claimed["n"] <= processed + again + decided["n"]:
            yield f"{service} processed {processed} events and claimed {claimed['n']}"
        counted = {(row["topic"], row["partition"]): row for row in rows}
        for (topic, key), lane in world.lanes.items():
            read, row = lane.read.get(service, 0), counted.get((topic, lane.number))
            told = sum(row[fate] for fate in ("processed", "parked", "ignored", "duplicates")) if row else 0
            if told != read:
                yield f"{service} accounts for {told} of {read} records of {topic} {key}"
