"""A message of Integration Broker takes effect: its rows are compared and told as those of an extract are."""

from asyncio import to_thread
from collections.abc import Callable
from datetime import datetime

from cpt.postgres import Database
from enrollment_sync.extracts.changes import change_of, is_same
from enrollment_sync.extracts.fields import FIELDS, Entry, Fault, Key
from enrollment_sync.extracts.mapping import Mapping
from enrollment_sync.extracts.read_extract import forms_of
from enrollment_sync.extracts.read_message import Told, entries_of
from enrollment_sync.extracts.store import classes_of, known_rows, lock_extracts, scopes_of
from enrollment_sync.extracts.tell_changes import tell_changes


class Faulty(Exception):
    """Some row cannot be told from another; nothing of the message was taken."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


async def receive_message(database: Database, told: list[Told], site: Mapping, clock: Callable[[], datetime]) -> int:
    """How many rows it changed; the same message again changes none. Raises Faulty."""
    async with database.transaction() as connection:
        await lock_extracts(connection, clock())  # before the time is taken: who waits came later
        now = clock()
        forms = {record: forms_of(site, record) for record in FIELDS}
        classes = await classes_of(connection, [_class_key(one) for one in told if one.record == "STDNT_ENRL"])
        read = await to_thread(lambda: list(entries_of(told, site, forms, classes)))
        if lost := [fault for entry, faults in read if entry is None for fault in faults]:
            raise Faulty(lost)
        count = 0
        for record in FIELDS:
            entries = _last([entry for entry, _ in read if entry is not None and entry.record == record])
            known = await known_rows(connection, record, [entry.key for entry in entries])
            floors = await scopes_of(connection, record) if entries else {}
            changes, gone = [], []
            for entry in entries:
                was, floor = known.get(entry.key), floors.get(entry.key.scope)
                late = entry.updated and (
                    (was and was.updated and entry.updated < was.updated)
                    or (was is None and floor and entry.updated < floor)
                )
                if late:
                    continue
                if entry.deleted:
                    gone += [entry.key] if was else []
                elif was is None or not is_same(was, entry):
                    changes.append(change_of(entry, was, now))
            if changes or gone:
                first = await lock_extracts(connection, now)
                await tell_changes(connection, record, changes, gone, first=first, taken_at=now, now=now)
                count += len(changes) + len(gone)
    return count


def _last(entries: list[Entry]) -> list[Entry]:
    """Of several rows of one key in one message the last says how it stands."""
    return list({entry.key: entry for entry in entries}.values())


def _class_key(one: Told) -> Key:
    texts = one.texts
    names = ("EMPLID", "STRM", "ACAD_CAREER", "INSTITUTION", "CLASS_NBR")
    return Key(*(texts.get(name, "").strip() for name in names))
