"""The story as a person enjoys reading it: who, what, which service, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

COLORS = {"intake": "cyan", "enrollment-sync": "green", "review": "magenta", "notifier": "yellow", "campus": "blue"}


class Timeline:
    """Prints one line for each thing that happened, with the seconds from its cause to its effect."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._began = time.monotonic()

    def chapter(self, title: str) -> None:
        self._console.print()
        self._console.rule(f"[bold]{title}", align="left")

    @contextmanager
    def step(self, who: str, what: str, service: str) -> Iterator[None]:
        """Nothing is printed for a step that fails: its error ends the story."""
        began = time.monotonic()
        yield
        self.line(who, what, service, time.monotonic() - began)

    def line(self, who: str, what: str, service: str, seconds: float) -> None:
        text = Text()
        text.append(f"{time.monotonic() - self._began:6.1f} s  ", "dim")
        text.append(f"{who:<16}", "bold")
        text.append(f"{service:<16}", COLORS[service])
        text.append(what)
        text.append(f"  {seconds:.2f} s", "dim")
        self._console.print(text, soft_wrap=True)

    def show(self, title: str, body: Any) -> None:
        self._console.print()
        self._console.print(Panel(body if isinstance(body, Text) else Text(str(body)), title=title, title_align="left"))

    def addresses(self, stack: dict[str, Any]) -> None:
        self.chapter("Look around")
        pages = {
            "student": stack["intake"],
            "adviser and compliance": stack["review"],
            "campus console (drop a course here)": stack["campus"],
            "mails": f"{stack['campus']}/mail",
        }
        for name, address in pages.items():
            self._console.print(f"  {name:<38}[link={address}]{address}[/link]")
