"""Intake's settings."""

from collections.abc import Iterator

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


class AdviceSettings(Section):
    """Who advises students, as links on the start page."""

    hub_url: str = ""
    """Page of the Career Development Hub; empty: no link."""
    colleges_url: str = ""
    """Page of the colleges' career offices; empty: no link."""


class IntakeSettings(Settings):
    documents: DocumentSettings = DocumentSettings()
    advice: AdviceSettings = AdviceSettings()

    def _unfit(self) -> Iterator[str]:
        yield from super()._unfit()
        yield from self.office.missing()
