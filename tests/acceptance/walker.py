"""A browser without eyes: it signs in, follows every link of a page, and keeps each address that it met."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx2

ADDRESS = re.compile(r"""(?:href|src|action|formaction)=["']([^"']*)["']""")
IN_MAIL = re.compile(r"https?://[^\s\"'<>)]+")
MOST_PAGES = 60


def addresses_in(html):
    return [unescape(found) for found in ADDRESS.findall(html)]


async def walk(start, campus, sub, *roles):
    """Every address that the person's pages of one service lead to, and those that answers lead to (Location)."""
    met = []

    async def keep(answer):
        met.append(str(answer.request.url))
        met.extend([answer.headers["location"]] if "location" in answer.headers else [])

    hooks = {"response": [keep]}
    async with httpx2.AsyncClient(headers={"accept": "text/html"}, event_hooks=hooks, timeout=30) as http:
        asked = await _follow(http, await http.get(start), campus)
        page = await http.post(asked.request.url, data={"sub": sub, "roles": list(roles)})
        page = await _follow(http, page, None)
        assert page.status_code == 200, f"{page.status_code} at {page.request.url}"
        waiting, seen = [page.request.url], set()
        while waiting and len(seen) < MOST_PAGES:
            address = str(waiting.pop(0)).partition("#")[0]
            if address in seen or urlsplit(address).netloc != urlsplit(start).netloc:
                continue
            seen.add(address)
            answer = await http.get(address)
            if "html" in answer.headers.get("content-type", ""):
                found = addresses_in(answer.text)
                met += found
                waiting += [urljoin(address, one) for one in found if not one.startswith("/static/")]
    return met


async def _follow(http, answer, until):
    while "location" in answer.headers:
        target = urljoin(str(answer.request.url), answer.headers["location"])
        answer = await http.get(target)
        if until and target.startswith(until):
            break
    return answer
