"""The groups of settings that several services have in common."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from cpt.campus.business_days import US_STATES
from cpt.campus.policy import Dates, OfficePolicy, SummerCoop, TermBreak, TwentyHours
from cpt.campus.university import University

Role = Literal["student", "adviser", "director", "compliance", "operations", "registrar", "handshake"]


_KEY_LENGTH = 32


class Section(BaseModel):
    """A group of settings; each field's docstring is its meaning in the README of the service."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class RetentionSettings(Section):
    """How long the office keeps what is over; the same everywhere."""

    years: int = Field(default=5, ge=3)
    """Years after the end of study and the last event; the regulation asks for three."""


class PolicySettings(Section):
    """How the office reads what its page leaves open; the same everywhere, set once for all services."""

    dates: Dates = "intersection"
    """A8: `intersection`: an I-20 names the training within each term; `whole_term`: the whole of each term."""
    term_break: TermBreak = "none"
    """A9: `none`: days between terms are not authorized; `bridge`: they are, between two terms of the same training."""
    twenty_hours: TwentyHours = "part_time"
    """A14: what exactly 20 hours a week are, `part_time` or `full_time`; they are flagged in either case."""
    summer_coop: SummerCoop = "dso_decides"
    """A18: a co-op in summer alone: `dso_decides`: flagged and not exempt; `exempt`: a co-op like any other."""

    @property
    def office(self) -> OfficePolicy:
        return OfficePolicy(**self.model_dump())


class ConsultationSettings(Section):
    """Whether the person a student consulted is asked to confirm it (R20); by default nobody is, for the page does not ask."""

    routes: list[Literal["required", "coop", "credit"]] = []
    """JSON: the routes for which it is asked, such as `["credit"]`; empty: none."""
    key: SecretStr = SecretStr("")
    """At least 32 characters that sign the links; intake and notifier need the same."""
    domains: list[str] = ["umass.edu"]
    """JSON: domains, with what lies below them, to whose addresses the question goes; to no other."""
    valid_days: int = Field(default=14, ge=1, le=90)
    """How long a link can be answered."""
    remind_days: int = Field(default=4, ge=1, le=90)
    """After so many days without an answer it is asked once more."""

    @model_validator(mode="after")
    def _can_sign(self) -> Self:
        if self.routes and len(self.key.get_secret_value()) < _KEY_LENGTH:
            raise ValueError(
                "CPT_CONSULTATION__KEY needs at least 32 characters where CPT_CONSULTATION__ROUTES names a route"
            )
        return self


class HttpSettings(Section):
    """Where the process listens; a worker serves nothing but its probes and metrics."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8000
    """Port to listen on."""
    probe_port: int = Field(default=0, ge=0, lt=65_536)
    """Port of probes and metrics alone, which nothing outside of the cluster may reach; production needs one. 0: they are
    at `port`.
    """
    trusted_proxies: str = ""
    """Addresses and networks of the proxies before it, by commas: what they forward as X-Forwarded-For is the caller's
    address, which the rate of an address is counted by. Empty: nobody's word is taken for it.
    """


class ClaimSettings(Section):
    """Names of claims; dots lead into nested ones, such as `realm_access.roles`."""

    subject: str = Field(default="sub", min_length=1)
    """What everybody but a student is known by, in every service and for ever."""
    emplid: str = ""
    """What holds a student's EMPLID; empty: the subject is it."""
    roles: str = Field(default="roles", min_length=1)
    """What holds the roles, as a list or a single value; several by spaces are added up."""
    name: str = "name"
    """A person's name as pages and mails show it."""
    email: str = "email"
    """Where mail reaches them."""


class OidcSettings(Section):
    """The university's sign-in."""

    issuer: str = ""
    """Address of the OIDC issuer."""
    client_id: str = "cpt"
    """This client's name there."""
    client_secret: SecretStr | None = None
    """Absent for a public client."""
    audience: str = ""
    """Audience of the access tokens for this service; empty: its name, such as `enrollment-sync`."""
    claims: ClaimSettings = ClaimSettings()
    roles: dict[str, Role] = {}
    """What each role or group of the university means here, as JSON: `{"cpt-advisers": "adviser"}`; others mean nothing. Empty:
    the issuer uses our names.
    """
    scope: str = "openid profile email"
    """What is asked for when signing in; many issuers give refresh tokens only with `offline_access`."""
    ask_seconds: float = Field(default=300, gt=0)
    """After so many seconds the issuer is asked again whether a signed-in person still has their roles."""
    staff_acr: str = ""
    """Classes of sign-in (`acr`), by spaces, of which one is enough for staff, in the browser and by token; empty: any."""
    staff_amr: str = ""
    """Method (`amr`), such as `mfa`, that staff must have used; empty: any."""
    sessions: int = Field(default=20, ge=1)
    """Browsers in which one person may be signed in at a time; one more ends the oldest session."""
    patience_seconds: float = Field(default=3600, ge=0)
    """How long a session goes on while the issuer does not answer."""


class SpireSettings(Section):
    """SPIRE's read side."""

    url: str = ""
    """Address before `/spire/…`."""
    token: SecretStr = SecretStr("")
    """Bearer token of the service account."""
    timeout: float = 5.0
    """Seconds for one call."""


class OfficeSettings(Section):
    """How students reach the office; pages and mails say it. Production needs all three (A28)."""

    phone: str = Field(default="", max_length=100)
    """Telephone number."""
    address: str = Field(default="", max_length=200)
    """Where to come by, in one line; an I-20 that nobody uploaded is picked up there."""
    hours: str = Field(default="", max_length=200)
    """When somebody is there, such as: Monday to Friday, 9 AM to 4 PM."""

    def missing(self) -> list[str]:
        """One line for each variable that is not set."""
        names = [name for name in ("phone", "address", "hours") if not getattr(self, name)]
        return [f"CPT_OFFICE__{name.upper()} is needed: pages and mails say how to reach the office" for name in names]


class UniversitySettings(Section):
    """Which university this is; the same everywhere, set once for all services (docs/another-campus.md)."""

    name: str = Field(default="UMass Amherst", min_length=1, max_length=60)
    """As people call it; pages and mails say it."""
    full_name: str = Field(default="University of Massachusetts Amherst", min_length=1, max_length=120)
    """As it stands at the foot of each page."""
    office: str = Field(default="International Programs Office", min_length=1, max_length=100)
    """The office that authorizes CPT."""
    state: str = Field(default="MA", pattern="^[A-Z]{2}$")
    """Whose legal holidays are no business days, as a postal abbreviation."""
    state_name: str = Field(default="Massachusetts", min_length=1, max_length=40)
    """That state's name."""
    institution: str = Field(default="UMAMH", min_length=1, max_length=10)
    """PeopleSoft's code of it, where a row names none."""
    letter_words: str = "umass university massachusetts"
    """What an offer letter calls it, by spaces: a city behind such a word is a part of its name, and no work place."""

    @field_validator("state")
    @classmethod
    def _has_holidays(cls, state: str) -> str:
        if state not in US_STATES:
            raise ValueError(f"no state of the United States is abbreviated {state!r}")
        return state

    @property
    def university(self) -> University:
        words = frozenset(self.letter_words.lower().split())
        return University(**self.model_dump(exclude={"letter_words"}), letter_words=words)


class LinkSettings(Section):
    """Outer addresses that notices and pages point to."""

    intake: str = ""
    """The students' pages."""
    review: str = ""
    """The office's pages."""
    enrollment_sync: str = ""
    """The pages of the enrollment watch; without an address nothing leads there."""
    notifier: str = ""
    """The pages of mails; without an address nothing leads there."""
