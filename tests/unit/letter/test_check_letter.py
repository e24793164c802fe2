from dataclasses import replace
from decimal import Decimal

import pytest

from intake.letter import FACTS, Address, LetterText, Line, Outcome, Page, TypedFacts, check_letter
from tests.letters.factory import form, typed
from tests.letters.prose import PROSE

LETTER, STATED = PROSE["school"]


def report(*pages, **changed):
    return check_letter(LetterText.of(*(pages or (LETTER,))), replace(STATED, **changed))


def codes(flags):
    return [flag.code for flag in flags]


def test_seven_things_wrong_get_one_reply_with_all_seven():
    """R4–R11, case 33"""
    letter = "Baystate Robotics Inc.\n12 Main St\nSpringfield, MA 01103\n" + "\n" * 9 + "We want you."

    found = check_letter(LetterText.of(letter), typed(form())).missing

    assert [item.code for item in found] == [
        "letter.job_title",
        "letter.duties",
        "letter.hours_per_week",
        "letter.start_date",
        "letter.end_date",
        "letter.location",
        "letter.compensation",
    ]
    assert {item.who_can_fix for item in found} == {"your employer"}
    assert {item.where for item in found} == {"the offer letter"}
    assert all(item.message.endswith(".") for item in found)


def test_every_fact_has_an_outcome():
    assert report().facts(Outcome.FOUND) == list(FACTS)


def test_what_was_not_typed_is_not_compared():
    nothing = check_letter(LetterText.of(LETTER), TypedFacts())

    assert nothing.facts(Outcome.NOT_TYPED) == list(FACTS)
    assert nothing.missing == ()


def test_a_letter_without_text_is_for_the_adviser():
    empty = check_letter(LetterText((Page((), picture=True),)), STATED)

    assert empty.missing == ()
    assert empty.facts(Outcome.UNVERIFIABLE) == list(FACTS)
    assert codes(empty.flags) == ["letter_is_scan"]


def test_letters_whose_signs_mean_nothing_are_for_the_adviser():
    """A font without a map to letters yields text that no person wrote."""
    garbled = check_letter(LetterText.of("\ue001\ue002 $%& )(*& KJHXQ ZZPLQ " * 20), STATED)

    assert garbled.missing == ()
    assert codes(garbled.flags) == ["letter_is_scan"]


def test_letters_that_are_mapped_to_wrong_ones_are_for_the_adviser():
    """Numbers of glyphs taken for letters, as many fonts number them."""
    shifted = "".join(chr(ord(sign) - 29) if sign.isalnum() else sign for sign in LETTER)

    assert codes(check_letter(LetterText.of(shifted), STATED).flags) == ["letter_is_scan"]


@pytest.mark.parametrize(
    "words", ["Lorem ipsum dolor sit amet, consectetur adipiscing elit", "page 1", "Test", "Angebot"]
)
def test_a_file_of_other_words_lacks_every_fact(words):
    """R11: it can be read, and none of the facts stands in it."""
    assert check_letter(LetterText.of(words), STATED).facts(Outcome.MISSING) == list(FACTS)


def test_a_page_that_is_a_picture_may_hold_what_the_text_lacks():
    without_pay = LetterText.of(LETTER.replace("$16 an hour", "well")).pages[0].lines

    mixed = check_letter(LetterText((Page(without_pay), Page((Line("Scanned", 0.9),), picture=True))), STATED)

    assert mixed.facts(Outcome.UNVERIFIABLE) == ["compensation"]
    assert mixed.missing == ()
    assert codes(mixed.flags) == ["letter_is_scan"]


def test_exactly_twenty_hours_are_flagged():
    """A14"""
    letter = LETTER.replace("ten hours", "twenty hours")

    assert codes(report(letter, hours_per_week=Decimal(20)).flags) == ["hours_exactly_twenty"]
    assert codes(report().flags) == []


@pytest.mark.parametrize("written", ["15-25 hours", "15 to 25 hours", "up to 25 hours", "fifteen to twenty-five hours"])
def test_a_range_of_hours_counts_by_its_maximum_and_is_flagged(written):
    """A14, case 31"""
    letter = LETTER.replace("ten hours", written)

    accepted = report(letter, hours_per_week=Decimal(25))

    assert accepted.missing == ()
    assert codes(accepted.flags) == ["hours_range"]
    assert report(letter, hours_per_week=Decimal(20)).facts(Outcome.MISSING) == ["hours_per_week"]


def test_a_number_within_the_range_is_for_the_student_to_correct():
    found = report(LETTER.replace("ten hours", "15-25 hours"), hours_per_week=Decimal(20)).missing[0]

    assert found.who_can_fix == "you"
    assert "25" in found.message


def test_an_inexact_date_is_named_so():
    """Case 30"""
    letter = LETTER.replace("on the 25th of January, 2027", "on or about January 25, 2027")

    found = report(letter).missing

    assert [item.code for item in found] == ["letter.start_date"]
    assert "approximate" in found[0].message


