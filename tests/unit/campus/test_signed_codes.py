"""Codes in mails: signed, expiring, and of no use when changed (R20)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cpt.campus.signed_codes import code_of, question_of

KEY, NOW = "k" * 32, datetime(2026, 9, 1, 14, tzinfo=UTC)
END = NOW + timedelta(days=14)
QUESTION = str(uuid4())
CODE = code_of(KEY, QUESTION, END)


def test_a_code_stands_for_its_question_until_its_end():
    assert question_of(KEY, CODE, NOW) == question_of(KEY, f" {CODE} ", END - timedelta(seconds=1)) == QUESTION
    assert question_of(KEY, CODE, END) is None


def test_a_code_that_was_changed_anywhere_stands_for_nothing():
    for place in range(len(CODE)):
        other = "A" if CODE[place] != "A" else "B"
        changed = CODE[:place] + other + CODE[place + 1 :]
        assert question_of(KEY, changed, NOW) is None or changed[:-1] == CODE[:-1]


NO_CODES = {
    "none": "",
    "short": "x",
    "cut": CODE[:-4],
    "twice": CODE + CODE,
    "other": "é" * 54,
    "signs": "=" * 54,
    "long": CODE * 9,
}


@pytest.mark.parametrize("code", NO_CODES.values(), ids=NO_CODES.keys())
def test_what_is_no_code_is_none(code):
    assert question_of(KEY, code, NOW) is None


def test_no_key_signs_nothing():
    assert question_of("", code_of("", QUESTION, END), NOW) is None
    assert question_of("other" * 8, CODE, NOW) is None
