"""The largest and dearest bodies that each endpoint can be sent, made from the service's OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

KIB, MIB = 2**10, 2**20
JSON_BYTES, CAMPUS_BYTES, FILE_BYTES, FORM_BYTES = 64 * KIB, 2 * MIB, 10 * MIB, 256 * KIB
_JSON = {"content-type": "application/json"}
_XML = {"content-type": "application/xml"}
_BATCH = {"content-type": "application/cloudevents-batch+json"}


@dataclass(frozen=True, slots=True)
class Attempt:
    what: str
    method: str
    path: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def attempts_of(openapi: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[Attempt]:
    """For each operation that takes a body; `known` are path parameters."""
    for path, operations in openapi["paths"].items():
        for verb, operation in operations.items():
            if "requestBody" not in operation:
                continue
            if path.startswith("/campus/events"):
                bodies = _campus()
            elif path.startswith("/campus"):
                bodies = _messages()
            else:
                bodies = _bodies(openapi, operation)
            for what, content, headers in bodies:
                yield Attempt(what, verb.upper(), path.format_map(known), content, {**headers, "idempotency-key": what})


def _bodies(openapi: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, bytes, Mapping[str, str]]]:
    content = operation["requestBody"]["content"]
    if "application/json" not in content:
        yield "file of zeros", b"%PDF-1.7\n" + bytes(FILE_BYTES - 9), {"content-type": "application/pdf"}
        yield "multipart of 1,000 parts", _parts(FILE_BYTES), {"content-type": "multipart/form-data; boundary=x"}
        return
    schema = _resolved(openapi, content["application/json"]["schema"])
    yield "unknown fields", _unknown(), _JSON
    yield "brackets", _filled(b"[", b"[],", b"[]]", JSON_BYTES), _JSON
    yield "depth", b"[" * JSON_BYTES, _JSON
    yield "one number", b"9" * JSON_BYTES, _JSON
    for name, of in schema.get("properties", {}).items():
        yield f"long {name}", _filled(b'{"%s": "' % name.encode(), b"\xe2\x80\xae", b'"}', JSON_BYTES), _JSON
        if "array" in json.dumps(_resolved(openapi, of)):
            yield f"many {name}", _filled(b'{"%s": [' % name.encode(), b'"!",', b'"!"]}', JSON_BYTES), _JSON
    yield "form fields", _filled(b"a", b"&a", b"", FORM_BYTES), {"content-type": "application/x-www-form-urlencoded"}


def _campus() -> Iterator[tuple[str, bytes, Mapping[str, str]]]:
    yield "batch of {}", _filled(b"[", b"{},", b"{}]", CAMPUS_BYTES), _BATCH
    yield "1,000 events of faults", _events(1_000, CAMPUS_BYTES), _BATCH
    yield "1,000 events of unknown attributes", _odd_events(), _BATCH
    yield "depth", b"[" * CAMPUS_BYTES, _BATCH
    yield "one number", b"9" * CAMPUS_BYTES, _BATCH
    yield "binary mode", b'{"emplid": "' + b"x" * 850_000 + b'"}', {**_JSON, "ce-id": "1", "ce-type": "x"}


def _messages() -> Iterator[tuple[str, bytes, Mapping[str, str]]]:
    """Of Integration Broker: rowsets of the most rows and fields, and what a parser of XML may be asked."""
    for kind, row in (("good", "<STRM>%s</STRM>" % ("9" * 1_600)), ("of faults", "<X>%s</X>" % ("<F/>" * 350))):
        one = f'<Transaction><STDNT_ENRL class="R">{row}</STDNT_ENRL><PSCAMA class="R"><AUDIT_ACTN>A</AUDIT_ACTN></PSCAMA></Transaction>'
        text = f"<M><MsgData>{one * 1_000}</MsgData></M>".encode()
        yield f"1,000 rows {kind}", text[:CAMPUS_BYTES], _XML
    yield "many transactions", _filled(b"<M><MsgData>", b"<Transaction/>", b"</MsgData></M>", CAMPUS_BYTES), _XML
    yield (
        "many fields",
        _filled(b'<MsgData><Transaction><S class="R">', b"<A>1</A>", b"</S></Transaction></MsgData>", CAMPUS_BYTES),
        _XML,
    )
    yield "depth", b"<a>" * (CAMPUS_BYTES // 3), _XML
    yield "entities", b'<!DOCTYPE a [<!ENTITY b "%s">]><a>' % (b"x" * 10_000) + b"&b;" * 600_000 + b"</a>", _XML
    yield "attributes", b"<a " + b" ".join(b'a%d=""' % n for n in range(180_000)) + b"/>", _XML
    rows = b'{"STDNT_ENRL": {"STRM": "1267"}, "PSCAMA": {"AUDIT_ACTN": "A"}},'
    yield "rows of JSON", _filled(b'{"MsgData": {"Transaction": [', rows, b"{}]}}", CAMPUS_BYTES), _JSON
    yield "1,000 rows of JSON", b'{"MsgData": {"Transaction": [' + rows * 999 + rows[:-1] + b"]}}", _JSON


def _filled(head: bytes, item: bytes, tail: bytes, size: int) -> bytes:
    return head + item * ((size - len(head) - len(tail)) // len(item)) + tail


def _unknown() -> bytes:
    fields, size = [], 2
    while size < JSON_BYTES - 20:
        fields.append(f'"{len(fields):x}":0')
        size += len(fields[-1]) + 1
    return ("{" + ",".join(fields) + "}").encode()


def _events(count: int, size: int) -> bytes:
    text = "\u202e" * ((size // count - 260) // 3)
    event = {"specversion": "0", "id": text, "source": "/", "type": "edu.umass.spire.enrollment-changed.v1"}
    return json.dumps([event | {"time": "now", "data": {"emplid": 7}}] * count, ensure_ascii=False).encode()


def _odd_events() -> bytes:
    event = {f"A{number}": 1.5 for number in range(95)}
    return json.dumps([event] * 1_000, separators=(",", ":")).encode()


def _parts(size: int) -> bytes:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n%s\r\n'
    return (part % (b"\r\n--" * (size // 4_400))) * 1_000 + b"--x--\r\n"


def _resolved(openapi: Mapping[str, Any], schema: Any) -> Any:
    while "$ref" in schema:
        schema = openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
