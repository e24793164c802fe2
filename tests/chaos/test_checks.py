"""The checker sees a broken promise: each check against made-up evidence that holds, and once with one thing wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from infra.chaos.check.alerts import one_alert_each
from infra.chaos.check.effects import all_accounted, once
from infra.chaos.check.enrollment import stored_is_the_fold
from infra.chaos.check.evidence import Evidence, Published
from infra.chaos.check.gather import TABLES
from infra.chaos.check.line import in_order
from infra.chaos.check.mails import one_approval_each
from infra.chaos.check.publishing import all_and_nothing_else
from infra.chaos.check.states import only_drawn
from infra.chaos.check.submissions import exists_once, same_key_same_answer
from infra.chaos.player.campus_events import COURSE, LECTURE, OTHER_COURSE

NOW = datetime(2026, 9, 8, 14, tzinfo=UTC)
FORM = {"employer": "Baystate Robotics Inc."}


def evidence(log=(), records=(), ends=None, mails=(), **tables):
    """`tables` are named `schema__table`; all others are empty."""
    empty = {(schema, table): [] for schema, names in TABLES.items() for table in names}
    given = {tuple(name.split("__")): rows for name, rows in tables.items()}
    return Evidence(list(log), list(records), ends or {}, empty | given, list(mails), Path())


def submitted(n, key="k", body=FORM, status=201, digest="d", **more):
    sent = {"n": n, "kind": "sent", "act": "submit", "who": "30010001", "key": key, "body": body}
    told = {"status": status, "digest": digest, "request_id": "r1"} | more
    return [sent, sent | {"n": n + 1, "kind": "answered", "of": n} | told]


STORED = {"request_id": "r1", "emplid": "30010001", "application": FORM, "phase": "complete", "facts_told": 0}


@pytest.mark.parametrize(
    ("rows", "found"), [([STORED], 0), ([], 1), ([STORED, STORED | {"request_id": "r2"}], 1)], ids=["1", "0", "2"]
)
def test_an_acknowledged_submission_exists_exactly_once(rows, found):
    """Promise 1."""
    assert len(list(exists_once(evidence(submitted(1), intake__request=rows)))) == found


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({}, 0),
        ({"digest": "other"}, 1),
        ({"body": {"employer": "B"}}, 1),
        ({"body": {"employer": "B"}, "status": 409}, 0),
    ],
    ids=["same", "other answer", "other body taken", "other body refused"],
)
def test_the_same_key_gets_the_same_answer(second, found):
    """Promise 2 (case 43)."""
    assert len(list(same_key_same_answer(evidence([*submitted(1), *submitted(3, **second)])))) == found


def logged(entry, number, before, after, actor=None, at=NOW, cause="x"):
    named = {"entry": entry, "receipt_number": number, "request_id": f"r{number}", "cause": cause, "actor": actor}
    return named | {"from_state": before, "to_state": after, "hold_until": NOW + timedelta(minutes=1), "at": at}


WAITING = [logged(1, 1, None, "waiting"), logged(2, 2, None, "waiting")]


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ([*WAITING, logged(3, 2, "waiting", "assigned", "a")], "2 was assigned while 1 was waiting"),
        ([*WAITING, logged(3, 1, "waiting", "assigned", "a"), logged(4, 1, "assigned", "assigned", "b")], "twice"),
        (
            [logged(1, 1, None, "pending"), logged(2, 2, None, "waiting"), logged(3, 2, "waiting", "assigned")],
            "pending",
        ),
    ],
)
def test_an_adviser_who_passes_somebody_by_is_seen(log, words):
    """Promise 3, P11, P14."""
    assert any(words in line for line in in_order(evidence(review__line_log=log)))


def test_who_gave_a_number_back_may_take_the_next_one():
    """P12: a logged recusal is no skipping."""
    log = [
        *(*WAITING, logged(3, 1, "waiting", "assigned", "a")),
        logged(4, 1, "assigned", "waiting", "a", cause="give_back"),
        logged(5, 2, "waiting", "assigned", "a"),
    ]

    assert not [line for line in in_order(evidence(review__line_log=log)) if "while" in line or "twice" in line]


def test_a_gap_in_the_numbers_is_seen():
    """Promise 3, P9."""
    drawn = [{"number": 1, "request_id": "r1"}, {"number": 3, "request_id": "r3"}]

    assert any("[2] were never drawn" in line for line in in_order(evidence(intake__receipt_number=drawn)))


def test_a_row_that_follows_arrival_instead_of_source_order_is_seen():
    """Promise 4, P17."""
    row = {"emplid": "3", "class_nbr": "1", "status": "E", "reason": "ENRL", "units": "1.00", "source_seq": 2}
    log = [{"n": 1, "kind": "sent", "act": "rows", "body": [row, row | {"source_seq": 1, "status": "D"}]}]
    log += [{"n": 2, "kind": "answered", "act": "rows", "of": 1, "status": 200}]
    kept = row | {"units": Decimal(1)}
    watch = [{"emplid": "3", "state": "open"}]

    def violations(stored):
        tables = {"enrollment_sync__watch": watch, "enrollment_sync__enrollment_row": [stored]}
        return list(stored_is_the_fold(evidence(log, **tables)))

    assert violations(kept) == []
    assert len(violations(kept | {"status": "D", "source_seq": 1})) == 1
    del log[1]
    assert violations(kept | {"status": "D", "source_seq": 1}) == []  # nobody answered: perhaps it was never told


EMPLID = "30010001"


def told(n, act, *changes):
    """One message of the registrar: which classes are dropped (D) and added (E), in the order of `n`."""
    items = []
    for seq, (class_nbr, action) in enumerate(changes, 10 * n):
        current = {"status": action, "reason": "ENRL", "units": "1.00"}
        about = {"emplid": EMPLID, "class_nbr": class_nbr, "source_seq": seq, "enrl_request_id": act}
        data = about | {"action": action, "current": current}
        items.append({"specversion": "1.0", "type": "edu.umass.spire.enrollment-changed.v1", "data": data})
    return {"n": n, "kind": "sent", "act": "events", "who": "registrar", "subject": EMPLID, "body": items}


def alert(number=1, class_nbr=COURSE, **fields):
    loss = {"emplid": EMPLID, "class_nbr": class_nbr}
    given = {"alert_id": f"a{number}", "kind": "loss", "state": "suspected", "confirmed_at": None, "loss": loss}
    return given | fields


THERE = told(1, "1", (COURSE, "E"))
DROPPED = told(2, "2", (COURSE, "D"))
CLOSED = {"state": "closed"}


@pytest.mark.parametrize(
    ("log", "alerts", "words"),
    [
        ([THERE, DROPPED], [alert()], None),
        ([THERE, DROPPED], [], "has 0 alerts"),
        ([THERE, DROPPED], [alert(), alert(2, **CLOSED)], "dropped 1 times and has 2 alerts"),
        ([THERE, told(2, "2", (LECTURE, "D"))], [], None),
        ([THERE, told(2, "2", (LECTURE, "D"))], [alert(class_nbr=LECTURE)], "is enrolled and has the alert"),
        ([THERE, told(2, "2", (LECTURE, "D")), DROPPED], [alert(class_nbr=LECTURE)], "not about the named course"),
        ([THERE, told(2, "2", (COURSE, "D"), (OTHER_COURSE, "E"))], [], None),
        ([THERE, told(2, "2", (COURSE, "D"), (OTHER_COURSE, "E"))], [alert()], "is enrolled and has the alert"),
        ([THERE, DROPPED, told(3, "3", (COURSE, "E"))], [alert(**CLOSED)], None),
        ([THERE, DROPPED], [alert(state="confirmed", confirmed_at=NOW)], "was told 0 times"),
    ],
)
def test_a_loss_of_the_named_course_without_its_one_alert_or_an_alert_without_cause_is_seen(log, alerts, words):
    """Promise 5, A23, A24, P25: another course dropped deserves none, nor does another section in the same act."""
    tables = {
        "intake__request": [{"request_id": "r1", "emplid": EMPLID}],
        "review__authorization_issued": [{"request_id": "r1"}],
        "review__alert": alerts,
    }
    found = list(one_alert_each(evidence(log, **tables)))

    assert found == [] if words is None else any(words in line for line in found)


def test_a_state_that_is_not_drawn_is_seen():
    """Promise 7."""
    assert any(
        "from void to waiting" in line
        for line in only_drawn(evidence(review__line_log=[logged(1, 1, "void", "waiting")]))
    )


def record(offset, identity, sequence):
    return Published("cpt.intake", 0, offset, "r1", {"ce_id": identity, "ce_sequence": str(sequence)}, None)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([record(0, "a", 1), record(1, "a", 1), record(2, "b", 2)], 0),
        ([record(0, "a", 1), record(1, "b", 2), record(2, "a", 1)], 1),
        ([record(0, "b", 2), record(1, "a", 1)], 1),
    ],
    ids=["a copy at once", "a late copy", "disorder"],
)
def test_order_per_key_and_late_copies_are_seen(records, found):
    """Promise 8, P32."""
    assert len(list(all_and_nothing_else(evidence(records=records)))) == found


def test_what_stays_in_the_outbox_is_seen():
    """Promise 8."""
    assert len(list(all_and_nothing_else(evidence(review__outbox=[{"event_id": "e"}])))) == 1


PROGRESS = {"consumer": "review", "topic": "t", "partition": 0, "reached": 3, "processed": 2, "parked": 0, "ignored": 1}
COUNTED = PROGRESS | {"duplicates": 1}


@pytest.mark.parametrize(
    ("row", "end", "found"),
    [(COUNTED, 4, 0), (COUNTED | {"ignored": 0}, 4, 1), (COUNTED, 5, 1)],
    ids=["all", "lost", "unread"],
)
def test_a_record_that_nobody_accounts_for_is_seen(row, end, found):
    """Promise 12, P35."""
    assert len(list(all_accounted(evidence(ends={("t", 0): end}, review__progress=[row])))) == found


@pytest.mark.parametrize(
    ("error_class", "found"), [("InvalidMessage", 0), ("Waiting", 0), ("ReadOnlySQLTransactionError", 1)]
)
def test_a_readable_message_that_waits_for_a_person_is_seen(error_class, found):
    """Promise 12, P33: what passes by itself is no reason to ask for a hand."""
    row = {"topic": "t", "partition": 0, "error_class": error_class}
    counted = COUNTED | {"duplicates": 0, "parked": 1}

    assert len(list(all_accounted(evidence(review__parked=[row], review__progress=[counted])))) == found


def test_an_event_that_was_handled_without_a_claim_is_seen():
    """Promise 9, P31."""
    claimed = [{"consumer": "review"}] * 2
    seen = evidence(review__progress=[COUNTED], review__inbox=claimed)

    assert list(once(seen)) == []
    assert len(list(once(replace(seen, tables={**seen.tables, ("review", "inbox"): claimed[:1]})))) == 1


NOTICE = {"id": "n", "message_id": "<m>", "kind": "delay", "subject_id": "r1", "authorization_version": None}
MAIL = {"message_id": "<m>", "to": "ana@umass.example", "kind": "delay", "sha256": "1"}


@pytest.mark.parametrize(
    ("mails", "unknown", "found"),
    [([MAIL], 0, 0), ([MAIL] * 2, 0, 1), ([MAIL] * 2, 1, 0), ([MAIL, MAIL | {"sha256": "2"}], 1, 1)],
    ids=["one", "two without a reason", "two after an unknown outcome", "two that differ"],
)
def test_copies_of_a_mail_need_an_unknown_outcome_and_the_same_bytes(mails, unknown, found):
    """Promise 10."""
    notice = NOTICE | {"unknown_outcomes": unknown}

    assert len(list(one_approval_each(evidence(mails=mails, notifier__notice=[notice])))) == found


def test_an_approval_without_an_i20_is_seen():
    """Promise 10 (case 61)."""
    early = NOTICE | {"kind": "approved", "unknown_outcomes": 0, "authorization_version": 1}

    assert len(list(one_approval_each(evidence(mails=[MAIL | {"kind": "approved"}], notifier__notice=[early])))) == 1
