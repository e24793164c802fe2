"""The options of a web process, given when it is built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from cpt.web.claims import ClaimMap
from cpt.web.pages import Link
from cpt.web.strength import Strength


@dataclass(frozen=True)
class Identity:
    """The issuer, this service's registration there, and the browser sessions that follow from signing in.

    `public_url` is the outer address of this service. `session_secrets` hold 32 characters or more each; the first
    seals, all open; without any, sessions end with the process, which only development may do. `insecure_cookies`
    is for development on plain HTTP. The issuer is asked again about a signed-in person after `ask_every`; while it is
    silent, what it said before counts for `patience`. `sessions`: browsers in which
    one person may be signed in; one more ends the oldest. `audience` of access tokens is the service's name where empty.
    """

    issuer: str
    public_url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    session_secrets: Sequence[str] = field(default=(), repr=False)
    scope: str = "openid profile email"
    idle: timedelta = timedelta(hours=2)
    absolute: timedelta = timedelta(hours=10)
    ask_every: timedelta = timedelta(minutes=5)
    patience: timedelta = timedelta(hours=1)
    sessions: int = 20
    strength: Strength = field(default_factory=Strength)
    audience: str = ""
    claims: ClaimMap = field(default_factory=ClaimMap)
    insecure_cookies: bool = False

    def check(self, service: str, *, development: bool) -> None:
        """Raises ValueError for what must not run as `service`."""
        if not self.issuer or not self.public_url:
            raise ValueError("the issuer and the service's own public address are needed to sign people in")
        if self.client_id == (self.audience or service):
            raise ValueError(
                f"a client of the issuer named {self.client_id} would make its ID tokens access tokens here"
            )
        if not development and (self.insecure_cookies or not self.session_secrets):
            raise ValueError("insecure cookies and sessions without a secret are for development only")


class Office(Protocol):
    phone: str
    address: str
    hours: str


@dataclass(frozen=True)
class Branding:
    """`title` names the service on every page; `templates` and `static` are its own folders,
    `context` is what its templates know everywhere. `search` takes what the header's box sends; `sites` are the services
    that staff work in, and `office` is how to reach people.
    """

    title: str
    templates: Path | None = None
    static: Path | None = None
    navigation: Sequence[Link] = ()
    search: Link | None = None
    sites: Sequence[Link] = ()
    office: Office | None = None
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RequestLimits:
    """Body sizes in bytes, `form` for what pages send, `larger_bodies` by a regular expression for the whole path; rates
    a second.
    """

    body: int = 64 * 2**10
    form: int = 256 * 2**10
    larger_bodies: Mapping[str, int] = field(default_factory=dict)
    person_rate: float = 50
    address_rate: float = 500
