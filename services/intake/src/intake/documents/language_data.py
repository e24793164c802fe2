"""Where the distribution keeps Tesseract's English; nothing is read from pictures without it or without its binding."""

from functools import cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

_ROOTS = ("/usr/share", "/usr/local/share")
_FOLDERS = ("tesseract-ocr/*/tessdata", "tesseract-ocr/tessdata", "tessdata", "tesseract/tessdata")


@cache
def language_data() -> str:
    """The folder, or ""."""
    if find_spec("tesserocr") is None:
        return ""
    folders = chain.from_iterable(Path(root).glob(folder) for root in _ROOTS for folder in _FOLDERS)
    return next((str(folder) for folder in sorted(folders, reverse=True) if (folder / "eng.traineddata").is_file()), "")
