"""The letter check over a corpus of real PDF files, read as uploads are."""

import pytest

from infra.letters import Wording, offer_letter, scanned
from intake.letter import Outcome, check_letter
from tests.letters.corpus import ALL_FACTS, COMPLETE, FORMS, SAID_OTHERWISE, Sample
from tests.letters.factory import form, text_of, typed

EACH_SAMPLE = pytest.mark.parametrize("sample", COMPLETE, ids=lambda sample: sample.name)


def missing(pdf: bytes, facts: dict) -> list[str]:
    return check_letter(text_of(pdf), typed(facts)).facts(Outcome.MISSING)


def test_the_corpus_holds_many_letters():
    assert len(COMPLETE) >= 50
    assert len(SAID_OTHERWISE) >= 25


@EACH_SAMPLE
def test_no_letter_that_states_all_facts_is_held(sample: Sample):
    """R2-R10"""
    assert missing(sample.pdf(), sample.form) == []


@EACH_SAMPLE
def test_each_fact_that_a_letter_lacks_is_found_missing(sample: Sample):
    """R11; a letter that never names its employer has no letterhead either, nor has one with a foot of nothing but a name"""
    for fact in ALL_FACTS:
        found = missing(sample.pdf(fact), sample.form)

        assert fact in found
        assert set(found) <= {fact, "letterhead"} if fact in {"employer", "mailing_address"} else found == [fact]


@EACH_SAMPLE
def test_every_fact_that_a_letter_lacks_is_named_in_one_report(sample: Sample):
    """Case 33"""
    lacking = {"job_title", "duties", "hours_per_week", "start_date", "end_date", "location", "compensation"}

    assert set(missing(sample.pdf(*lacking), sample.form)) == lacking


@pytest.mark.parametrize("name", FORMS)
def test_a_scan_is_for_the_adviser_and_lacks_nothing(name: str):
    report = check_letter(text_of(scanned(offer_letter(FORMS[name]))), typed(FORMS[name]))

    assert report.missing == ()
    assert report.facts(Outcome.UNVERIFIABLE) == list(ALL_FACTS)
    assert "letter_is_scan" in [flag.code for flag in report.flags]


@pytest.mark.parametrize("name", ["robots", "bank", "farm"])
@pytest.mark.parametrize("layout", ["plain", "header", "table", "narrow"])
def test_an_address_without_postal_code_is_incomplete(name: str, layout: str):
    """Case 29"""
    assert missing(offer_letter(FORMS[name], layout, ["postal_code"]), FORMS[name]) == ["mailing_address"]


@pytest.mark.parametrize("sample", SAID_OTHERWISE, ids=lambda sample: sample.name)
def test_a_fact_that_a_letter_states_otherwise_or_inexactly_is_missing(sample: Sample):
    """R6-R10, cases 29-31"""
    assert missing(sample.pdf(), sample.form) == [sample.name.partition(":")[0]]


@pytest.mark.parametrize("layout", ["plain", "table", "header"])
def test_a_letter_that_says_only_remote_states_no_location(layout: str):
    """Case 29"""
    facts = form(work_locations=[form()["employer_address"]])
    wording = Wording(say={"location": "Location: Remote"})

    assert missing(offer_letter(facts, layout, wording=wording), facts) == ["location"]
