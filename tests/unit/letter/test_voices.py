"""Ways of writing met in letters of other voices: each is read as a person reads it."""

from datetime import date
from decimal import Decimal

import pytest

from intake.letter import Address, LetterText, Outcome, TypedFacts, check_letter

HEAD = "Acme Corp\n1 Elm St, Boston, MA 02110\n\nDear Li,\n\nHere is our offer.\n\n"
DAY = date(2026, 6, 1)


def finding(fact: str, said: str, **facts):
    report = check_letter(LetterText.of(f"{HEAD}{said}\n\nSincerely,\nJo Field"), TypedFacts(**facts))
    return next(one for one in report.findings if one.fact == fact)


def surely(fact: str, said: str, **facts) -> bool:
    found = finding(fact, said, **facts)
    return found.outcome is Outcome.FOUND and not found.doubt


def caught(fact: str, said: str, **facts) -> bool:
    found = finding(fact, said, **facts)
    return found.outcome is Outcome.MISSING or bool(found.doubt)


@pytest.mark.parametrize(
    ("fact", "facts"),
    [
        ("job_title", {"job_title": "Trade Finance Intern"}),
        ("start_date", {"start_date": DAY}),
        ("compensation", {"compensation": "$4,200 monthly"}),
    ],
)
def test_a_row_of_dots_leads_from_a_label_to_its_value(fact, facts):
    """R4, R7, R10"""
    rows = "Function.......... Trade Finance Intern\nStart . . . . . . . June 1, 2026\nMonthly pay ___________ US$ 4.200,00"
    assert surely(fact, rows, **facts)


@pytest.mark.parametrize(
    "said",
    [
        "The office is closed on May 25, 2026, and from June 1, 2026.",
        "Commencement, on June 1, 2026, is a busy day.",
        "You will start ~June 1, 2026.",
    ],
)
def test_no_start_is_read_from_what_closes_or_is_about(said):
    """R7, case 30"""
    assert caught("start_date", said, start_date=DAY)


def test_a_budget_ends_no_work_and_the_date_of_releasing_does():
    """R8"""
    assert caught("end_date", "The programme budget is approved until June 1, 2026.", end_date=DAY)
    assert surely("end_date", "2. Date of Releasing: 01-Jun-2026", end_date=DAY)


@pytest.mark.parametrize("beside", ["with one hour of recess", "and meet your mentor for one hour per week"])
def test_recess_and_mentoring_are_other_hours_and_leave_the_hours_of_work(beside):
    """R6"""
    said = f"You will work 20 hours per week {beside}."
    assert surely("hours_per_week", said, hours_per_week=Decimal(20))
    assert caught("hours_per_week", said, hours_per_week=Decimal(1))


@pytest.mark.parametrize(
    "rival",
    [
        "Your grade is 6 (range $16.90 - $21.40 per hour).",
        "O.T. RATE: $21.40 per hour",
        "You receive $21.40 per hour for authorized time beyond your schedule.",
        "Mechanics in Local 97 earn $21.40 per hour.",
        "Work on holidays is compensated at $21.40 per hour.",
    ],
)
def test_ends_of_a_range_overtime_and_others_pay_are_no_rival_of_the_pay(rival):
    """R10"""
    said = f"{rival}\n\nYour rate is $17.85 per hour; lunch on shoot days is free."
    assert surely("compensation", said, compensation="$17.85 per hour, lunch on shoot days")
    assert caught("compensation", said, compensation="$21.40 per hour")


@pytest.mark.parametrize("written", ["24 Canadian dollars", "CAD 24", "C$24"])
def test_a_currency_is_known_by_its_whole_name(written):
    """R10"""
    assert surely("compensation", f"You will be paid {written} per hour.", compensation="CAD 24/hr")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Trainee, Chemicals Division", "You will be a Trainee in its Chemicals Division."),
        ("Marketing Intern (Summer 2026)", "You will be our Marketing Intern."),
        ("Full-Stack Intern", "* what we'd call you: Full-Stack Intern"),
    ],
)
def test_a_title_is_found_across_its_its_season_and_a_label_in_plain_talk(typed, said):
    """R4"""
    assert finding("job_title", said, job_title=typed).outcome is Outcome.FOUND


