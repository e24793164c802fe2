"""What the dashboards and rules are told of the watch over SPIRE."""

from datetime import timedelta

from prometheus_client import REGISTRY

from enrollment_sync.monitoring.measure_watch import measure_watch
from tests.component.enrollment_sync.told import submitted

value = REGISTRY.get_sample_value


async def test_a_check_that_spire_does_not_answer_grows_older_and_is_an_alarm(sync):
    """P3, P30."""
    await sync.faulty("down")
    await sync.hear(submitted())
    await sync.check()
    sync.now += timedelta(minutes=20)

    await measure_watch(sync.database, sync.now)

    assert value("cpt_checks_due") == 1
    assert value("cpt_checks_oldest_seconds") > 600
    assert value("cpt_alarms_open", {"code": "spire_away"}) == 1
    assert value("cpt_registrar_silence_seconds") >= 0
