"""WCAG 2.2 AA contrast of the shared style sheet, in light and in dark."""

import re

import pytest

from cpt.web.pages import SHARED_STATIC

CSS = (SHARED_STATIC / "cpt.css").read_text(encoding="utf-8")
TEXTS = [
    *((text, ground) for text in ("text", "soft", "link") for ground in ("ground", "paper")),
    ("soft", "raised"),
    ("on-brand", "brand"),
    ("bad", "paper"),
    ("bad", "ground"),
    *((kind, f"{kind}-ground") for kind in ("good", "warn", "bad", "note")),
]
EDGES = [("edge", "paper"), ("edge", "ground"), ("focus", "paper"), ("focus", "ground"), ("brand", "paper")]


def scheme(block: int) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[block]))


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("block", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(block, text, ground):
    colors = scheme(block)

    assert contrast(colors[text], colors[ground]) >= 4.5


@pytest.mark.parametrize("block", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_fields_and_the_focus_can_be_seen(block, edge, ground):
    colors = scheme(block)

    assert contrast(colors[edge], colors[ground]) >= 3


def test_dark_and_light_know_the_same_colors():
    assert scheme(0).keys() == scheme(1).keys()
