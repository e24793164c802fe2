"""`python -m tests.browser.pictures`: the README's three pictures, of a demo that runs in this clone (`make demo`)."""

import asyncio
import io
import json
import shutil
import sys
from pathlib import Path

import httpx2
from PIL import Image
from playwright.async_api import async_playwright

from infra.demo.cast import KENJI
from infra.demo.office import Office
from tests.browser.visitors import Visitors

FOLDER = Path("docs/pictures")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
SIZE = {"width": 1440, "height": 900}
COLORS = 64
"""Enough for pages of few colors, so that a picture has less than 100 KB."""


async def main(stack) -> None:
    async with httpx2.AsyncClient(timeout=30) as http:
        office = Office(stack, http)
        alert = next(one for one in await office.alerts() if one["student"]["emplid"] == KENJI.emplid)
    case = alert["authorizations"][0]["request_id"]
    async with async_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        visitors = Visitors(browser, stack)
        student = await visitors.page("intake", KENJI.emplid, "student")
        await _take(student, f"{stack['intake']}/requests/{case}", "student")
        director = await visitors.page("review", "d.whitaker", "adviser", "director")
        await _take(director, f"{stack['review']}/cases/{case}", "case")
        await _take(director, f"{stack['review']}/alerts/{alert['alert_id']}", "alert")
        await browser.close()


async def _take(page, address, name):
    await page.set_viewport_size(SIZE)
    await page.goto(address)
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB").quantize(COLORS)
    picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    stack_file = Path(sys.argv[1] if sys.argv[1:] else ".run/stack.json")
    asyncio.run(main(json.loads(stack_file.read_text())))