def test_a_clock_time_may_end_a_sentence():
    """R8"""
    said = "You report on May 18, 2026, at 7:00 a.m. Your employment ends June 1, 2026."
    assert surely("end_date", said, end_date=DAY)


def test_new_york_city_lies_in_new_york():
    """R9"""
    place = Address("350 5th Ave", "New York", "NY")
    assert surely("location", "You will work at 350 Fifth Avenue, New York City.", work_locations=(place,))


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Our other office is in Lima.", Outcome.MISSING),
        ("Interns at our office in Lima are many.", Outcome.MISSING),
        ("You will sit in Tower Hall.", Outcome.FOUND),
        ("You will be in Tower Hall, 1 Elm St.", Outcome.FOUND),
    ],
)
def test_a_building_at_the_mailing_address_is_no_place_of_work_until_the_letter_says_so(said, outcome):
    """R9, case 29"""
    facts = {"mailing_address": Address("1 Elm St", "Boston", "MA", "02110"), "employer": "Acme Corp"}
    place = Address("Tower Hall, 1 Elm St", "Boston", "MA", "02110")
    letter = f"Acme Corp\nTower Hall, 1 Elm St, Boston, MA 02110\n\nDear Li,\n\n{said}\n\nSincerely,\nJo Field"
    report = check_letter(LetterText.of(letter), TypedFacts(work_locations=(place,), **facts))
    assert next(one for one in report.findings if one.fact == "location").outcome is outcome


TABLE = """Position               Start         End           Hours/week   Rate
Water Quality Intern   06/01/2026    08/21/2026    40           $18.75/hour"""


@pytest.mark.parametrize(
    ("fact", "facts"),
    [
        ("job_title", {"job_title": "Water Quality Intern"}),
        ("hours_per_week", {"hours_per_week": Decimal(40)}),
        ("start_date", {"start_date": DAY}),
        ("end_date", {"end_date": date(2026, 8, 21)}),
        ("compensation", {"compensation": "$18.75/hr"}),
    ],
)
def test_the_headings_of_columns_lead_to_the_values_below_them(fact, facts):
    """R4, R6, R7, R8, R10"""
    assert surely(fact, TABLE, **facts)


def test_a_value_below_another_heading_is_not_taken():
    """R7, R8"""
    assert caught("start_date", TABLE, start_date=date(2026, 8, 21))
    assert caught("end_date", TABLE, end_date=DAY)


@pytest.mark.parametrize(
    "said",
    [
        "The Intern's obligations under this section end on June 1, 2026.",
        "Our contract with the wind farm ends June 1, 2026.",
        "Our week: Mondays (pledge drive: May 4 to June 1, 2026).",
    ],
)
def test_the_end_of_a_duty_a_contract_or_an_event_ends_no_work(said):
    """R8"""
    assert caught("end_date", said, end_date=DAY)


@pytest.mark.parametrize(
    "said",
    [
        "The term shall commence on May 18, 2026, and shall expire on June 1, 2026.",
        "Your internship will be over on June 1, 2026.",
    ],
)
def test_a_term_that_expires_or_is_over_ends(said):
    """R8"""
    assert surely("end_date", said, end_date=DAY)


@pytest.mark.parametrize(
    "said",
    [
        "Hours / Heures : 37.5 per week",
        "Hours: 37.5 per week; up to 5 hours per week may be used for study",
        "You will work 37.5 hours per week, not the 20 hours per week of the school year.",
        "You work 37.5 hours per week, where full time is 40 hours per week.",
    ],
)
def test_hours_beside_a_second_language_a_share_or_a_denial_are_sure(said):
    """R6"""
    assert surely("hours_per_week", said, hours_per_week=Decimal("37.5"))
    assert finding("compensation", said, compensation="$37.50 per week").outcome is Outcome.MISSING


def test_a_mail_from_the_employer_names_it():
    """R2"""
    report = check_letter(
        LetterText.of(
            "From: Talent Team, Acme & Oak Inc.\nSent: May 4, 2026\nTo: Li\nSubject: Your offer\n\nHi Li,\nwelcome."
        ),
        TypedFacts(employer="Acme & Oak Inc."),
    )
    assert not report.findings[0].doubt
