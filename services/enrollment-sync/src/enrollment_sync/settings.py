"""Enrollment-sync's settings."""

from datetime import timedelta

from pydantic import Field

from cpt.runtime.settings import Section, Settings, SpireSettings
from enrollment_sync.losses.guard import Guard


class EnrollmentRules(Section):
    """Minutes and hours may be fractions; shares lie between 0 and 1."""

    settling_minutes: float | None = None
    """When a first check is repeated (P17); absent, review's settling window."""
    impossible_minutes: float = 10
    """SPIRE's own sequence below an event's for so long, and in three reads: the event is impossible (P17)."""
    silence_hours: float = 6
    """So long without a registrar event in term is blindness (P30)."""
    snapshot_min_share: float = 0.8
    """A snapshot smaller than this share of the last good one proves nothing."""
    reconcile_minutes: float = 60
    """Pause between two comparisons of a term."""
    status_hours: float = 24
    """Pause between two reads of who has authorized days left: no event tells of their status (A32)."""
    lag_limit: int = 5000
    """More waiting records are blindness."""
    guard_share: float = 0.05
    """More lost than this share of those watched after issuance, at once, is held for a person (P27)."""
    guard_minimum: int = 10
    """Fewer are never held."""
    guard_minutes: float = 10
    """What counts as at once, in event time."""

    @property
    def impossible(self) -> timedelta:
        return timedelta(minutes=self.impossible_minutes)

    @property
    def silence(self) -> timedelta:
        return timedelta(hours=self.silence_hours)

    @property
    def status_every(self) -> timedelta:
        return timedelta(hours=self.status_hours)

    @property
    def reconcile_every(self) -> timedelta:
        return timedelta(minutes=self.reconcile_minutes)


class ExtractSettings(Section):
    """For sites whose SPIRE writes extracts or sends Integration Broker messages (docs/connect.md)."""

    mapping: str = ""
    """File that says how the site writes them; absent: the delivered names of PeopleSoft."""
    answer_reads: bool = False
    """Answer `/spire/…` at this service's web process from the extracts; `CPT_SPIRE__URL` of all services is then its address."""
    hours: float = Field(default=36, gt=0)
    """Reads are answered from a full extract that is not older; then they are not, and checks cannot be determined."""

    @property
    def patience(self) -> timedelta:
        return timedelta(hours=self.hours)


class SettlingWindow(Section):
    """Review's part that counts here too."""

    settling_minutes: float = 15
    """Review's settling window."""


class PatientSpireSettings(SpireSettings):
    """SPIRE's read side, asked with patience."""

    timeout: float = 8.0
    """Seconds for one call."""
    budget: float = 10.0
    """Seconds for all calls and repetitions of one read."""


class EnrollmentSettings(Settings):
    spire: PatientSpireSettings = PatientSpireSettings()
    enrollment: EnrollmentRules = EnrollmentRules()
    extracts: ExtractSettings = ExtractSettings()
    review: SettlingWindow = SettlingWindow()

    @property
    def settling(self) -> timedelta:
        own = self.enrollment.settling_minutes
        return timedelta(minutes=self.review.settling_minutes if own is None else own)

    @property
    def guard(self) -> Guard:
        rules = self.enrollment
        burst = timedelta(minutes=rules.guard_minutes)
        return Guard(rules.guard_share, rules.guard_minimum, burst, self.settling)
