"""The bytes of a batch file follow SEVIS's schema, or there are none."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from review.domain.sevis_fields import SevisAddress
from review.sevis.domain import Span
from review.sevis.write_file import NotValid, write_file
from tests.unit.sevis.samples import PLACE, a_record, an_envelope, official

BROKEN_RECORDS = [
    {"sevis_id": "0012345678"},
    {"sevis_id": "N001234567"},
    {"sevis_id": "N00123456789"},
    {"sevis_id": "n0012345678"},
    {"sevis_id": ""},
    {"user_id": "short"},
    {"user_id": "eleven_long"},
    {"record_id": ""},
    {"record_id": "A" * 21},
    {"record_id": "A:1"},
    {"record_id": "A/1"},
    {"record_id": "A\\1"},
    {"reference": "x" * 11},
    {"span": Span("x" * 15, date(2026, 9, 14), date(2026, 12, 11))},
    {"full_part": "1"},
    {"full_part": "03"},
    {"full_part": "FT"},
    {"full_part": ""},
    {"employer": ""},
    {"employer": "x" * 101},
    {"course_relevance": "x" * 251},
    {"remarks": "x" * 251},
    {"address": None},
    {"kind": "cancel", "employer": ""},
    {"kind": "cancel", "full_part": "PT"},
    {"kind": "cancel", "employer": "x" * 101},
    *[
        {"address": replace(PLACE, **field)}
        for field in (
            {"address1": ""},
            {"address1": "x" * 61},
            {"address2": "x" * 61},
            {"city": ""},
            {"city": "x" * 61},
            {"state": ""},
            {"state": "ma"},
            {"state": "XX"},
            {"state": "AE"},
            {"state": "AA"},
            {"state": "AP"},
            {"state": "M"},
            {"state": "MAS"},
            {"postal_code": ""},
            {"postal_code": "1103"},
            {"postal_code": "011033"},
            {"postal_code": "O1103"},
            {"routing_code": "123"},
            {"routing_code": "12345"},
            {"routing_code": "12a4"},
        )
    ],
]
BROKEN_HEADS = [
    {"batch_id": ""},
    {"batch_id": "CPT2609010000"},
    {"batch_id": "CPT260901000011"},
    {"batch_id": "cpt26090100001"},
    {"org_id": ""},
    {"org_id": "SNA214X00000000"},
    {"org_id": "BOS214F0000000"},
    {"user_id": "short"},
]


@pytest.mark.parametrize("version", ["6.55", "6.31"])
@pytest.mark.parametrize("kind", ["add", "cancel"])
@pytest.mark.parametrize("hint", ["", "http://www.ice.gov/xmlschema/sevisbatch/Create-UpdateStudent.xsd"])
def test_a_file_follows_the_schema_of_its_version(version, kind, hint):
    """SB1: our own schema always, the official one where its files are at hand."""
    content = write_file(an_envelope(version, hint=hint), [a_record(kind=kind)], official(version))

    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert etree.fromstring(content).find("UpdateStudent/Student").get("requestID") == "A000000000000001"


@pytest.mark.parametrize("fields", [*BROKEN_RECORDS, *BROKEN_HEADS], ids=str)
@pytest.mark.parametrize("version", ["6.55", "6.31"])
def test_what_breaks_the_schema_never_becomes_a_file(version, fields):
    """SB1: the bytes are compared after they are written, so a check that was forgotten before is caught."""
    heads = {name: value for name, value in fields.items() if fields in BROKEN_HEADS}
    record = a_record(**({} if heads else fields))

    with pytest.raises(NotValid):
        write_file(an_envelope(version, **heads), [record])


@pytest.mark.skipif(not official("6.55"), reason="the official schema files are not at hand")
@pytest.mark.parametrize("fields", BROKEN_RECORDS, ids=str)
def test_our_own_schema_is_at_least_as_strict_as_the_official_one(fields, monkeypatch):
    """What SEVIS would refuse is refused without its files, too."""
    monkeypatch.setattr("review.sevis.write_file._OWN", Path(official("6.55")))
    monkeypatch.setattr("review.sevis.write_file._schema", lambda _: _official_schema())

    with pytest.raises(NotValid):
        write_file(an_envelope(), [a_record(**fields)])


@cache
def _official_schema():
    return etree.XMLSchema(etree.parse(Path(official("6.55")) / "Create-UpdateStudent.xsd"))


@pytest.mark.parametrize("version", ["6.55", "6.31"])
def test_each_version_names_the_remarks_its_own_way(version):
    name = {"6.55": "EmploymentRemarks", "6.31": "Remarks"}[version]
    act = etree.fromstring(write_file(an_envelope(version), [a_record()])).find(
        "UpdateStudent/Student/CPTEmployment/Add"
    )

    assert [child.tag for child in act][-1] == name
    assert act.find("StudentRemarks") is None


def test_the_last_record_of_a_student_prints_the_i20():
    """SB12: one new I-20 a student and file."""
    records = [a_record("A1"), a_record("A2"), a_record("A3", sevis_id="N0099999999")]
    acts = etree.fromstring(write_file(an_envelope(), records)).findall("UpdateStudent/Student/CPTEmployment/Add")

    assert [act.get("printForm") for act in acts] == ["false", "true", "true"]


def test_an_absent_text_is_left_out():
    """An empty element could wipe what SEVIS holds."""
    content = write_file(an_envelope(), [a_record(course_relevance="", remarks="")])

    assert b"CourseRelevance" not in content
    assert b"Remarks" not in content
    assert b"<Address2" not in content


def test_a_cancellation_names_the_record_and_nothing_else():
    act = etree.fromstring(write_file(an_envelope(), [a_record(kind="cancel")])).find(
        "UpdateStudent/Student/CPTEmployment/Cancel"
    )

    assert [child.tag for child in act] == ["StartDate", "EndDate", "FullPartTimeIndicator", "EmployerName"]


@pytest.mark.parametrize("count", [0, 251])
def test_a_file_takes_1_to_250_records(count):
    with pytest.raises(NotValid):
        write_file(an_envelope(), [a_record(f"A{n}", sevis_id=f"N{n:010}") for n in range(count)])


def test_250_records_are_one_file():
    records = [a_record(f"A{n}", sevis_id=f"N{n:010}") for n in range(250)]

    assert (
        len(etree.fromstring(write_file(an_envelope(), records, official("6.55"))).findall("UpdateStudent/Student"))
        == 250
    )


def test_no_two_records_share_a_request_id():
    """The official schema lets it pass; the answer could not be told apart."""
    with pytest.raises(NotValid):
        write_file(an_envelope(), [a_record("A1"), a_record("A1", sevis_id="N0099999999")])


def test_text_is_escaped():
    employer = 'A & B <Sons> "x"'
    act = etree.fromstring(write_file(an_envelope(), [a_record(employer=employer)])).find(".//EmployerName")

    assert act.text == employer


def test_an_address_keeps_its_fields():
    place = SevisAddress("1 Way", "Suite 2", "Boston", "MA", "02110", "1234")
    address = etree.fromstring(write_file(an_envelope(), [a_record(address=place)])).find(".//EmployerAddress")

    assert [child.text for child in address] == ["1 Way", "Suite 2", "Boston", "MA", "02110", "1234"]
