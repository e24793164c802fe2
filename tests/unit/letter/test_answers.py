"""Each answer names the amount or word that is not in the letter, or the nearest one and why it was not taken (R11)."""

import pytest

from tests.unit.letter.test_roles import finding

START = "the exact start date September 14, 2026, with day, month and year."
UNIT = "“$24.00” with the unit “hour”"
ANSWERS = [
    ("job_title", "Title: Warehouse Lead.", {}, "the job title “Robotics intern”. It names “Warehouse Lead”."),
    (
        "job_title",
        "You report to the Robotics intern.",
        {},
        "the job title “Robotics intern”. These words stand there as something else: “You report to the Robotics intern.”",
    ),
    ("hours_per_week", "You work part-time.", {}, "The letter does not state the hours per week as a number."),
    (
        "hours_per_week",
        "Lunch takes 5 hours per week.",
        {},
        "as a number. These are other hours: “Lunch takes 5 hours per week.”",
    ),
    (
        "hours_per_week",
        "You work 210 hours in total.",
        {},
        "210 hours are more than a week has: “You work 210 hours in total.”",
    ),
    (
        "hours_per_week",
        "You work 25 hours per week.",
        {},
        "The letter states 25 hours per week, the form 20: “You work 25 hours per week.”",
    ),
    (
        "hours_per_week",
        "You work more than 20 hours per week, at most 30 hours per week.",
        {"hours_per_week": 15},
        "The letter states 30 hours per week, the form 15: “You work more than 20 hours per week, at most 30 hours per week.”",
    ),
    (
        "hours_per_week",
        "You work 25 hours per week, but at least 30 hours per week in August.",
        {},
        "The letter states 25 hours per week, the form 20: “You work 25 hours per week, but",
    ),
    (
        "hours_per_week",
        "You work 15 to 25 hours per week.",
        {},
        "The letter gives a range of hours per week; type its maximum, 25, into the form.",
    ),
    ("start_date", "You start soon.", {}, f"The letter does not state {START}"),
    ("start_date", "You start on September 21, 2026.", {}, f"{START} Its start date seems to be September 21, 2026."),
    (
        "start_date",
        "You start on or about September 14, 2026.",
        {},
        "gives September 14, 2026 only as an approximate start date; an exact one is needed.",
    ),
    (
        "start_date",
        "You start on September 21, 2026. Please reply by September 14, 2026.",
        {},
        "not as the start date: “Please reply by September 14, 2026.” Its start date seems to be September 21, 2026.",
    ),
    (
        "end_date",
        "You end on December 4, 2026. Your signed form is due December 11, 2026.",
        {},
        "not as the end date: “Your signed form is due December 11, 2026.” Its end date seems to be December 4, 2026.",
    ),
    (
        "location",
        "Your office is at 9 Elm Street, Salem, MA 01970.",
        {},
        "not found are its street, city, state or region. It leads to another place: “Your office is at 9 Elm Street, Salem, MA 01970.”",
    ),
    (
        "location",
        "You will not work at 400 Dwight Street, Suite 5, Holyoke, MA 01040.",
        {},
        "not as the work location: “You will not work at 400 Dwight Street, Suite 5, Holyoke, MA 01040.”",
    ),
    (
        "location",
        "Ask us.",
        {"work_locations": [{"street": "Remote", "city": "Amherst", "region": "MA", "postal_code": "", "country": "US"}]},
        "“Remote” is no work location: type the address at which you will work.",
    ),
    ("compensation", "You get a transit pass.", {}, f"{UNIT} is not in it."),
    ("compensation", "You are paid $25.00 per hour and get a transit pass.", {}, f"{UNIT} is not in it; it states $25.00."),
    ("compensation", "You are paid $24.00 per hour.", {}, "the whole compensation: “transit” is not promised in it."),
    (
        "compensation",
        "You get a transit pass. Overtime is paid at $24.00 per hour.",
        {},
        f"{UNIT} stands there as something else: “Overtime is paid at $24.00 per hour.”.",
    ),
    ("compensation", "Ask us.", {"compensation": "a good wage"}, "it names no amount beside “a good wage”."),
    ("compensation", "The internship is unpaid.", {}, "The letter says that the work is unpaid: CPT is not required then."),
    ("employer", "", {"employer": "Acme Corporation"}, "The letter does not name Acme Corporation."),
    (
        "letterhead",
        "",
        {"employer": "Acme Corporation"},
        "not on company letterhead: Acme Corporation does not appear at the top of its first page or in a page header.",
    ),
    (
        "mailing_address",
        "",
        {"employer_address": {"street": "12 Main St", "city": "Springfield", "region": "MA", "postal_code": "01109", "country": "US"}},
        "The letter lacks the complete mailing address of Baystate Robotics Inc.: not found: postal code.",
    ),
    ("duties", "", {"duties": "Weld hulls, paint decks"}, "Not found are, among others: weld, hulls, paint, decks."),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "sentence", "changed", "answer"), ANSWERS)
def test_an_answer_names_what_is_not_in_the_letter_or_what_stands_there_instead(fact, sentence, changed, answer):
    """R2-R11"""
    assert answer in finding(fact, sentence, **changed).message
