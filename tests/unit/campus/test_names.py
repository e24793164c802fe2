"""One employer, one course: however they are written."""

import pytest

from cpt.campus.courses import plain_catalog_nbr, plain_subject
from cpt.campus.employers import same_employer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baystate Robotics Inc.", "BAYSTATE ROBOTICS, Inc"),
        ("Acme GmbH", "ACME"),
        ("Acme GmbH & Co. KG", "Acme"),
        ("McDonald's", "McDonald\u2019s Corporation"),
        ("McDonald's", "McDonalds Corp."),
        ("Café Noir LLC", "Cafe\u0301 Noir"),
        ("Cafe Noir", "CAFÉ NOIR, L.L.C."),
        ("Johnson & Johnson", "Johnson and Johnson"),
        ("The Hadley Farm Co", "Hadley Farm"),
        ("Ørsted A/S", "Orsted A/S"),
    ],
)
def test_one_employer_in_two_spellings(one, other):
    """P23: an agreement, a letter and a form of one employer belong together in every service."""
    assert same_employer(one, other)
    assert same_employer(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Acme Robotics", "Acme Optics"), ("", ""), ("&", "!"), ("Company", "Limited")]
)
def test_other_employers_and_no_names_are_not_the_same(one, other):
    assert not same_employer(one, other)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [(" 698", "698"), ("0698", "698"), ("698 ", "698"), ("398c", "398C"), (" 0 39 8C", "398C"), ("000", "0"), ("", "")],
)
def test_spaces_leading_zeros_and_case_of_a_catalog_number_do_not_matter(typed, plain):
    """A23."""
    assert plain_catalog_nbr(typed) == plain


def test_a_subject_has_one_spelling():
    """A23."""
    assert plain_subject(" compsci ") == plain_subject("COMP SCI") == "COMPSCI"
