"""What the reading process and its parent share, so that the parent loads no library that opens foreign files."""

from typing import NamedTuple, TypedDict

MAX_PAGES = 60
MAX_CHARACTERS = 60_000
MAX_PIXELS = 60_000_000
DRAWN_WIDTH = 1000  # pixels
DRAW = "application/pdf; drawn"
"""Asks the reading process for pictures of the first pages instead of the text."""
SEE = "application/pdf; seen"
"""Asks a process that was started for it for the text with the words in pictures."""
PING = "ping"
"""Asks whether it lives."""


class Box(NamedTuple):
    """A place on a page as it is shown, from 0 to 1 of its height and width."""

    top: float
    left: float
    bottom: float
    right: float


class ExtractedLine(NamedTuple):
    """`seen`: read from a picture by OCR, not from text."""

    text: str
    box: Box
    seen: bool = False


class ExtractedPage(TypedDict):
    """`drawn`: the page shows anything but text. `zones`: smaller pictures that can hold words and were not read.

    `hidden`: text was left out that nobody sees; `unread`: the letter goes on and is read no further.
    """

    lines: list[ExtractedLine]
    picture: bool
    drawn: bool
    zones: list[Box]
    hidden: bool
    unread: bool


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
