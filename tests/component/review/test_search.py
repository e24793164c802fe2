"""One search over everything the office has, and the page of one student."""

import re
from datetime import timedelta

import pytest

from cpt.contracts.intake import RequestStatusChanged
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.values import MissingItem, Recipient
from review.cases.retain_cases import retain_cases
from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed
from tests.factories import NOW, a_form, checked, completed, facts

ITEM = MissingItem(
    code="document.offer_letter", message="The offer letter is missing.", who_can_fix="you", where="the uploads"
)


def waits(request_id="r7", **fields):
    given = dict(
        reference="CPT-2026-000077",
        emplid="30077777",
        student_name="Łucja Müller-Nuñez",
        employer="Hampshire Biotech Inc.",
        status="incomplete",
        missing=(ITEM,),
        submitted_at=NOW,
        at=NOW,
    )
    return RequestStatusChanged(request_id=request_id, **(given | fields))


async def sought(http, text):
    answer = await http.get("/api/search", params={"q": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "typed",
    [
        "lucja",
        "Müller",
        "nunez muller",
        "30077777",
        "CPT-2026-000077",
        "cpt-2026-77",
        "hampsh",
        "biotech HAMPSHIRE",
        " Łucja  ",
    ],
)
async def test_a_request_that_lacks_something_is_found_by_whatever_is_known_of_it(review, web, typed):
    """R11: the most frequent question of an office is what is missing for this student."""
    await review.hear(waits(), checked("r1"), completed("r1", 1))
    async with web("adviser") as adviser:
        hits = await sought(adviser, typed)

    if typed == "cpt-2026-77":
        assert hits == []  # the beginning of each word must fit
        return
    (hit,) = hits
    assert {name: hit[name] for name in ("kind", "id", "request_id", "state", "emplid")} == {
        "kind": "request",
        "id": "r7",
        "request_id": "r7",
        "state": "incomplete",
        "emplid": "30077777",
    }
    assert hit["title"] == "Łucja Müller-Nuñez, Hampshire Biotech Inc."


async def test_a_receipt_number_comes_before_words_that_only_begin_so(review, web):
    """The best first: number 12 before a student whose EMPLID begins with 12; then the case's own state counts."""
    newer = NOW + timedelta(hours=1)
    await review.hear(waits(emplid="12345678", at=newer), checked("r1"), completed("r1", 12))
    async with web("director") as director:
        hits = await sought(director, "12")
        named = await sought(director, "no. 12")

    assert [(hit["kind"], hit["request_id"], hit["state"]) for hit in hits] == [
        ("case", "r1", "waiting"),
        ("request", "r7", "incomplete"),
    ]
    assert [hit["request_id"] for hit in named] == ["r1"]


async def test_an_alert_stands_behind_its_request_for_whom_it_is_to_see(review, web):
    """R33, A31: another adviser's alert is not found, nothing about the reader's own request is."""
    await issued(review)
    await confirmed(review)
    found = {}
    for role, sub in (
        ("compliance", None),
        ("adviser", "adviser-1"),
        ("adviser", "adviser-2"),
        ("adviser", "30012345"),
    ):
        async with web(role, *([sub] if sub else [])) as person:
            found[sub or role] = [hit["kind"] for hit in await sought(person, "ana lima")]

    assert found == {
        "compliance": ["case", "alert"],
        "adviser-1": ["case", "alert"],
        "adviser-2": ["case"],
        "30012345": [],
    }


@pytest.mark.parametrize("typed", ["", " ", "x", "'", "':*", "a & | ! <->", "\\", "%", "0" * 200])
async def test_no_text_breaks_the_search(review, web, typed):
    await review.hear(waits())
    async with web("adviser") as adviser:
        assert await sought(adviser, typed) == []


async def test_the_search_refuses_what_is_too_long_and_who_is_no_reader(review, web):
    async with web("adviser") as adviser, web("operations") as operator, web() as nobody:
        long = await adviser.get("/api/search", params={"q": "x" * 201})
        none = await adviser.get("/api/search")
        others = [(await http.get("/api/search", params={"q": "ana"})).status_code for http in (operator, nobody)]

    assert [long.status_code, none.status_code, *others] == [422, 422, 403, 401]


async def test_what_was_found_is_logged_and_what_was_typed_is_not(review, web):
    """FERPA 99.32, X10: who looked at whose record."""
    await review.hear(waits())
    async with web("adviser") as adviser:
        await sought(adviser, "hampshire")

    detail = await review.value("SELECT detail FROM audit WHERE action = 'search_listed'")
    assert detail["found"] == ["r7"]
    assert "hampshire" not in str(detail)


async def test_a_completion_and_a_return_change_what_is_found(review, web):
    await review.hear(waits("r1", emplid="30012345", student_name="Ana Lima", employer="Old Name LLC"))
    await review.hear(checked("r1"), completed("r1", 5, form=a_form(employer="New Name LLC")))
    async with web("adviser") as adviser:
        old, new = await sought(adviser, "old name"), await sought(adviser, "new name")

    assert old == []
    assert [(hit["kind"], hit["state"], hit["receipt_number"]) for hit in new] == [("case", "waiting", 5)]


async def test_the_header_of_every_staff_page_finds_without_a_name_in_an_address(review, web):
    """The typed words travel in the body; the results lead to pages named by ids."""
    await review.hear(waits(), checked("r1"), completed("r1", 1))
    async with web("adviser") as adviser:
        desk = (await adviser.get("/")).text
        page = (await adviser.post("/search", data={"q": "hampshire"})).text
        nothing = (await adviser.post("/search", data={"q": "zzz <b>"})).text
    async with web("operations") as operator:
        messages = (await operator.get("/operations")).text

    assert '<form method="post" action="/search" role="search"' in desk
    assert "/search" not in messages
    assert 'href="/students/r7"' in page
    assert not re.search(r'(?:href|action)="[^"]*(?:30077777|Łucja)', page)
    assert "Nothing was found for “zzz &lt;b&gt;”." in nothing


async def test_everything_of_a_student_is_on_one_page(review, web):
    """Requests with what they lack, authorizations, CPT days, alerts, tasks and mails."""
    await issued(review)
    await confirmed(review)
    await review.hear(
        waits("r8", emplid="30012345", student_name="Ana Lima", reference="CPT-2026-000088"),
        NoticeSent(notice_id="n1", subject_id="r1", kind="approved", caused_by="e", at=NOW, message_id="m", attempts=1),
        NoticeFailed(notice_id="n2", subject_id="r1", kind="delay", caused_by="e", at=NOW, reason="no", attempts=3),
    )
    async with web("director") as director:
        page = (await director.get("/students/r8")).text
        unknown = await director.get("/students/none")
    async with web("adviser", "30012345") as own:
        refused = await own.get("/students/r8")

    for part in (
        "EMPLID 30012345",
        "SEVIS ID N0012345678",
        "May 31, 2027",
        'href="/cases/r1"',
        "CPT-2026-000088",
        "The offer letter is missing.",
        "Sep 14, 2026 to Dec 11, 2026",
        'href="/alerts/',
        "Mail not delivered",
        "CPT approved",
        "not delivered",
    ):
        assert part in page, part
    assert (unknown.status_code, refused.status_code, refused.json()["code"]) == (404, 403, "own_case")
    assert await review.value("SELECT count(*) FROM audit WHERE detail ->> 'part' = 'student' AND subject = 'r8'") == 1


async def test_what_was_never_completed_leaves_after_the_years_of_retention(review, web):
    """Case 70: nothing is found for ever."""
    await review.hear(waits("old", at=NOW - timedelta(days=366 * 5)), waits("new"))
    await retain_cases(review.database, review.now, 5)

    assert await review.value("SELECT array_agg(request_id) FROM request_summary") == ["new"]


async def test_an_issued_case_leaves_the_search_with_its_record(review):
    """Case 70: what is purged is not found any more."""
    await issued(review, recipient=Recipient(name="Ana Lima", email=None), facts=facts())
    later = review.now + timedelta(days=366 * 12)
    await retain_cases(review.database, later, 5)

    assert await review.value("SELECT count(*) FROM case_file") == 0
    assert await review.value("SELECT count(*) FROM request_summary") == 0
