"""What told of a row, as it is stored and as it is asked for."""

from datetime import UTC, datetime

from enrollment_sync.provenance import PROVENANCE, Origins, Provenance

NOW = datetime(2026, 9, 20, 14, tzinfo=UTC)
EVENT = Provenance("event-1", NOW, NOW, act="7001", added=True)
STORED = Origins({("41234",): PROVENANCE.dump_json(EVENT).decode(), ("42000",): "of this nobody asks"})


def test_only_the_origin_that_somebody_asks_for_is_read():
    assert STORED[("41234",)] == EVENT


def test_what_an_event_tells_stands_beside_what_is_stored():
    told = STORED | {("42000",): EVENT}

    assert dict(told) == {("41234",): EVENT, ("42000",): EVENT}
    assert len(STORED) == len(told)
