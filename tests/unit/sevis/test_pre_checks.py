"""What SEVIS would refuse overnight is said before the file is drawn up, in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cpt.contracts.values import Address
from review.domain.sevis_fields import exact_line, sevis_address, sevis_line
from review.sevis.codes import UPLOAD, WORDS, words_for
from review.sevis.domain import Replaced, Span, Wanted, conflicts, pre_checks, upload_by
from tests.unit.sevis.samples import PLACE, USER

TODAY = date(2026, 9, 1)
START, END = date(2026, 9, 14), date(2026, 12, 11)
ADD = Wanted(
    kind="add",
    spans=(Span("1267", START, END),),
    texts={
        name: sevis_line(text)
        for name, text in (("employer", "Baystate"), ("course_relevance", "Robots"), ("remarks", ""))
    },
    address=PLACE,
    sevis_id="N0012345678",
    user_id=USER,
    program_ends=date(2027, 5, 31),
    degree_completed=False,
    places=1,
)
CANCEL = replace(ADD, kind="cancel", texts={"employer": exact_line("Baystate")}, address=None)


def spans(*days):
    return {"spans": tuple(Span("1267", first, last) for first, last in days)}


def texts(**changed):
    return {"texts": ADD.texts | {name: sevis_line(text) for name, text in changed.items()}}


@pytest.mark.parametrize("wanted", [ADD, CANCEL])
def test_what_fits_is_found_fit(wanted):
    assert pre_checks(wanted, TODAY) == []


@pytest.mark.parametrize(
    ("number", "code", "blocks", "fields"),
    [
        ("SB1", "bad_sevis_id", True, {"sevis_id": "N12"}),
        ("SB1", "bad_sevis_id", True, {"sevis_id": "N００１２３４５６７８"}),
        ("SB1", "nothing_to_send", True, {"spans": ()}),
        ("SB1", "no_employer", True, texts(employer="  ")),
        ("SB1", "too_long", True, texts(employer="x" * 101)),
        ("SB1", "too_long", True, texts(course_relevance="x" * 251)),
        ("SB1", "too_long", True, texts(remarks="x" * 251)),
        ("SB2", "end_before_start", True, spans((END, START))),
        ("SB2", "one_day", False, spans((START, START))),
        ("SB3", "after_program_end", True, {"program_ends": END - timedelta(days=1)}),
        ("SB3", "program_end_unknown", False, {"program_ends": None}),
        ("SB4", "too_late", True, spans((TODAY, END))),
        ("SB4", "too_late", True, spans((TODAY - timedelta(days=1), END))),
        ("SB4", "short_notice", False, spans((TODAY + timedelta(days=1), END))),
        ("SB5", "concurrent", False, {"others": ((END, END),)}),
        ("SB8", "no_sevis_id", True, {"sevis_id": None}),
        ("SB8", "no_user_id", True, {"user_id": None}),
        ("SB8", "degree_completed", False, {"degree_completed": True}),
        ("SB9", "no_address", True, {"address": None}),
        ("SB9", "several_places", False, {"places": 2}),
        ("SB10", "not_ascii", True, texts(employer="株式会社")),
        ("SB10", "transliterated", False, texts(employer="Café Łódź")),
        ("SB11", "cancel_first", True, {"standing": ((START, END),)}),
        ("SB11", "cancel_under_way", True, {"open_of_student": frozenset({"cancel"})}),
        ("SB13", "unanswered", True, {"open_days": ((END, END),)}),
        ("SB15", "cancel_earlier_first", True, {"replaced": Replaced("CPT-1", begun=False, until=None, held=True)}),
        ("SB15", "cancel_earlier_first", False, {"replaced": Replaced("CPT-1", begun=False, until=None, held=False)}),
        ("SB15", "end_earlier_first", False, {"replaced": Replaced("CPT-1", begun=True, until=START, held=True)}),
        ("SB14", "long", False, spans((START, START + timedelta(days=364)))),
    ],
)  # fmt: skip
def test_each_pre_check_of_an_addition_says_what_to_do(number, code, blocks, fields):
    """What blocks never enters a file; the rest is for the DSO to decide."""
    given = {"program_ends": date(2028, 5, 31)} if code == "long" else {}
    found = [check for check in pre_checks(replace(ADD, **(given | fields)), TODAY) if check.code == code]

    assert [(check.number, check.blocks) for check in found] == [(number, blocks)]


def test_the_days_of_several_entries_are_not_added_up():
    """SB14: the limit that some schools report is one of an entry."""
    year = timedelta(days=300)
    two = Span("1271", END + timedelta(days=1), END + year)
    found = pre_checks(replace(ADD, program_ends=date(2029, 5, 31), spans=(*ADD.spans, two)), TODAY)

    assert "long" not in {check.code for check in found}


def test_a_file_is_in_time_the_day_before_its_first_start_and_two_days_before_a_cancellation():
    """SB4, SB6: SEVIS processes it overnight."""
    day = timedelta(days=1)

    assert upload_by([("add", START + day), ("add", START)]) == START - day
    assert upload_by([("add", START + day), ("cancel", START + 2 * day), ("cancel", START + day)]) == START - day


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (START - timedelta(days=2), None),
        (START - timedelta(days=1), "cancel_too_late"),
        (START, "started"),
        (END, "started"),
        (END + timedelta(days=1), "ended"),
    ],
)
def test_a_cancellation_is_possible_until_two_days_before_the_start(today, code):
    """SB6, SB7: X11 and X12 with the night that a batch takes."""
    assert [check.code for check in pre_checks(CANCEL, today)] == ([code] if code else [])


def test_the_blocking_findings_come_first_and_all_at_once():
    found = pre_checks(replace(ADD, sevis_id=None, user_id=None, program_ends=None, **spans((END, START))), TODAY)

    assert [check.blocks for check in found] == sorted((check.blocks for check in found), reverse=True)
    assert {"no_sevis_id", "no_user_id", "end_before_start", "program_end_unknown"} <= {check.code for check in found}


def test_one_file_never_cancels_and_adds_for_one_student():
    """SB11: in which order SEVIS takes the records of a file is not known."""
    assert conflicts([("N1", "add"), ("N1", "cancel"), ("N2", "add"), ("N2", "add"), ("N3", "cancel")]) == {"N1"}


@pytest.mark.parametrize(
    ("text", "sent", "unsendable"),
    [
        ("Plain Inc.", "Plain Inc.", ""),
        (" two\n lines ", "two lines", ""),
        ("Müller & Söhne “Ä” – ok", 'Muller & Sohne "A" - ok', ""),
        ("Straße Øre Łódź", "Strasse Ore Lodz", ""),
        ("Tab\x07le", "Tab\x07le", "\x07"),
        ("株 Inc.", "株 Inc.", "株"),
        ("emoji 🙂", "emoji 🙂", "🙂"),
    ],
)
def test_texts_are_sent_in_plain_letters_or_named(text, sent, unsendable):
    """SB10: accents fall away; nothing is guessed at."""
    line = sevis_line(text)

    assert (line.text, line.unsendable) == (sent, unsendable)


LONG = "100 " + "Very Long Street Name " * 4


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, ("12 Main St", "", "01103", "")),
        ({"postal_code": "01103-1234"}, ("12 Main St", "", "01103", "1234")),
        ({"postal_code": "011031234"}, ("12 Main St", "", "01103", "1234")),
        ({"street": LONG}, ("100 Very Long Street Name Very Long Street Name Very Long", "Street Name Very Long Street Name", "01103", "")),
        ({"region": " ma "}, ("12 Main St", "", "01103", "")),
        ({"country": "United States"}, ("12 Main St", "", "01103", "")),
    ],
)  # fmt: skip
def test_the_work_place_is_written_as_sevis_takes_it(fields, lines):
    address, faults = sevis_address(_place(**fields))

    assert faults == ()
    assert (address.address1, address.address2, address.postal_code, address.routing_code) == lines


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"street": ""}, "missing"),
        ({"city": " "}, "missing"),
        ({"street": "x" * 121}, "too_long"),
        ({"street": "x" * 59 + " " + "y" * 61}, "too_long"),
        ({"city": "x" * 61}, "too_long"),
        ({"street": "PO Box 12"}, "po_box"),
        ({"street": "P.O. Box 12"}, "po_box"),
        ({"street": "Post Office Box 12"}, "po_box"),
        ({"country": "DE"}, "abroad"),
        ({"country": "Canada"}, "abroad"),
        ({"region": "Massachusetts"}, "unknown_state"),
        ({"region": "XX"}, "unknown_state"),
        ({"region": "AE"}, "unknown_state"),
        ({"region": ""}, "unknown_state"),
        ({"postal_code": ""}, "no_zip"),
        ({"postal_code": "1103"}, "no_zip"),
        ({"postal_code": "01103-12"}, "no_zip"),
        ({"postal_code": "０１１０３"}, "no_zip"),
        ({"city": "東京"}, "not_ascii"),
    ],
)
def test_a_place_that_sevis_cannot_take_says_why(fields, code):
    """SB9, A29: never a post office box, never abroad, never a guess."""
    address, faults = sevis_address(_place(**fields))

    assert address is None
    assert code in {fault.code for fault in faults}


def _place(**fields):
    return Address(**(dict(street="12 Main St", city="Springfield", region="MA", postal_code="01103") | fields))


def test_a_code_outside_of_our_list_has_no_words_of_ours():
    """No closed list: SEVIS has codes that nobody could read."""
    assert words_for("S7777") is None
    assert words_for(None) is None
    assert UPLOAD.keys() <= WORDS.keys()