def test_a_sentence_that_runs_over_the_page_is_read_as_one():
    halves = LETTER.replace("25th of January", "25th of\f January").split("\f")
    pages = [
        f"Pioneer Valley Early Learning Center\n{half}\n\n\nConfidential - page {n}" for n, half in enumerate(halves)
    ]

    assert report(*pages).missing == ()


def test_a_table_written_column_by_column_is_read_by_its_rows():
    head = (Line("Baystate Robotics", 0.1), Line("We offer you a job as", 0.12))
    column_by_column = (
        Line("Hours per week", 0.500, 0.1),
        Line("Start date", 0.530, 0.1),
        Line("20", 0.501, 0.5),
        Line("September 14, 2026", 0.531, 0.5),
    )
    facts = TypedFacts(employer="Baystate Robotics", hours_per_week=Decimal(20))

    assert check_letter(LetterText((Page(head + column_by_column),)), facts).missing == ()


def test_a_domestic_region_is_needed_also_where_the_country_is_left_open():
    address = Address("51 Prospect Ave.", "Northampton", "VT", "01060", country="")

    assert report(work_locations=(address,)).facts(Outcome.MISSING) == ["location"]


def test_an_enormous_letter_is_read_in_bounded_time():
    """The reader hands over at most 60,000 characters, hostile ones included."""
    for hostile in (
        "twenty ",
        "1 - ",
        "on or about the the ",
        "$1,1",
        "a-\n",
        "September 1 ",
        "hours per week ",
        "12 Main ",
    ):
        check_letter(LetterText.of(hostile * (60_000 // len(hostile))), typed(form()))


def test_what_only_a_small_picture_can_state_is_named_to_the_adviser():
    """R10, R11"""
    text = LetterText.of("Acme Corp\nDear Li,\nwe offer you the position of Intern.\nSincerely")
    shown = LetterText((replace(text.pages[0], zones=((0.4, 0.5),)),))
    facts = TypedFacts(compensation="$24 per hour", employer="Acme Corp")

    report = check_letter(shown, facts)

    assert report.facts(Outcome.UNVERIFIABLE) == ["compensation"]
    assert [flag.message for flag in report.flags if flag.code == "letter_is_scan"] == [
        "Only a picture in the letter can state these; read them: compensation."
    ]
    assert check_letter(text, facts).facts(Outcome.MISSING) == ["compensation"]


def test_a_letter_that_was_read_in_part_says_so_and_is_no_picture():
    """R11"""
    text = LetterText.of("Acme Corp\nDear Li,\nwe offer you the position of Intern.\nSincerely")
    report = check_letter(LetterText((replace(text.pages[0], unread=True),)), TypedFacts(compensation="$24 per hour"))

    assert report.facts(Outcome.UNVERIFIABLE) == ["compensation"]
    assert codes(report.flags) == ["letter_read_in_part"]


def test_what_only_a_picture_states_is_found_and_the_adviser_compares_it():
    """R10, R11"""
    text = LetterText.of("Acme Corp\nDear Li,\nwe offer you the position of Intern.\nYou are paid $24 per hour.")
    *rest, pay = text.pages[0].lines
    read = LetterText((Page((*rest, replace(pay, seen=True))),))
    facts = TypedFacts(compensation="$24 per hour", job_title="Intern")

    report = check_letter(read, facts)

    assert report.facts(Outcome.FOUND) == ["job_title", "compensation"]
    assert [flag.message for flag in report.flags] == [
        "Read by machine from a picture in the letter; compare these: compensation."
    ]


def test_a_picture_that_was_read_excuses_only_what_it_speaks_of():
    """R6, R10, R11: a machine may misread an amount, and reads no amount where none is."""
    text = LetterText.of("Acme Corp\nDear Li,\nwe offer you the position of Intern.\nYou are paid $2A per hour.")
    *rest, pay = text.pages[0].lines
    facts = TypedFacts(compensation="$24 per hour", duties="Calibrate sensors, write reports")

    report = check_letter(LetterText((Page((*rest, replace(pay, seen=True))),)), facts)

    assert report.facts(Outcome.UNVERIFIABLE) == ["compensation"]
    assert report.facts(Outcome.MISSING) == ["duties"]


def test_what_is_missing_is_named_with_what_stands_there_instead():
    """R5, R9, R11"""
    letter = "Acme Corp\nDear Li,\nyou will clean registries.\nYour office is at 12 Elm Street, Salem, MA 01970."
    place = Address("9 Mill Street", "Lowell", "MA", "01850")
    facts = TypedFacts(duties="Calibrate sensors, clean registries, weld hulls", work_locations=(place,))

    said = {finding.fact: finding.message for finding in check_letter(LetterText.of(letter), facts).missing}

    assert said["location"].endswith("It leads to another place: “Your office is at 12 Elm Street, Salem, MA 01970.”")
    assert said["duties"].endswith("Not found are, among others: calibrate, sensors, weld, hulls.")
