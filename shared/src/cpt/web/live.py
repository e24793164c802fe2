"""A page that updates itself asks for its live regions only, and gets 304 while nothing has changed."""

import hashlib
import re
from collections.abc import Iterator

_REGION = re.compile(r'<(\w+)\b[^>]*\bid="[^"]+"[^>]*\bdata-live="[^>]*>')


def regions(html: str) -> str:
    """The elements with an id and `data-live`, each whole; templates escape, so that no text holds a tag."""
    return "\n".join(_each(html))


def etag_of(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _each(html: str) -> Iterator[str]:
    for found in _REGION.finditer(html):
        depth = 0
        for tag in re.finditer(rf"<(/?){found[1]}\b[^>]*>", html[found.start() :]):
            depth += -1 if tag[1] else 1
            if depth == 0:
                yield html[found.start() : found.start() + tag.end()]
                break
