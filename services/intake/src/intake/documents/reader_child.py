"""The limited process in which foreign files are opened: frames in on standard input, frames out on standard output."""

import base64
import json
import os
import resource
import signal
import struct
import sys
from typing import IO, Any

from PIL import JpegImagePlugin, PngImagePlugin  # noqa: F401 - loaded before files can no longer be opened

from .extract import draw, read
from .extract_limits import DRAW, Refused

ADDRESS_SPACE = 1024**3  # bytes: the interpreter, PDFium and the largest picture allowed
FRAME = struct.Struct(">I")


def main(cpu_seconds: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    limit_process()
    _send(answers, {"ready": True})
    while (media_type := _receive(sys.stdin.buffer)) is not None:
        content = _receive(sys.stdin.buffer) or b""
        allow_more_time(cpu_seconds)
        _send(answers, answer(content, media_type.decode()))


def answer(content: bytes, media_type: str) -> dict[str, Any]:
    try:
        if media_type == DRAW:
            return {"pictures": [base64.b64encode(picture).decode() for picture in draw(content)]}
        return {"pages": read(content, media_type)}
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "unreadable"}


def limit_process() -> None:
    """No files written, no further processes, bounded memory; the time is allowed document by document."""
    limits = {
        resource.RLIMIT_AS: ADDRESS_SPACE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def allow_more_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _receive(stream: IO[bytes]) -> bytes | None:
    head = stream.read(FRAME.size)
    return stream.read(FRAME.unpack(head)[0]) if len(head) == FRAME.size else None


def _send(stream: IO[bytes], message: dict[str, Any]) -> None:
    payload = json.dumps(message).encode()
    stream.write(FRAME.pack(len(payload)) + payload)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
