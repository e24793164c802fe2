"""Opens a PNG or JPEG as far as a viewer would."""

import io

from PIL import Image

from .extract_limits import MAX_PIXELS, ExtractedPage, Refused


def read_picture(content: bytes) -> list[ExtractedPage]:
    """Opens the picture twice, since verifying leaves it unusable; nothing is decoded before its size is known."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("oversize")
            picture.verify()
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            picture.load()
    except Image.DecompressionBombError as error:
        raise Refused("oversize") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("unreadable") from error
    return [ExtractedPage(lines=[], picture=True, drawn=True, zones=[], hidden=False, unread=False)]
