"""Enrollment-sync's settings."""

from datetime import timedelta

from pydantic import BaseModel

from cpt.runtime.settings import Settings, SpireSettings


class EnrollmentRules(BaseModel):
    """Minutes and hours may be fractions; shares lie between 0 and 1.

    `settling_minutes`: when a first check is repeated (P17); absent, review's settling window. `silence_hours`: so long
    without a registrar event in term is blindness. `snapshot_min_share`: a snapshot smaller than this share of the
    last good one proves nothing. `mass_guard_*`: losses of that share of the watched students, and of at least that
    many, within that many minutes of event time are held for a person (P27). `lag_limit`: more waiting records are
    blindness.
    """

    settling_minutes: float | None = None
    silence_hours: float = 6
    snapshot_min_share: float = 0.8
    reconcile_minutes: float = 60
    mass_guard_share: float = 0.05
    mass_guard_minimum: int = 10
    mass_guard_minutes: float = 10
    lag_limit: int = 5000

    @property
    def silence(self) -> timedelta:
        return timedelta(hours=self.silence_hours)

    @property
    def reconcile_every(self) -> timedelta:
        return timedelta(minutes=self.reconcile_minutes)

    @property
    def mass_guard_window(self) -> timedelta:
        return timedelta(minutes=self.mass_guard_minutes)


class SettlingWindow(BaseModel):
    """Review's part that counts here too."""

    settling_minutes: float = 15


class PatientSpireSettings(SpireSettings):
    """`timeout` is seconds for one call, `budget` for all calls and repetitions of one read."""

    timeout: float = 8.0
    budget: float = 10.0


class EnrollmentSettings(Settings):
    spire: PatientSpireSettings = PatientSpireSettings()
    enrollment: EnrollmentRules = EnrollmentRules()
    review: SettlingWindow = SettlingWindow()

    @property
    def settling(self) -> timedelta:
        own = self.enrollment.settling_minutes
        return timedelta(minutes=self.review.settling_minutes if own is None else own)
