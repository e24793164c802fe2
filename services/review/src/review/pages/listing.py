"""A page of a list: how many rows it has, and the addresses of its filters and of the pages beside it."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from cpt.web import forms

ROWS = 40
"""Of every list; with one row more that is asked for, to know whether there is a next page."""

Adviser = Annotated[forms.Line, Query()]
"""A sign-in name."""
Term = Annotated[str, Query(pattern=r"^(\d{4})?$")]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


class Listing:
    """`chosen` is what the address asks for, by its names; what is empty is left out of every address."""

    def __init__(self, path: str, chosen: Mapping[str, str | int | None], page: int) -> None:
        self._path, self._chosen, self.page = path, chosen, page

    @property
    def offset(self) -> int:
        return (self.page - 1) * ROWS

    def link(self, **changed: str | int | None) -> str:
        """The same list with something chosen otherwise; it begins on its first page."""
        left = {name: value for name, value in {**self._chosen, **changed}.items() if value}
        return f"{self._path}?{urlencode(left)}" if left else self._path

    def turn(self, pages: int) -> str:
        return self.link(page=self.page + pages if self.page + pages > 1 else None)

    def chose(self, name: str) -> str | int | None:
        return self._chosen.get(name)
