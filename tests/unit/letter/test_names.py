import pytest

from intake.letter.facts import Address, TypedFacts
from intake.letter.reading import Letter
from intake.letter.text import LetterText, Line, Page
from intake.letter.who import employer_problem, letterhead_problem, named_in
from intake.letter.words import Words
from intake.letter.work import duties_problem, job_title_problem


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Baystate Robotics Inc.", "BAYSTATE ROBOTICS, INC."),
        ("Baystate Robotics Inc.", "Baystate Robotics"),
        ("Baystate Robotics", "Baystate Robotics, L.L.C."),
        ("Baystate Robotics Inc.", "Baystate\nRobotics"),
        ("Baystate Robotics Inc.", "Bay-\nstate Robo-\ntics"),
        ("Baystate Robotics Inc.", "B A Y S T A T E   R O B O T I C S"),
        ("Bay State Robotics", "BayState Robotics"),
        ("Johnson & Johnson", "Johnson and Johnson"),
        ("Oﬃce Field Group", "Office Field Group"),
        ("Moody's Corporation", "Moody’s Corp"),
        ("Café Zürich GmbH", "Cafe Zurich"),
        ("The Boston Globe", "Boston Globe"),
        ("Baystate Robotics Inc. (formerly Widgets)", "Baystate Robotics"),
        ("Initech LLC d/b/a Penetrode", "Initech LLC"),
        ("Target Corporation", "Welcome to Target!"),
        ("3M Company", "3M"),
        ("株式会社サイバー", "雇用者は株式会社サイバーです"),
    ],
)
def test_an_employer_is_found_under_its_name_in_any_usual_writing(typed, written):
    assert named_in(typed, Words(f"We at {written} offer you a position"))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Ace Inc.", "a place at Acer or Face"),
        ("Target Corporation", "your target is to learn"),
        ("Baystate Robotics Inc.", "Baystate Rubber Inc."),
        ("Baystate Robotics Inc.", "Robotics in the Bay State"),
        ("Baystate Robotics Inc.", "Inc."),
    ],
)
def test_another_name_is_not_the_employer(typed, written):
    assert not named_in(typed, Words(written))


NAME, ADDRESS = "Baystate Robotics", "12 Main St, Springfield, MA 01103"


def on_letterhead(*pages):
    letter = LetterText(tuple(Page(tuple(Line(text, top) for text, top in page)) for page in pages))

    mailing = Address("12 Main St", "Springfield", "MA", "01103")
    return letterhead_problem(Letter(letter), TypedFacts(employer=NAME, mailing_address=mailing)) is None


def test_the_name_in_the_top_third_of_the_first_page_is_a_letterhead():
    """R2"""
    assert on_letterhead([(NAME, 0.30)])
    assert not on_letterhead([(NAME, 0.40)])


def test_a_running_header_of_a_later_page_is_a_letterhead():
    assert on_letterhead([("Dear Aisha", 0.1)], [(NAME, 0.04)])
    assert not on_letterhead([("Dear Aisha", 0.1)], [(NAME, 0.12)])


def test_name_and_address_at_the_foot_of_a_page_are_a_letterhead_and_a_name_alone_is_not():
    assert on_letterhead([("Dear Aisha", 0.1), (NAME, 0.94), (ADDRESS, 0.96)])
    assert not on_letterhead([("Dear Aisha", 0.1), (NAME, 0.94)])
    assert not on_letterhead([("Dear Aisha", 0.1), (NAME, 0.80), (ADDRESS, 0.82)])


def states(problem, text, **typed):
    return problem(Letter(LetterText.of(text)), TypedFacts(**typed)) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Robotics intern", "the position of ROBOTICS INTERN."),
        ("Robotics Intern", "Intern, Robotics"),
        ("Software Engineer Intern", "Software Engineer\nIntern"),
        ("Software Engineer - Intern", "Software Engineer (Intern)"),
        ("Co-op Engineer", "Coop Engineer"),
        ("Intern, Research & Development", "Research and Development Intern"),
        ("Intern of Marketing", "Marketing Intern"),
    ],
)
def test_a_title_is_found_in_any_order_and_writing(typed, written):
    """R4"""
    assert states(job_title_problem, f"We offer you {written} today", job_title=typed)


@pytest.mark.parametrize("written", ["Robotics engineer", "an intern in our robotics group", "International robotics"])
def test_another_title_is_not_the_typed_one(written):
    """R4"""
    assert not states(job_title_problem, f"We offer you {written} today", job_title="Robotics intern")


DUTIES = "Test motor controllers, write Python tools for the lab, document results."


@pytest.mark.parametrize(
    "written",
    [
        DUTIES,
        "Duties:\n• testing of motor controllers\n• writing tools in Python for our lab\n• documentation of results",
        "You will test motor con-\ntrollers and write Python tools.",
    ],
)
def test_duties_are_found_by_their_words(written):
    """R5"""
    assert states(duties_problem, f"We are glad. {written} You will like it.", duties=DUTIES, job_title="Intern")


@pytest.mark.parametrize(
    "written",
    [
        "You will have many duties, as your manager tells you.",
        "Please document your results of the drug test.",
        "Test. " + "Lorem ipsum dolor sit amet. " * 30 + "motor " + "lorem ipsum dolor " * 40 + "Python tools",
    ],
)
def test_a_few_of_their_words_here_and_there_are_no_duties(written):
    """R5"""
    assert not states(duties_problem, written, duties=DUTIES, job_title="Intern")


def test_words_of_the_title_prove_no_duties():
    letter = "We offer you the position of Software Engineer Intern at Acme Tools."
    typed = {
        "job_title": "Software Engineer Intern",
        "employer": "Acme Tools",
        "duties": "Software tools, engineer tests",
    }

    assert not states(duties_problem, letter, **typed)


def test_a_letter_that_never_names_the_employer_lacks_it():
    assert not states(employer_problem, "We offer you a job", employer="Baystate Robotics Inc.")
