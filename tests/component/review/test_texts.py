"""Texts of the office: a director writes them, with a preview, versions and checked placeholders."""

from typing import get_args

import pytest

from cpt.campus.office_texts import TEXTS, faults_in, filled, paragraphs_of, text_of_mail
from cpt.contracts.notifier import NoticeKind
from cpt.contracts.staff import OfficeTextChanged
from cpt.contracts.values import Person
from review.domain import Refused, Unfit
from review.texts.restore_texts import restore_texts
from review.texts.write_text import NoSuchText, show_texts, show_versions, write_text
from tests.factories import DIRECTOR

ANOTHER = Person(sub="director-2", name="Lee Park", email=None)


async def write(review, text, *, seen=0, name="mail.approved", by=DIRECTOR):
    async with review.act() as connection:
        await write_text(connection, name, text, by, review.now, seen=seen)


async def test_what_is_written_is_a_new_version_that_says_who_and_is_told(review):
    """R63, A20: every version stays; the same text again is none."""
    await write(review, "Come to our {office}.")
    await write(review, "Come to our {office}.", seen=1)
    await write(review, "", seen=1, by=ANOTHER)

    async with review.act() as connection:
        versions = await show_versions(connection, "mail.approved")
        listed = await show_texts(connection)
        audited = await connection.fetch(
            "SELECT actor, detail FROM audit WHERE action = 'office_text_changed' ORDER BY id"
        )
    told = [envelope.event for envelope in await review.published(OfficeTextChanged)]
    assert [(one.version, one.text) for one in versions] == [(2, ""), (1, "Come to our {office}.")]
    assert versions[0].by == "Lee Park"
    assert [one.name for one in listed] == list(TEXTS)
    assert [(one.version, one.text) for one in told] == [(1, "Come to our {office}."), (2, "")]
    assert [row["actor"] for row in audited] == [DIRECTOR.sub, ANOTHER.sub]


async def test_who_was_slower_overwrites_nothing(review):
    await write(review, "One")
    with pytest.raises(Refused) as refused:
        await write(review, "Two", by=ANOTHER)

    assert refused.value.code == "stale_version"


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        (
            "mail.approved",
            "Hello {nmae}, call {phone} or {fax}.",
            ["{fax} is not known here", "{nmae} is not known here"],
        ),
        ("mail.approved", "Hello {name", ["A curly bracket is open or closed alone"]),
        ("mail.approved", "x" * 2001, ["This text is too long"]),
        ("mail.greeting", "Dear student,", ["{name} is needed here"]),
        ("page.start", "Dear {name}", ["{name} is not known here"]),
    ],
)
async def test_a_text_that_could_not_be_filled_in_is_refused_with_every_fault(review, name, text, faults):
    """R11: all at once, in words; nothing is kept."""
    with pytest.raises(Unfit) as refused:
        await write(review, text, name=name)

    messages = [fault.message for fault in refused.value.faults]
    assert [wanted for wanted, said in zip(faults, messages, strict=True) if wanted not in said] == []
    assert await review.published(OfficeTextChanged) == []


async def test_there_is_no_other_text(review):
    with pytest.raises(NoSuchText):
        await write(review, "So", name="mail.alert")


async def test_a_text_that_was_told_stands_again_after_a_restore(review):
    """P39: the backup is of before the second version; nothing is told again, and a second run adds nothing."""
    await write(review, "One")
    await write(review, "Two", seen=1)
    told = [envelope.event for envelope in await review.published(OfficeTextChanged)]
    async with review.act() as connection:
        await connection.execute("DELETE FROM office_text WHERE version = 2")
        said = [await restore_texts(connection, told, "kim", review.now) for _ in range(2)]
        versions = await show_versions(connection, "mail.approved")

    assert said == [["mail.approved: version 2 stands again"], []]
    assert [(one.version, one.text) for one in versions] == [(2, "Two"), (1, "One")]
    assert len(await review.published(OfficeTextChanged)) == 2


def test_every_mail_to_a_student_takes_a_paragraph_of_the_office():
    """A20: none of the kinds is forgotten, and none is for staff or for whom a student consulted."""
    texts = {name for name in TEXTS if name.startswith("mail.")} - {"mail.greeting", "mail.contact"}
    kinds = set(get_args(NoticeKind)) - {"alert", "escalation", "blind", "task", "digest", "consultation", "report"}

    assert texts == {text_of_mail(kind) for kind in kinds}


def test_every_default_is_itself_without_fault():
    assert {name: list(faults_in(name, text.default)) for name, text in TEXTS.items() if text.default} == {
        "mail.greeting": []
    }


def test_a_value_is_never_filled_in_twice_and_an_unknown_one_is_nothing():
    """A name that looks like a placeholder stays a name."""
    assert filled("mail.greeting", None, {"name": "{office}"}) == "Dear {office},"
    assert filled("mail.approved", "Call {phone}.", {}) == "Call ."
    assert paragraphs_of(" One\nline \n \n\n Two ") == ["One line", "Two"]


async def test_a_director_looks_before_saving_and_nobody_else_writes(review, web):
    """The preview is escaped and says that nothing is saved yet; saving leads back to the list."""
    typed = {"text": "Welcome <b>{name}</b>, see https://isss.example/cpt", "seen": "0"}
    async with web("director") as director, web("adviser") as adviser:
        preview = await director.post("/texts/mail.approved", data=typed | {"act": "preview"})
        wrong = await director.post("/texts/mail.approved", data=typed | {"act": "save", "text": "Call {fax}"})
        refused = await adviser.post("/texts/mail.approved", data=typed | {"act": "save"})
        listed = (await director.get("/texts")).text
        saved = await director.post("/texts/mail.approved", data=typed | {"act": "save"})
        after = (await director.get("/texts/mail.approved")).text
        nothing = await director.get("/texts/mail.alert")

    assert "Welcome &lt;b&gt;Ana Lima&lt;/b&gt;" in preview.text
    assert '<a href="https://isss.example/cpt"' in preview.text
    assert "Not saved yet." in preview.text
    assert (wrong.status_code, refused.status_code, nothing.status_code) == (422, 403, 404)
    assert "{fax} is not known here. This text knows {name}, {reference}" in wrong.text
    assert "Welcome" not in listed
    assert saved.headers["location"] == "/texts?said=saved"
    assert "Version 1" in after
