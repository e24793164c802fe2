"""Acts over two terms and two authorizations, acts told twice or late, and faults that operations must see."""

from datetime import date, timedelta

from cpt.contracts.enrollment import MonitoringAlive
from cpt.contracts.values import CoopContract, NamedCourse, Segment
from enrollment_sync.monitoring.send_heartbeat import HeartbeatLimits, send_heartbeat
from tests.component.enrollment_sync.told import (
    FALL,
    a_row,
    added,
    changed,
    issued,
    submitted,
)

SUMMER = Segment(strm="1265", start_date=date(2026, 8, 3), end_date=date(2026, 8, 21))
PATIENCE = HeartbeatLimits(timedelta(hours=6), timedelta(hours=1), 5000)
TWO_TERMS = dict(start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))


async def test_one_act_that_takes_two_terms_away_is_one_loss(sync):
    """P25: one loss_id for each causing act."""
    await sync.shows(a_row("11111", strm="1265"), a_row())
    await sync.hear(submitted(**TWO_TERMS))
    await sync.check()
    await sync.hear(issued(segments=(SUMMER, FALL), **TWO_TERMS))
    await sync.empty()

    await sync.hear(changed("11111", 20, strm="1265", act="77"), changed(seq=21, act="77"))

    assert len({loss.loss_id for loss in await sync.losses()}) == 1


async def test_rows_of_one_request_id_are_folded_though_another_row_lies_between(sync):
    """P24."""
    await sync.shows(a_row(), a_row("41299", component="LAB", primary_class_nbr="41234", units="0"))
    await sync.issue()

    lab = changed("41299", 21, component="LAB", primary_class_nbr="41234")
    await sync.hear(changed(seq=20, act="77"), lab, added("51111", 22, act="77"))

    assert await sync.losses() == []


async def test_an_old_drop_told_again_under_another_id_is_no_second_suspicion(sync):
    """P25, P36: the same act over Kafka and over HTTP."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(changed(seq=20))
    await sync.hear(added(seq=21))

    await sync.hear(changed(seq=20), ids=["the same act under another id"])

    assert len(await sync.losses()) == 1


async def test_an_overtaken_drop_of_two_authorizations_is_one_suspicion(sync):
    """Case 55, P25."""
    await sync.shows(a_row())
    await sync.issue("r1", "r2")

    await sync.hear(added(seq=21))
    await sync.hear(changed(seq=20))

    assert len({loss.loss_id for loss in await sync.losses()}) == 1


async def test_an_overtaken_drop_is_logged_with_its_own_evidence(sync):
    """P26, R33: what happened, not what came after it."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(added(seq=21, effective_dt="2026-09-21"))
    await sync.hear(changed(seq=20, effective_dt="2026-09-20"))

    (loss,) = await sync.losses()
    assert (loss.cause, loss.current.status, loss.effective_on) == ("dropped", "D", date(2026, 9, 20))


async def test_a_calendar_that_does_not_reach_is_an_alarm(sync):
    """Case 25."""
    await sync.shows(a_row())
    await sync.hear(submitted(start_date=date(2030, 9, 9), end_date=date(2030, 12, 1)))
    await sync.check()

    assert [answer.outcome for answer in await sync.answers()] == ["cannot_determine"]
    assert "calendar_not_loaded" in await sync.alarms()


async def test_an_unknown_code_in_a_read_is_an_alarm(sync):
    """Case 8."""
    await sync.shows(a_row(status="X"))
    await sync.hear(submitted())
    await sync.check()

    assert "code_unknown" in await sync.alarms()


async def test_a_coop_that_is_registered_in_another_term_is_carried_again(sync):
    """A13, R33: the requirement is evaluated, not the row."""
    contract = CoopContract(agreement_id="HS-1", start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))
    segment = Segment(strm="1265", start_date=contract.start_date, end_date=contract.end_date)
    row = dict(subject="UMASS", catalog_nbr=" 398C", units="0.00", acad_career="UGRD")
    await sync.shows(a_row("39801", strm="1265", **row))
    courses = tuple(NamedCourse(strm=strm, subject="UMASS", catalog_nbr="398C") for strm in ("1265", "1267"))
    asked = dict(route="coop", coop=contract, courses=courses, **TWO_TERMS)
    await sync.hear(submitted(**asked))
    await sync.check()
    await sync.hear(issued(segments=(segment,), **asked))

    await sync.hear(changed("39801", 20, strm="1265", **row))
    await sync.hear(added("39802", 21, **(row | {"units": "0.00"})))

    assert len(await sync.losses()) == 1
    assert len(await sync.regains()) == 1


async def test_a_loss_without_an_alert_is_an_alarm(sync):
    """P28: ten minutes after its window."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(changed())
    await sync.after(minutes=26)

    await send_heartbeat(sync.database, sync.now, 0, PATIENCE)

    assert "loss_without_alert" in await sync.alarms()


async def test_a_parked_message_is_an_alarm_that_is_said_at_once_and_ends_with_the_decision(sync):
    """Case 8, P30: within seconds and not at the next minute; unchanged it is said once a minute."""
    await send_heartbeat(sync.database, sync.now, 0, PATIENCE)
    async with sync.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO parked (consumer, topic, partition, kafka_offset, kafka_timestamp, headers, payload, reason,"
            " error_class, attempts)"
            " VALUES ('enrollment-sync', 'campus.enrollment', 0, 1, 0, '{}', '', 'unknown code: status X', 'Reject', 1)"
        )
    for _ in range(2):
        await sync.after(seconds=2)
        await send_heartbeat(sync.database, sync.now, 0, PATIENCE)
    await sync.rows("UPDATE parked SET state = 'discarded', decided_at = now(), decided_by = 'op'")
    await send_heartbeat(sync.database, sync.now, 0, PATIENCE)

    said = [[alarm.code for alarm in event.alarms] for event in await sync.published(MonitoringAlive)]
    assert said == [[], ["message_parked"], []]
