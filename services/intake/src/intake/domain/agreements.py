"""Handshake agreements: which one belongs to a request, and whether it is good enough (R34, R35, P23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cpt.campus.clock import in_words
from cpt.campus.employers import same_employer
from intake.domain.application import Application

Kind = Literal["internship", "coop", "practicum"]
Status = Literal["pending", "started", "needs_review", "approved", "declined", "withdrawn"]
Verdict = Literal["approved", "missing", "pending", "declined", "needs_review", "withdrawn", "mismatch"]

_NEAREST_FIRST: tuple[Status, ...] = ("approved", "pending", "started", "needs_review", "declined", "withdrawn")
_LIVE = frozenset({"approved", "pending", "started", "needs_review"})


@dataclass(frozen=True, slots=True)
class Agreement:
    agreement_id: str
    version: int
    kind: Kind
    status: Status
    employer: str
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class NamedAgreement:
    """The approved agreement that a request rests on."""

    agreement_id: str
    version: int
    kind: Kind
    start_date: date
    end_date: date

    def says_the_same(self, other: "NamedAgreement | None") -> bool:
        """A new version alone changes nothing; other dates or another contract do (case 47)."""
        return other is not None and (self.agreement_id, self.kind, self.start_date, self.end_date) == (
            other.agreement_id,
            other.kind,
            other.start_date,
            other.end_date,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """`heard` is the agreement the verdict speaks of; None when Handshake was never heard of."""

    verdict: Verdict
    heard: Agreement | None = None

    @property
    def approved(self) -> NamedAgreement | None:
        if self.verdict != "approved" or self.heard is None:
            return None
        found = self.heard
        return NamedAgreement(found.agreement_id, found.version, found.kind, found.start_date, found.end_date)


@dataclass(frozen=True, slots=True)
class Loss:
    """What is wrong with the agreement that an I-20 rests on; `version` and dates are those of the one heard of last."""

    verdict: str
    version: int | None = None
    start_date: date | None = None
    end_date: date | None = None

    @property
    def why(self) -> str:
        if self.verdict == "changed" and self.start_date and self.end_date:
            days = f"{in_words(self.start_date)} to {in_words(self.end_date)}"
            return f"The agreement was changed: the one that counts now runs from {days}, not as the I-20 rests on it."
        return f"The agreement is {self.verdict.replace('_', ' ')}."

    def says_the_same(self, told: "Loss | None") -> bool:
        """A new version alone is no news."""
        return told is not None and (self.verdict, self.start_date, self.end_date) == (
            told.verdict,
            told.start_date,
            told.end_date,
        )


def loss_of(match: Match) -> Loss:
    verdict = "changed" if match.verdict == "approved" else match.verdict
    heard = match.heard
    return Loss(verdict, heard.version, heard.start_date, heard.end_date) if heard else Loss(verdict)


def match_agreement(
    application: Application, agreements: Iterable[Agreement], rests_on: NamedAgreement | None = None
) -> Match:
    """Of several agreements the one nearest to approval counts; of these the one the request rests on already, then one
    of the route's kind (R26), then the one that covers the most days of the offer.
    """

    def rank(one: Agreement) -> tuple[int, bool, bool, int, str]:
        other = rests_on is None or rests_on.agreement_id != one.agreement_id
        off_route = (one.kind == "coop") != (application.route == "coop")
        return _NEAREST_FIRST.index(one.status), other, off_route, -_shared_days(application, one), one.agreement_id

    known = sorted(agreements, key=rank)
    for agreement in known:
        if _same_employer(application, agreement) and _overlaps(application, agreement):
            return Match(_verdict(agreement.status), agreement)
    for agreement in known:
        near = _same_employer(application, agreement) or _overlaps(application, agreement)
        if agreement.status in _LIVE and near:
            return Match("mismatch", agreement)
    return Match("missing")


def _verdict(status: Status) -> Verdict:
    return "pending" if status == "started" else status


def _same_employer(application: Application, agreement: Agreement) -> bool:
    return same_employer(application.employer, agreement.employer)


def _overlaps(application: Application, agreement: Agreement) -> bool:
    return _shared_days(application, agreement) > 0


def _shared_days(application: Application, agreement: Agreement) -> int:
    if application.span is None:
        return 0
    start, end = application.span
    return (min(end, agreement.end_date) - max(start, agreement.start_date)).days + 1
