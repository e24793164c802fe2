"""SEVIS's transaction log: what it says of the upload, of the processing and of each record; read, not yet believed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from review.sevis.domain import MOST_RECORDS
from review.sevis.read_zip import Unreadable

_CODE = re.compile(r"S[0-9]{4}")
_MOST_TEXT = 1000
_TRUE, _FALSE = {"true", "1"}, {"false", "0"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One record. `loaded` is None where SEVIS does not say; codes and messages are SEVIS's own words."""

    record_id: str
    sevis_id: str | None
    loaded: bool | None
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Codes are None where the log lacks that part. `counts`: success, failure, total as the log states them."""

    batch_id: str
    org_id: str
    upload: str | None
    process: str | None
    download: str | None
    counts: tuple[int, int, int] | None
    outcomes: tuple[Outcome, ...]


def read_log(content: bytes) -> Log:
    """Raises `Unreadable` with every fault of the form, bounded."""
    root = _parsed(content)
    if root.tag != "TransactionLog":
        raise Unreadable("This is no SEVIS transaction log. Give back the log, or the zip that holds it.")
    detail = root.find("BatchDetail")
    if detail is None:
        raise Unreadable("The log has no BatchDetail. Download it from SEVIS again.")
    process = detail.find("Process")
    records = process.findall("Record") if process is not None else []
    codes = {name: _code(detail, name) for name in ("Upload", "Process", "Download")}
    counts = _counts(process)
    if faults := [*_code_faults(codes), *_counts_faults(counts), *_record_faults(records)]:
        raise Unreadable(*faults[:20])
    return Log(
        batch_id=_text(root, "BatchHeader/BatchID"),
        org_id=_text(root, "BatchHeader/OrgID"),
        upload=codes["Upload"],
        process=codes["Process"],
        download=codes["Download"],
        counts=None if counts is None else (int(counts[0]), int(counts[1]), int(counts[2])),
        outcomes=tuple(_outcome(record) for record in records),
    )


def _parsed(content: bytes) -> etree._Element:
    """No entity, no DTD, no network, no huge tree: whatever asks for one is refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f" (line {line})" if line else ""
        raise Unreadable(f"The log is no XML that can be read{place}. Download it from SEVIS again.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("The log holds a document type, which SEVIS never sends. It was not read further.")
    return root


def _code(detail: etree._Element, name: str) -> str | None:
    part = detail.find(name)
    return None if part is None else str(part.get("resultCode", ""))


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()[:_MOST_TEXT]


def _counts(process: etree._Element | None) -> tuple[str, str, str] | None:
    found = process.find("RecordCount") if process is not None else None
    return None if found is None else (_text(found, "Success"), _text(found, "Failure"), _text(found, "Total"))


def _code_faults(codes: dict[str, str | None]) -> Iterator[str]:
    for name, code in codes.items():
        if code is not None and not _CODE.fullmatch(code):
            yield f"{name}: the result code is none of SEVIS's. Download the log again."


def _counts_faults(counts: tuple[str, str, str] | None) -> Iterator[str]:
    if counts and not all(re.fullmatch(r"[0-9]{1,6}", count) for count in counts):
        yield "RecordCount: one of the counts is no number. Download the log again."


def _record_faults(records: list[etree._Element]) -> Iterator[str]:
    if len(records) > MOST_RECORDS:
        yield f"The log holds {len(records)} records; a batch has at most {MOST_RECORDS}."
        return
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        record_id = (record.get("requestID") or "").strip()
        result = record.find("Result")
        if not 1 <= len(record_id) <= 20:
            yield f"Record {number}: the requestID is missing or too long."
        elif record_id in seen:
            yield f"Record {number}: its requestID appears in the log twice."
        seen.add(record_id)
        if result is None:
            yield f"Record {number}: it has no Result."
        elif (status := result.get("status")) is not None and status.strip() not in _TRUE | _FALSE:
            yield f"Record {number}: the status of its Result is neither true nor false."
        elif any(not _CODE.fullmatch(code) for code, _ in _errors(result)):
            yield f"Record {number}: an error code is none of SEVIS's."
        elif status is not None and status.strip() in _TRUE and _errors(result):
            yield f"Record {number}: it says success and an error at once."


def _outcome(record: etree._Element) -> Outcome:
    result = record.find("Result")
    assert result is not None, "a record without a result is a fault"
    status = (result.get("status") or "").strip()
    loaded = True if status in _TRUE else False if status in _FALSE else None
    return Outcome((record.get("requestID") or "").strip(), record.get("sevisID"), loaded, _errors(result))


def _errors(result: etree._Element) -> tuple[tuple[str, str], ...]:
    """The schema allows one pair, its comment says a list: all are read."""
    codes = [(code.text or "").strip() for code in result.findall("ErrorCode")]
    messages = [(message.text or "")[:_MOST_TEXT] for message in result.findall("ErrorMessage")]
    return tuple((code, messages[n] if n < len(messages) else "") for n, code in enumerate(codes))
