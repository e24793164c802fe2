"""What the reading process and its parent share, so that the parent loads no library that opens foreign files."""

from typing import TypedDict

MAX_PAGES = 60
MAX_CHARACTERS = 60_000
MAX_PIXELS = 60_000_000
DRAWN_PAGES = 2
DRAWN_WIDTH = 1000  # pixels
DRAW = "application/pdf; drawn"
"""Asks the reading process for pictures of the first pages instead of the text."""
PING = "ping"
"""Asks whether it lives."""


class ExtractedPage(TypedDict):
    """`lines`: text, top and left, the places from 0 to 1; `drawn`: the page shows anything but text.

    `zones`: the top and bottom of pictures that can hold words; `hidden`: text was left out that nobody sees;
    `unread`: the letter goes on and is read no further.
    """

    lines: list[tuple[str, float, float]]
    picture: bool
    drawn: bool
    zones: list[tuple[float, float]]
    hidden: bool
    unread: bool


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
