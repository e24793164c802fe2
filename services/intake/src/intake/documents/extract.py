"""Opens one document and takes out its text, or draws its first pages; runs in a limited child process only."""

from .extract_limits import ExtractedPage
from .extract_pdf import Eyes, draw_pdf, read_pdf
from .extract_picture import read_picture


def read(content: bytes, media_type: str, eyes: Eyes | None = None) -> list[ExtractedPage]:
    """With `eyes`, the words in a PDF's pictures too. Raises Refused."""
    return read_pdf(content, eyes) if media_type == "application/pdf" else read_picture(content)


def draw(content: bytes) -> list[bytes]:
    """The first pages of a PDF as PNG; raises Refused."""
    return draw_pdf(content)
