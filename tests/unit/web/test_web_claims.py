"""Which claim says what, in all the shapes that products give it (docs/sign-in.md)."""

import pytest

from cpt.web.claims import ClaimMap, Unsaid

GROUPS = {"cpt-advisers": "adviser", "students": "student"}


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("roles", {"roles": ["adviser", "unknown"]}),
        ("roles", {"roles": "adviser"}),
        ("realm_access.roles", {"realm_access": {"roles": ["adviser"]}}),
        ("realm_access.roles", {"realm_access.roles": ["adviser"], "realm_access": {"roles": ["student"]}}),
        ("resource_access.cpt.umass.edu.roles", {"resource_access": {"cpt.umass.edu": {"roles": ["adviser"]}}}),
        ("https://umass.edu/roles", {"https://umass.edu/roles": ["adviser"]}),
        ("nothing roles", {"roles": ["adviser"]}),
    ],
)
def test_roles_are_found_where_the_campus_has_them(path, claims):
    assert ClaimMap(roles=path).person({"sub": "kim", **claims}).roles == {"adviser"}


@pytest.mark.parametrize("value", [None, 7, {"adviser": True}, [["adviser"]], [{"name": "adviser"}], True])
def test_what_is_no_role_is_none(value):
    assert ClaimMap().person({"sub": "kim", "roles": value}).roles == set()


def test_only_the_listed_groups_mean_something():
    """A group of the campus that happens to be named as one of our roles gives nobody anything."""
    mapped = ClaimMap(roles="affiliation groups", groups=GROUPS)
    person = mapped.person({"sub": "kim", "affiliation": "director", "groups": ["cpt-advisers", "students", "adviser"]})

    assert person.roles == {"adviser", "student"}
    assert mapped.person({"sub": "kim", "groups": ["adviser"]}).roles == set()


def test_a_student_goes_by_the_emplid_and_staff_by_the_subject():
    mapped = ClaimMap(subject="oid", emplid="extn.emplid")
    both = {"sub": "pairwise", "oid": "kim", "extn.emplid": ["30012345"]}

    assert mapped.person(both | {"roles": ["student"]}).sub == "30012345"
    assert mapped.person(both | {"roles": ["adviser"]}).sub == "kim"
    assert mapped.person(both | {"roles": ["adviser", "student"]}).sub == "30012345"


@pytest.mark.parametrize(
    "value", [None, "", "mtanaka", "3001234\n5", "٣٠٠١٢٣٤٥", ["30012345", "30099999"], 30012345, "9" * 12]
)
def test_what_is_no_single_emplid_names_no_student(value):
    with pytest.raises(Unsaid, match="emplid") as refused:
        ClaimMap(emplid="emplid").person({"sub": "kim", "roles": ["student"], "emplid": value})
    assert str(value or "kim") not in str(refused.value)


@pytest.mark.parametrize("value", [None, "", "a\0", "s" * 501, ["kim", "lee"]])
def test_without_a_subject_that_can_be_kept_nobody_is_known(value):
    with pytest.raises(Unsaid, match="oid"):
        ClaimMap(subject="oid").person({"sub": "kim", "oid": value})


def test_each_thing_comes_from_the_first_source_that_says_it():
    access, identity, info = (
        {"roles": ["adviser"]},
        {"sub": "kim", "name": "Kim Lee"},
        {"name": "K.", "email": "kim@umass.edu"},
    )
    person = ClaimMap().person(access, identity, info)

    assert (person.sub, person.roles, person.name, person.email) == ("kim", {"adviser"}, "Kim Lee", "kim@umass.edu")


def test_claims_said_elsewhere_are_not_missing():
    """OpenID Connect Core, 5.6.2."""
    elsewhere = {"sub": "kim", "_claim_names": {"groups": "src1"}}
    with pytest.raises(Unsaid, match="groups"):
        ClaimMap(roles="groups").person(elsewhere)

    assert ClaimMap(roles="groups").person(elsewhere, {"groups": ["adviser"]}).roles == {"adviser"}
    assert ClaimMap(roles="roles").person(elsewhere).roles == set()
