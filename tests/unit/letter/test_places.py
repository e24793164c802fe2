from dataclasses import replace

import pytest

from intake.letter import Outcome, check_letter
from intake.letter.address import address_words, missing_parts
from intake.letter.facts import Address, TypedFacts
from intake.letter.place import location_problem
from intake.letter.reading import Letter
from intake.letter.text import LetterText, Line, Page

MAIN_ST = Address("12 Main St", "Springfield", "MA", "01103", "US")


def missing(address, text):
    return missing_parts(address, address_words(text))


@pytest.mark.parametrize(
    "written",
    [
        "12 Main St, Springfield, MA 01103",
        "12 MAIN STREET, SPRINGFIELD MASSACHUSETTS 01103",
        "12 Main Street\nSpringfield, Mass. 01103-2210",
        "12 Main\nStreet | Spring-\nfield | MA | 01103",
        "12  Main St.,\u00a0Springfield,\u00a0M.A. 01103",
        "Twelve? 12 Main St. Suite 4, Springfield (MA) 01103 USA",
        "Street: 12 Main St City: Springfield State: MA ZIP: 01103",
    ],
)
def test_a_complete_address_is_found_in_any_usual_writing(written):
    """R3"""
    assert missing(MAIN_ST, f"Baystate Robotics, {written}, tel. 413 555 0100") == []


@pytest.mark.parametrize(
    ("written", "lacking"),
    [
        ("12 Main St, Springfield, MA", ["postal code"]),
        ("12 Main St, Springfield, MA 01104", ["postal code"]),
        ("12 Main St, Springfield 01103", ["state or region"]),
        ("12 Main St, MA 01103", ["city", "state or region"]),
        ("Springfield, MA 01103", ["street"]),
        ("112 Main St, Springfield, MA 01103", ["street"]),
        ("12 Maine St, Springfield, MA 01103", ["street"]),
        ("12 Main Stadium, Springfield, MA 01103", ["street"]),
        ("12 Main St, West Springfields, MA 01103", ["city", "state or region"]),
        ("12 Main St, Springfield, MAINE 01103", ["state or region"]),
        ("12 Main St, Springfield, 01103. A University of Massachusetts student", ["state or region"]),
    ],
)
def test_each_part_of_an_address_that_is_not_there_is_named(written, lacking):
    """R3, case 29"""
    assert missing(MAIN_ST, f"Baystate Robotics, {written}") == lacking


def test_two_letters_that_are_also_a_word_count_only_beside_the_city():
    indiana = Address("1 Court Square", "Gary", "IN", "46402")

    assert missing(indiana, "1 Court Sq, Gary 46402. You will work in Gary or elsewhere in the plant") == []
    assert missing(indiana, "1 Court Sq, Gary 46402. You will start there, and in comfort") == ["state or region"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("12 Main St, Suite 400", "12 Main Street, Ste. 400"),
        ("12 Main St Suite 400", "Suite 400, 12 Main St"),
        ("12 Main St #400", "12 Main St, Suite 400"),
        ("12 Main St, 3rd Floor", "12 Main St, Floor 3"),
        ("350 Fifth Avenue", "350 5th Ave"),
        ("One Market Plaza", "1 Market Plaza"),
        ("100 N. Elm Blvd.", "100 North Elm Boulevard"),
        ("P.O. Box 77", "PO Box 77"),
        ("PO Box 77", "Post Office Box 77"),
        ("12 O'Neil Hwy", "12 O’Neil Highway"),
        ("Königstraße 5", "Konigstr. 5".replace("Konigstr", "Königstrasse")),
        ("Building 3, 12 Main St", "Bldg. 3\n12 Main Street"),
    ],
)
def test_streets_are_compared_without_regard_to_short_forms(typed, written):
    assert missing(Address(typed, "", "", "1", "XX"), f"1 {written}, Springfield") == []


def test_another_suite_is_another_address():
    assert missing(
        replace(MAIN_ST, street="12 Main St, Suite 400"), "12 Main St, Suite 300, Springfield, MA 01103"
    ) == ["street"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (Address("100 King St W", "Toronto", "ON", "M5X 1A9", "CA"), "100 King Street West, Toronto, Ontario M5X1A9"),
        (Address("10 Downing St", "London", "", "SW1A 2AA", "GB"), "10 Downing Street\nLondon SW1A 2AA"),
        (Address("Leopoldstr. 8", "München", "Bayern", "80802", "DE"), "Leopoldstr. 8, 80802 München, Bayern"),
        (Address("1 Raffles Pl", "Singapore", "", "048616", "SG"), "1 Raffles Place, Singapore 048616"),
        (Address("25 Rue Saint-Paul", "Montréal", "QC", "H2Y 1H2", "CA"), "25 rue St-Paul, Montreal (Québec) H2Y 1H2"),
        (Address("5 St. James Ave", "St. Louis", "MO", "63101"), "5 Saint James Avenue, Saint Louis, Missouri 63101"),
        (Address("1 Broadway", "New York", "NY", "10004"), "1 Broadway, New York, New York 10004"),
        (Address("1 K St NW", "Washington", "DC", "20006"), "1 K Street, N.W., Washington, D.C. 20006"),
    ],
)
def test_addresses_elsewhere_are_found_too(typed, written):
    """A21"""
    assert missing(typed, written) == []


