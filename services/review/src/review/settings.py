"""Review's settings."""

from datetime import timedelta

from pydantic import BaseModel

from cpt.runtime.settings import Settings


class ReviewRules(BaseModel):
    """Minutes, fractions allowed. `issuance_minutes`: how long the answer to `IssuanceAsked` opens the gate."""

    pending_hold_minutes: float = 30
    settling_minutes: float = 15
    hole_alarm_minutes: float = 10
    issuance_minutes: float = 15

    @property
    def pending_hold(self) -> timedelta:
        return timedelta(minutes=self.pending_hold_minutes)

    @property
    def settling(self) -> timedelta:
        return timedelta(minutes=self.settling_minutes)

    @property
    def hole_alarm(self) -> timedelta:
        return timedelta(minutes=self.hole_alarm_minutes)

    @property
    def issuance_valid(self) -> timedelta:
        return timedelta(minutes=self.issuance_minutes)


class DocumentSettings(BaseModel):
    """Where intake keeps the documents."""

    url: str = "file:///var/lib/cpt/documents"


class ReviewSettings(Settings):
    review: ReviewRules = ReviewRules()
    documents: DocumentSettings = DocumentSettings()
