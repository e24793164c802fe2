"""Which characters a text from outside may hold: on a page, in JSON, in an event."""

import re

from pydantic import BeforeValidator

_BREAKS = "\t\n\r\u2028\u2029"
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Soft hyphens, fillers, zero widths, marks and overrides of the direction, invisible operators, tags: nobody sees them,
# and two texts that differ by them look alike. They come along when people copy, so that to refuse them would be a riddle.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNKEPT = re.compile(f"[{_CONTROL}{_NO_CHARACTERS}]")
_IN_NO_LINE = re.compile(f"[{_CONTROL}{_NO_CHARACTERS}{_BREAKS}]")
_IN_NO_NAME = re.compile(f"[{_CONTROL}{_NO_CHARACTERS}{_BREAKS}{_UNSEEN}]")
_HIDDEN = re.compile(f"[{_UNSEEN}]")


def visible(text: str) -> str:
    """Without invisible characters."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def is_plain(text: str) -> bool:
    """One line of characters that can be kept and seen: for ids, keys and codes, of which none may be changed."""
    return (text.isascii() and text.isprintable()) or not _IN_NO_NAME.search(text)


def is_kept(text: str) -> bool:
    """Whether every part of the system can keep it; it may have several lines."""
    return not _UNKEPT.search(text)


def several_lines(text: str) -> str:
    """Raises ValueError in words for people."""
    if not is_kept(text):
        raise ValueError("This text holds characters that cannot be kept.")
    return text


def one_line(text: str) -> str:
    """Raises ValueError in words for people."""
    if _IN_NO_LINE.search(several_lines(text)):
        raise ValueError("Write this on one line.")
    return text


def visible_if_text(value: object) -> object:
    """Anything else stays as it is, to be judged by who expects it."""
    return visible(value) if isinstance(value, str) else value


Seen = BeforeValidator(visible_if_text)
"""In an annotation: what nobody sees is taken out before anything else is judged."""