def test_a_domestic_address_without_any_postal_code_is_incomplete_also_when_none_was_typed():
    """Case 29"""
    untyped = replace(MAIN_ST, postal_code="")

    assert missing(untyped, "12 Main St, Springfield, MA") == ["postal code"]
    assert missing(untyped, "12 Main St, Springfield, MA 01103") == []


def located(text, *places, mailing=MAIN_ST):
    return (
        location_problem(Letter(LetterText.of(text)), TypedFacts(mailing_address=mailing, work_locations=places))
        is None
    )


LETTERHEAD = "Baystate Robotics Inc.\n12 Main St\nSpringfield, MA 01103\n\n"


@pytest.mark.parametrize(
    "sentence",
    [
        "You will work at 12 Main Street, Springfield, MA.",
        "Work location: Springfield, MA",
        "You will work at our Springfield office.",
        "You will work on-site at the address above.",
        "You will work in person at our main facility.",
        "The lab is in Springfield.",
    ],
)
def test_a_work_place_at_the_mailing_address_must_be_called_so(sentence):
    """R9"""
    assert located(LETTERHEAD + sentence, MAIN_ST)


@pytest.mark.parametrize(
    "sentence",
    [
        "You will work with us.",
        "Location: Remote",
        "You will work remotely.",
        "Aisha Rahman, 5 Elm St, Springfield, MA 01109",
        "We look forward to a student of UMass Springfield.",
        "You and your relocation are important to us.",
    ],
)
def test_a_letterhead_alone_names_no_work_place(sentence):
    """R9, case 29"""
    assert not located(LETTERHEAD + sentence, MAIN_ST)


def test_a_work_place_elsewhere_needs_street_city_and_region():
    place = Address("400 Dwight St", "Holyoke", "MA", "01040")

    assert located(LETTERHEAD + "You will work at 400 Dwight Street, Holyoke, Massachusetts.", place)
    assert not located(LETTERHEAD + "You will work in Holyoke, MA.", place)
    assert not located(LETTERHEAD + "You will work at 400 Dwight St.", place)


def test_every_work_place_must_be_named():
    """Case 35"""
    places = Address("400 Dwight St", "Holyoke", "MA"), Address("7 Elm St", "Chicopee", "MA")

    assert not located("You will work at 400 Dwight St, Holyoke, MA", *places)
    assert located("You will work at 400 Dwight St, Holyoke, MA and 7 Elm St, Chicopee, MA", *places)


@pytest.mark.parametrize("street", ["Remote", "remote (home)", "TBD", "P.O. Box 7", "PO Box 7"])
def test_remote_or_a_box_is_no_work_place(street):
    """Case 29, A21"""
    place = replace(MAIN_ST, street=street)

    assert not located(f"Work location: {street}, Springfield, MA 01103", place)


def test_the_postal_code_of_another_address_in_town_completes_no_mailing_address():
    """Case 29"""
    letter = "Baystate Robotics\n12 Main St, Springfield, MA\n\nYou work at {}, Springfield, MA 01103."
    facts = TypedFacts(employer="Baystate Robotics", mailing_address=MAIN_ST, work_locations=(MAIN_ST,))

    for work_place in ("400 Dwight St", "12 Main St"):
        report = check_letter(LetterText.of(letter.format(work_place)), facts)
        assert "mailing_address" in report.facts(Outcome.MISSING)


def test_an_employer_called_works_may_share_its_address_with_the_work_place():
    letter = "Ocean Works LLC\n12 Main St, Springfield, MA 01103\n\nYou work in person at our office."
    facts = TypedFacts(employer="Ocean Works LLC", mailing_address=MAIN_ST, work_locations=(MAIN_ST,))

    assert check_letter(LetterText.of(letter), facts).missing == ()


def test_a_letterhead_in_two_columns_is_whole_in_the_order_in_which_it_was_written():
    left = [Line("Baystate Robotics builds", 0.05, 0.1), Line("machines that help people every day", 0.07, 0.1)]
    right = [Line("12 Main", 0.05, 0.6), Line("Street, Springfield,", 0.07, 0.6), Line("MA 01103", 0.09, 0.6)]
    left.append(Line("at home and in every hospital", 0.09, 0.1))
    facts = TypedFacts(employer="Baystate Robotics", mailing_address=MAIN_ST)

    page = Page((*left, *right, Line("We offer you", 0.5)))

    assert check_letter(LetterText((page,)), facts).missing == ()
