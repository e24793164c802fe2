"""Each code of the history has its sentence, worded when it is shown."""

import pytest

from intake.domain.history import MAILS, known_codes, sentence

FACTS = {
    "asked": "2026-09-14", "before": "COMPSCI 698", "courses": "COMPSCI 696", "due_on": "2026-09-01", "end": "2026-12-11",
    "kind": "approved", "name": "Prof. Ann Bell", "message": "{braces} stay", "note": "done", "number": 7, "on": "2026-08-23", "place": "letter", "reference": "CPT-2026-000001",
    "reason": "Reason 1.", "start": "2026-09-21", "status": "pending_approval", "until": "2026-11-30", "what": "other",
    "words": "a_b",
}  # fmt: skip


@pytest.mark.parametrize("code", known_codes())
def test_every_code_has_a_sentence_that_leaves_nothing_open(code):
    words = sentence(code, FACTS)

    assert words[0].isupper()
    assert "{" not in words.replace("{braces}", "")


def test_a_day_is_in_words_and_what_people_typed_stays_as_it_is():
    moved = sentence("start_moved", FACTS)

    assert moved == "The start was moved from September 14, 2026 to September 21, 2026: Reason 1."
    assert sentence("warning", FACTS) == "Please confirm that you have read this warning: {braces} stay"
    assert sentence("reported", FACTS) == "You told us of a change (August 23, 2026): a_b"
    assert sentence("reported", FACTS | {"on": None, "words": ""}) == "You told us of a change"


@pytest.mark.parametrize("kind", sorted(MAILS))
def test_every_mail_to_a_student_is_said_whether_it_left_or_not(kind):
    sent, failed = (sentence(code, {"kind": kind}) for code in ("mail_sent", "mail_failed"))

    assert failed.removeprefix("We could not send you").removesuffix("; this page stays true") == sent.removeprefix(
        "We sent you"
    )
