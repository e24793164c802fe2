"""A director reads every kind of mail as a whole before anybody gets it."""

import pytest

from notifier.notice_context import build_notice_context
from notifier.preview_mail import EXAMPLES, preview_mail


@pytest.mark.parametrize("kind", EXAMPLES)
async def test_each_kind_of_mail_is_shown_whole_with_what_is_tried(notifier, kind):
    """A20: the office's words stand where they will stand, filled in and escaped; nothing is kept or sent."""
    async with notifier.database.connection() as connection:
        context = build_notice_context(notifier.settings)
        now = await preview_mail(connection, kind, context, None)
        tried = await preview_mail(connection, kind, context, "Ask for <b>{name}</b>.")

    assert "Dear Ana Lima," in now.text
    assert "Ask for" not in now.text
    assert "Ask for <b>Ana Lima</b>." in tried.text
    assert "Ask for &lt;b&gt;Ana Lima&lt;/b&gt;." in tried.html
    assert await notifier.notices() == []


async def test_only_a_director_looks_at_mails_before_they_exist(web):
    listed, one, unknown, refused = [
        await web(role, path)
        for role, path in (
            ("director", "/mails"),
            ("director", "/mails/contact"),
            ("director", "/mails/alert"),
            ("operations", "/mails"),
        )
    ]

    assert 'href="/mails/contact"' in listed.text
    assert "Please contact our office today" in one.text
    assert (unknown.status_code, refused.status_code) == (404, 403)
