"""What the dashboards and rules are told of the notices."""

from prometheus_client import REGISTRY

from notifier.measure_notices import measure_notices
from tests.unit.notifier.events import issued

value = REGISTRY.get_sample_value
SENT = {"kind": "approved", "outcome": "accepted"}


async def test_a_notice_that_does_not_leave_grows_older_until_it_does(notifier, mail_server):
    """Case 62: counted by outcome, and the approval's whole way is measured."""
    mail_server.rcpt["*"] = "451 4.3.0 later"
    before = value("cpt_notice_attempts_total", SENT) or 0
    slow = value("cpt_notice_seconds_count", {"kind": "approved"}) or 0
    await notifier.hear(issued())
    await notifier.send()
    notifier.pass_time(minutes=1)

    await measure_notices(notifier.database, notifier.now)
    assert (value("cpt_notices", {"state": "due"}), value("cpt_notice_oldest_seconds")) == (1, 60)

    mail_server.rcpt.clear()
    await notifier.send()
    await measure_notices(notifier.database, notifier.now)
    assert (value("cpt_notices", {"state": "due"}), value("cpt_notice_oldest_seconds")) == (0, 0)
    assert value("cpt_notice_attempts_total", SENT) - before == 1
    assert value("cpt_notice_attempts_total", {"kind": "approved", "outcome": "deferred"}) >= 1
    assert value("cpt_notice_seconds_count", {"kind": "approved"}) - slow == 1
