"""The form answers while it is filled in."""

from tests.browser.visitors import text_of


async def test_the_form_says_at_once_which_terms_the_dates_touch(visitors):
    """R22, R24: before anything is saved."""
    page = await visitors.page("intake", "30060009", "student")
    await page.goto(f"{visitors.stack['intake']}/requests/new/dates")
    await page.get_by_label("Exact start date").fill("2026-09-14")
    await page.get_by_label("Exact end date").fill("2027-02-02")

    assert "Your dates touch Fall 2026, Winter 2027, Spring 2027." in await text_of(page)
