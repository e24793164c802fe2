"""Intake's settings."""

from cpt.runtime.settings import Section, Settings


class DocumentSettings(Section):
    """Where uploads are kept, and what looks at them first."""

    url: str = ""
    """`file:///folder` or `s3://bucket/prefix`."""
    max_bytes: int = 10 * 1024**2
    """Largest upload."""
    clamav_host: str = ""
    """The virus scanner; without one the case file says so."""
    clamav_port: int = 3310
    """Port of the virus scanner."""


class IntakeSettings(Settings):
    documents: DocumentSettings = DocumentSettings()
