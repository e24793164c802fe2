"""Opens one document and takes out its text; runs in a limited child process only."""

from .extract_limits import ExtractedPage
from .extract_pdf import read_pdf
from .extract_picture import read_picture


def read(content: bytes, media_type: str) -> list[ExtractedPage]:
    """Raises Refused."""
    return read_pdf(content) if media_type == "application/pdf" else read_picture(content)
