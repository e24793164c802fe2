"""The limited process in which foreign files are opened: frames in on standard input, frames out on standard output."""

import base64
import codecs
import contextlib
import io
import json
import os
import signal
import struct
import sys
from typing import IO, Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image

from .extract import draw, read
from .extract_limits import DRAW, PING, SEE, Refused
from .extract_pdf import Eyes
from .sandbox import enter_sandbox

FRAME = struct.Struct(">I")


def main(cpu_seconds: int, language_data: str = "") -> None:
    """`language_data`, where it is given, is the folder by which it reads pictures too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    load_everything()
    eyes = _open_eyes(language_data) if language_data else None
    enter_sandbox()
    _send(answers, {"ready": True})
    while (media_type := _receive(sys.stdin.buffer)) is not None:
        content = _receive(sys.stdin.buffer) or b""
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)  # of computing; SIGPROF ends the process
        _send(answers, answer(content, media_type.decode(), eyes))
        signal.setitimer(signal.ITIMER_PROF, 0)


def answer(content: bytes, media_type: str, eyes: Eyes | None = None) -> dict[str, Any]:
    try:
        if media_type == PING:
            return {"ready": True}
        if media_type == DRAW:
            return {"pictures": [base64.b64encode(picture).decode() for picture in draw(content)]}
        if media_type == SEE:
            return {"pages": read(content, "application/pdf", eyes)}
        return {"pages": read(content, media_type)}
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "unreadable"}


def _open_eyes(language_data: str) -> Eyes:
    from .ocr import TesseractEyes  # noqa: PLC0415 - a third of a second that only letters with pictures need

    return TesseractEyes(language_data)


def load_everything() -> None:
    """One document of each kind: what the libraries load late must be there before no file can be opened any more."""
    codecs.lookup("utf-16-le")
    blank = pypdfium2.PdfDocument.new()
    blank.new_page(200, 200)
    pdf = io.BytesIO()
    blank.save(pdf)
    draw(pdf.getvalue())
    with contextlib.suppress(Refused):  # nothing stands on it
        read(pdf.getvalue(), "application/pdf")
    for kind in ("PNG", "JPEG"):
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, kind)
        read(picture.getvalue(), f"image/{kind.lower()}")


def _receive(stream: IO[bytes]) -> bytes | None:
    head = stream.read(FRAME.size)
    return stream.read(FRAME.unpack(head)[0]) if len(head) == FRAME.size else None


def _send(stream: IO[bytes], message: dict[str, Any]) -> None:
    payload = json.dumps(message).encode()
    stream.write(FRAME.pack(len(payload)) + payload)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
