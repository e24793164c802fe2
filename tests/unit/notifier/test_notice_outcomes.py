"""What becomes of a notice after each answer (P37, case 62)."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from cpt.postgres import PostgresSettings
from notifier.domain import RetryPolicy, ServerReply, after_attempt
from notifier.settings import NoticeSettings, NotifierSettings, SmtpSettings
from tests.unit.notifier.events import NOW

RETRIES = RetryPolicy(pauses=(5, 30, 120), days=3, unknown_limit=3)


def judged(outcome, **changes):
    given = dict(attempts=1, unknown_before=0, first_tried_at=NOW, now=NOW, retries=RETRIES, jitter=0.0)
    return after_attempt(ServerReply(outcome, "It said so."), **given | changes)


@pytest.mark.parametrize(
    ("outcome", "state"), [("accepted", "sent"), ("refused", "failed"), ("deferred", "due"), ("unknown", "due")]
)
def test_each_answer_has_its_state(outcome, state):
    assert judged(outcome).state == state


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 30), (3, 120), (9, 120)])
def test_the_pauses_grow_and_the_last_one_is_repeated(attempts, seconds):
    assert judged("deferred", attempts=attempts).due_at == NOW + timedelta(seconds=seconds)


def test_a_pause_is_stretched_by_a_fifth_at_most():
    assert judged("deferred", jitter=0.999).due_at < NOW + timedelta(seconds=6)


def test_patience_ends_some_days_after_the_first_attempt_and_not_after_the_reservation():
    late = NOW + timedelta(days=3)

    assert judged("deferred", now=late).state == "failed"
    assert judged("deferred", now=late, first_tried_at=late).state == "due"


def test_unknown_outcomes_are_bounded():
    assert judged("unknown", unknown_before=2, attempts=3).words.startswith("It may have arrived")


def test_a_lease_shorter_than_two_deliveries_is_refused():
    """P37."""
    with pytest.raises(ValidationError, match="at least twice"):
        NotifierSettings(
            postgres=PostgresSettings(dsn=SecretStr("")),
            smtp=SmtpSettings(time_limit=20),
            notifier=NoticeSettings(lease_seconds=39),
        )


def test_a_compliance_queue_that_cannot_be_written_to_is_refused_at_the_start():
    with pytest.raises(ValidationError, match="no email address"):
        NoticeSettings(compliance_address="nobody")
