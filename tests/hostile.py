"""Hostile requests made from a service's OpenAPI document, and what every answer to one has to be."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx2
from fastapi import FastAPI

CANARY, NAME = "zq-never-quoted-zq", "zq-a-name-zq"
JSON_VALUES = [
    None, True, -1, 2**63, 10**40, float("nan"), "", "\t\n", "a\0b", "\ud800", "\u202egnp", "x" * 20_000, CANARY, "１２",
    "0001-01-01", "9999-12-31", "2026-02-30", "+292278994-08-17", "2026-09-14T00:00:00Z", "<script>", [], [None], {}, {NAME: CANARY}, ["x"] * 2_000,
    [{"city": "\0"}] * 3,
]  # fmt: skip
TEXTS = [
    "", "%00", "%2e%2e%2f%2e%2e", "%ff%fe", "%ED%A0%80", "-1", str(2**63), str(10**400), "1e9", quote("１２"), "'%20OR%201=1",
    "a" * 6_000, "%0d%0aX-Evil:%201", CANARY,
]  # fmt: skip
HEADERS = ["", "x" * 201, "a,b", '"', "*", 'W/"1"', str(10**400), "\xff\xfe", "key\tkey", "%00", "é"]
TYPES = [
    "", "text/plain", "application/json; charset=utf-16", "application/json; charset=undefined", "application/xml",
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "/", "json",
    "application/json; q=" + "x" * 5_000, "APPLICATION/JSON", "application/merge-patch+json", "image/svg+xml",
]  # fmt: skip
BODIES = [
    b"", b" ", b"null", b"[]", b"{", b"\xff\xfe{", b"\xef\xbb\xbf{}", b'"text"', b"7", b"NaN", b"-" + b"9" * 6_000,
    b"[" * 60_000, b'{"a":' * 60_000, b'{"a": 1, "a": 2}', b'{"\\u0000": 1}', b'{"\\ud800": 1}', b"\0" * 2_000,
    b'--x\r\nContent-Disposition: form-data; name="a\0"\r\n\r\n\0\r\n--x--\r\n', b"a=1&a=2&%00=%00&=&&%ED%A0%80=%ED",
]  # fmt: skip


def in_process(app: FastAPI) -> httpx2.AsyncClient:
    """Asks the application itself: thousands of requests need no socket."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://cpt.example", timeout=30)


@dataclass(frozen=True, slots=True)
class Hostile:
    """`why` names what is wrong with the request."""

    why: str
    method: str
    url: str
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    content: bytes | None = None


def requests_of(openapi: Mapping[str, Any], known: Mapping[str, str], bodies: Mapping[str, Any]) -> Iterator[Hostile]:
    """Each place of each operation filled with each value. `known` are good path parameters, `bodies` good bodies by
    `METHOD path`; a body that has none here is a fault of the test."""
    for path, operations in openapi["paths"].items():
        for verb, operation in operations.items():
            method, good = verb.upper(), path.format(**known)
            yield from _addresses(method, path, known, operation)
            yield from _headers(method, good, operation)
            if "requestBody" in operation:
                yield from _bodies(method, good, bodies[f"{method} {path}"])


def _addresses(method: str, path: str, known: Mapping[str, str], operation: Mapping[str, Any]) -> Iterator[Hostile]:
    for parameter, text in product(operation.get("parameters", ()), TEXTS):
        name = parameter["name"]
        if parameter["in"] == "path":
            yield Hostile(f"path {name}", method, path.format(**{**known, name: text or "%20"}))
        elif parameter["in"] == "query":
            yield Hostile(f"query {name}", method, f"{path.format(**known)}?{name}={text}&more={text}")


def _headers(method: str, good: str, operation: Mapping[str, Any]) -> Iterator[Hostile]:
    if "requestBody" not in operation:
        return
    named = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"]
    for name, value in product([*named, "Content-Disposition", "If-Match"], HEADERS):
        yield Hostile(f"header {name}", method, good, {name: value.encode("latin-1")})


def _bodies(method: str, good: str, sample: Any) -> Iterator[Hostile]:
    for body, kind in product(BODIES, ["application/json", "multipart/form-data; boundary=x"]):
        yield Hostile("raw body", method, good, {"Content-Type": kind}, body)
    for kind in TYPES:
        yield Hostile("content type", method, good, {"Content-Type": kind}, json.dumps(sample).encode())
    if sample is not None:
        for where, body in variants(sample):
            yield Hostile(where, method, good, {"Content-Type": "application/json"}, json.dumps(body).encode())


def variants(sample: Any) -> Iterator[tuple[str, Any]]:
    """The sample with each place in turn replaced by each value, left out, or beside an unknown one."""
    for path in _places(sample):
        for value in JSON_VALUES:
            yield f"body {'.'.join(map(str, path))}", _put(sample, path, value)
    for key in sample:
        yield f"without {key}", {name: value for name, value in sample.items() if name != key}
    yield "unknown field", {**sample, NAME: CANARY}


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _put(sample: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = deepcopy(sample)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def fault_of(status: int, kind: str, text: str, *, page: bool = False) -> str | None:
    """What is wrong with an answer: a refusal is a problem document (or a page) that quotes nothing, never a 5xx."""
    if status >= 500:
        return f"{status}: {text[:200]}"
    if status < 400 or (page and kind.startswith("text/html")):
        return None
    if kind != "application/problem+json":
        return f"{status} as {kind!r}: {text[:200]}"
    problem = json.loads(text)
    if problem["status"] != status or not problem["code"] or not problem["title"]:
        return f"{status} without code or title"
    return f"{status} quotes what was sent" if CANARY in text else None


_FILE = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n--x--\r\n'
FORM_KINDS = [
    "multipart/form-data; boundary=x", "multipart/form-data; boundary=x; charset=undefined",
    "multipart/form-data; boundary=x; charset=unicode_escape", "multipart/form-data; boundary=x; charset=utf-16",
    "Multipart/Form-Data; boundary=x", "multipart/form-data; boundary=x; charset=idna", "multipart/form-data; boundary=y",
]  # fmt: skip
VALUES = [b"", b"\0", b"\\ud800", b"\xff\xfe\x00\xd8", b"\xed\xa0\x80", b"x" * 50_000, b"../../etc/passwd", b"a\r\nb"]
NAMES = [b"", b'; filename="../../a\0.pdf"', b"; filename*=UTF-8''%ed%a0%80", b'; filename="\xff"', b'; filename=""']


def forms_of(path: str, fields: list[str]) -> Iterator[Hostile]:
    """Each field of a page's form in each odd coding, as text and as a file, and more fields than anyone needs."""
    for name, value, kind in product(fields, VALUES, FORM_KINDS):
        yield Hostile(f"part {name}", "POST", path, {"Content-Type": kind}, _FILE % (name.encode(), b"", value))
    for name, value in product(fields, VALUES):
        yield _typed(path, f"{name}=".encode() + quote(value).encode())
        yield _typed(path, f"{name}=".encode() + value)
    for name, file in product(fields, NAMES):
        yield Hostile(
            f"file {name}", "POST", path, {"Content-Type": FORM_KINDS[0]}, _FILE % (name.encode(), file, b"%PDF")
        )
    yield _typed(path, b"&".join(b"a%d=1" % n for n in range(2_000)))
    for body in BODIES:
        yield _typed(path, body)


def _typed(path: str, body: bytes) -> Hostile:
    return Hostile("form", "POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, body)
