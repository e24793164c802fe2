"""Pages from templates: one layout, one look, the same helpers everywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from cpt.campus.university import HERE
from cpt.web import csrf
from cpt.web.assets import Assets
from cpt.web.formats import FILTERS
from cpt.web.live import etag_of, regions
from cpt.web.person import Person
from cpt.web.problems import Problem, address
from cpt.web.session_middleware import LIVE_HEADER
from cpt.web.sessions import Session
from cpt.web.statuses import status_of

SHARED_TEMPLATES = Path(__file__).parent / "templates"
SHARED_STATIC = Path(__file__).parent / "static"
OWN_TOKEN = "the-token-of-this-page"  # noqa: S105 no secret, a placeholder
"""Stands in live regions for the token, which each page has under a pad of its own; cpt.js puts it in again."""


@dataclass(frozen=True)
class Link:
    """A place in the navigation; without roles it is for everyone who signed in."""

    label: str
    href: str
    roles: frozenset[str] = frozenset()


def environment(folders: Sequence[Path], assets: Assets) -> Environment:
    """The first folder that has a template wins, and the shared ones come last."""
    made = Environment(
        loader=FileSystemLoader([*folders, SHARED_TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(university=HERE.get, asset=assets.url, new_key=lambda: str(uuid4()))
    return made


class Pages:
    """`title` names the service on every page."""

    def __init__(
        self,
        title: str,
        templates: Environment,
        navigation: Sequence[Link],
        clock: Callable[[], datetime],
        search: Link | None = None,
        sites: Sequence[Link] = (),
        office: object = None,
    ) -> None:
        self._title = title
        self._templates = templates
        self._navigation = navigation
        self._clock = clock
        self._search = search
        self._sites = sites
        self._office = office

    def render(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """Beside `context` a template knows `person`, `csrf_field`, `csrf_token`, `navigation`, `sites`, `office`, `search`, `names`, `badges`, `path`, `now`."""
        everywhere = self._everywhere(request)
        html = self._templates.get_template(template).render({**everywhere, **context})
        if LIVE_HEADER in request.headers and status == 200 and (followed := regions(html)):
            return _followed(request, followed.replace(everywhere["csrf_token"] or OWN_TOKEN, OWN_TOKEN))
        return HTMLResponse(html, status, headers)

    def error(self, request: Request, problem: Problem) -> HTMLResponse:
        """What happened, what to do now, and where to go."""
        return self.render(
            request,
            "error.html",
            problem.status_code,
            problem.headers,
            problem=problem,
            advice=status_of(problem.status_code).advice,
            again=address(request) if request.method == "GET" and problem.status_code >= 429 else None,
            typed=request.method == "POST",
            unsent=getattr(request.state, "unsent", False),
            return_to=_came_from(request),
        )

    def _everywhere(self, request: Request) -> dict[str, Any]:
        session: Session | None = getattr(request.state, "session", None)
        person: Person | None = getattr(request.state, "person", None) or (session.person if session else None)
        token = csrf.masked(session.csrf) if session else ""
        return {
            "service_title": self._title,
            "person": person,
            "csrf_token": token,
            "csrf_field": Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token),
            "navigation": [link for link in self._navigation if person and (not link.roles or person.has(*link.roles))],
            "sites": [site for site in self._sites if person and person.has(*site.roles)],
            "office": self._office,
            "own_site": request.app.state.origin,
            "search": self._search.href if self._search and person and person.has(*self._search.roles) else None,
            "names": getattr(request.state, "names", {}),
            "badges": getattr(request.state, "badges", {}),
            "path": request.url.path,
            "kept": getattr(request.state, "kept", None),
            "now": self._clock(),
        }


def _followed(request: Request, followed: str) -> HTMLResponse:
    """The live regions, or 304 where the page shows them already."""
    etag = {"ETag": etag_of(followed)}
    if request.headers.get("if-none-match") == etag["ETag"]:
        return HTMLResponse(status_code=304, headers=etag)
    return HTMLResponse(followed, headers=etag)


def _came_from(request: Request) -> str:
    """Where a sign-in leads back to: what it was begun for, or the page whose form was sent."""
    begun_for: str | None = getattr(request.state, "return_to", None)
    return begun_for or urlsplit(request.headers.get("referer", "")).path or "/"
