"""An Integration Broker message, as delivered XML or as JSON → the rows that it says were changed.

A rowset message: `FieldTypes`, then `MsgData` with one `Transaction` for each row; `PSCAMA` beside it says what was done.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from cpt.contracts.json_text import parse_json
from enrollment_sync.extracts.fields import FIELDS, Entry, Fault, Forms, Record
from enrollment_sync.extracts.mapping import Mapping as SiteMapping
from enrollment_sync.extracts.mapping import names_of
from enrollment_sync.extracts.read_row import read_row

MOST_TRANSACTIONS = 1_000
_MOST_FIELDS, _MOST_TAGS, _MOST_ATTRIBUTES = 300, 250_000, 50_000
_DONE = {"A", "C", "D", "N", "K", "O"}
_BEFORE = {"K", "O"}
"""Rows that tell what was: K the old key, O the old values."""


class Unreadable(Exception):
    """No message of the form; nothing of it was taken. Says what to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row of one transaction; `action`: what PSCAMA says was done with it."""

    row: int
    record: Record
    action: str
    texts: Mapping[str, str]


def read_xml(content: bytes) -> list[Told]:
    """Raises Unreadable."""
    root = _parsed(content)
    data = root if root.tag == "MsgData" else root.find("MsgData")
    if data is None:
        raise Unreadable("The message has no MsgData. Send the rowset message as PeopleSoft delivers it.")
    found = data.findall("Transaction")
    return _told([_records_of(transaction) for transaction in found])


def _parsed(content: bytes) -> etree._Element:
    """No entity, no DTD, no network, no huge tree: whatever asks for one is refused. A tree costs thirty times its text
    where that is all tags.
    """
    if content.count(b"<") > _MOST_TAGS or content.count(b"=") > _MOST_ATTRIBUTES:
        most = f"{_MOST_TAGS:,} tags or {_MOST_ATTRIBUTES:,} attributes"
        raise Unreadable(f"The message has more than {most}: send it in parts.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise Unreadable(f"The message is no XML that can be read{f' (line {line})' if line else ''}.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(
            "The message holds a document type, which Integration Broker never sends. It was not read further."
        )
    return root


def _records_of(transaction: etree._Element) -> list[tuple[str, dict[str, str]]]:
    """Each record of a transaction with its fields; children of a row stand inside of it."""
    rows = [row for row in transaction.iter() if row is not transaction and row.get("class") == "R"]
    return [(str(row.tag), {str(f.tag): f.text or "" for f in row if f.get("class") != "R"}) for row in rows]


def read_json(content: bytes) -> list[Told]:
    """Raises Unreadable."""
    try:
        message = parse_json(content)
    except (ValueError, RecursionError):
        raise Unreadable("The message is no JSON that can be read.") from None
    if isinstance(message, dict) and "MsgData" not in message and len(message) == 1:
        (message,) = message.values()  # the message's own name stands around it
    data = message.get("MsgData") if isinstance(message, dict) else None
    found = data.get("Transaction") if isinstance(data, dict) else None
    transactions = [found] if isinstance(found, dict) else found
    if not isinstance(transactions, list):
        raise Unreadable("The message has no MsgData with Transaction. Send the rowset message as PeopleSoft makes it.")
    return _told([list(_json_records(transaction)) for transaction in transactions])


def _json_records(transaction: Any) -> Iterator[tuple[str, dict[str, str]]]:
    if not isinstance(transaction, dict):
        raise Unreadable("A Transaction is no object. Send the rowset message as PeopleSoft makes it.")
    for name, content in transaction.items():
        rows = content if isinstance(content, list) else [content]
        for row in rows:
            if not isinstance(row, dict):
                raise Unreadable(f"A record {name[:40]!r} of a Transaction is no object.")
            yield name, {field: _text(value) for field, value in row.items() if not isinstance(value, dict | list)}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _told(transactions: list[list[tuple[str, dict[str, str]]]]) -> list[Told]:
    """Records that are not ours are passed over; a transaction of ours needs its PSCAMA."""
    if len(transactions) > MOST_TRANSACTIONS:
        raise Unreadable(f"The message has more than {MOST_TRANSACTIONS:,} transactions: send it in parts.")
    told = list[Told]()
    for number, records in enumerate(transactions, 1):
        mine = [(record, fields) for name, fields in records for record in FIELDS if record == name]
        actions = [fields.get("AUDIT_ACTN", "").strip() for name, fields in records if name == "PSCAMA"]
        if any(len(fields) > _MOST_FIELDS for _, fields in mine):
            raise Unreadable(f"Transaction {number} has a row of more than {_MOST_FIELDS} fields.")
        if mine and not (actions and set(actions) <= _DONE):
            known = ", ".join(sorted(_DONE))
            raise Unreadable(f"Transaction {number} lacks PSCAMA with an AUDIT_ACTN that is one of {known}.")
        for place, (name, fields) in enumerate(mine):
            told.append(Told(number, name, actions[min(place, len(actions) - 1)], fields))
    if not told:
        raise Unreadable(f"The message has no row of {', '.join(FIELDS)}.")
    return told


def entries_of(
    told: list[Told],
    site: SiteMapping,
    forms: Mapping[Record, Forms],
    classes: Mapping[tuple[str, str, str], Mapping[str, str]],
) -> Iterator[tuple[Entry | None, list[Fault]]]:
    """`classes`: what is known of a class by institution, term and number, for messages that have its number alone."""
    for one in told:
        mapping = site.of(one.record)
        columns = mapping.columns if mapping else {}
        texts = {
            name: " ".join(one.texts.get(c, "").strip() for c in names_of(column)) for name, column in columns.items()
        }
        known = classes.get((texts.get("institution", ""), texts.get("strm", ""), texts.get("class_nbr", "")), {})
        texts |= {name: value for name, value in known.items() if not texts.get(name)}
        if one.action not in _BEFORE or one.action == "K":
            yield read_row(one.row, one.record, texts, forms[one.record], deleted=one.action in {"D", "K"})
