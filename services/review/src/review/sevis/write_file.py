"""The bytes of a batch file: written, then compared with the schema before anybody may download them (SB1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

from review.domain.sevis_fields import SevisAddress
from review.sevis.domain import MOST_RECORDS, Kind, Span

Version = Literal["6.55", "6.31"]
_OWN = Path(__file__).parent / "schemas"
_REMARKS: dict[Version, str] = {"6.55": "EmploymentRemarks", "6.31": "Remarks"}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class NotValid(Exception):
    """Our own file breaks the schema: a fault of ours, or a schema that has changed. `faults` name lines, no person."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Record:
    """One `Student` element; texts are sent as they are. `address` is for an Add alone, an empty text is left out."""

    record_id: str
    kind: Kind
    sevis_id: str
    user_id: str
    reference: str
    span: Span
    full_part: str
    employer: str
    address: SevisAddress | None = None
    course_relevance: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`user_id` is the SEVIS user who uploads; `hint` a schema location for SEVIS's own readers, or empty."""

    batch_id: str
    org_id: str
    user_id: str
    version: Version
    hint: str = ""


def write_file(envelope: Envelope, records: Sequence[Record], schemas: str = "") -> bytes:
    """Validated bytes. `schemas`: a folder of the official files, asked as well. Raises `NotValid`."""
    if not 1 <= len(records) <= MOST_RECORDS:
        raise NotValid([f"{len(records)} records; a file takes 1 to {MOST_RECORDS}"])
    root = etree.Element(
        "SEVISBatchCreateUpdateStudent", userID=envelope.user_id, nsmap={"xsi": _XSI} if envelope.hint else None
    )
    if envelope.hint:
        root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", envelope.hint)
    _texts(etree.SubElement(root, "BatchHeader"), BatchID=envelope.batch_id, OrgID=envelope.org_id)
    students = etree.SubElement(root, "UpdateStudent")
    printed = {record.sevis_id: record.record_id for record in records}
    for record in records:
        _student(students, record, envelope.version, last=printed[record.sevis_id] == record.record_id)
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    _require_valid(content, envelope.version, schemas)
    return content


def _student(students: etree._Element, record: Record, version: Version, *, last: bool) -> None:
    """SB12: one new I-20 for a student in a file, with the last of their records."""
    student = etree.SubElement(
        students, "Student", sevisID=record.sevis_id, requestID=record.record_id, userID=record.user_id
    )
    _texts(student, UserDefinedA=record.reference, UserDefinedB=record.span.strm)
    act = etree.SubElement(
        etree.SubElement(student, "CPTEmployment"), record.kind.capitalize(), printForm=str(last).lower()
    )
    _texts(
        act,
        StartDate=record.span.start.isoformat(),
        EndDate=record.span.end.isoformat(),
        FullPartTimeIndicator=record.full_part,
        EmployerName=record.employer,
    )
    if record.kind == "add" and (place := record.address):
        _texts(
            etree.SubElement(act, "EmployerAddress"),
            Address1=place.address1,
            Address2=place.address2,
            City=place.city,
            State=place.state,
            PostalCode=place.postal_code,
            PostalRoutingCode=place.routing_code,
        )
        _texts(act, CourseRelevance=record.course_relevance, **{_REMARKS[version]: record.remarks})


def _texts(parent: etree._Element, **texts: str) -> None:
    """An empty element could wipe what SEVIS holds, so it is left out."""
    for name, text in texts.items():
        if text:
            etree.SubElement(parent, name).text = text


def _require_valid(content: bytes, version: Version, schemas: str) -> None:
    document = etree.fromstring(content)
    files = [_OWN / f"cpt-{version}.xsd", *([Path(schemas) / "Create-UpdateStudent.xsd"] if schemas else [])]
    for file in files:
        schema = _schema(file)
        if not schema.validate(document):
            raise NotValid([f"{file.name}: line {error.line}: {error.message}" for error in schema.error_log][:20])


@cache
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(file, etree.XMLParser(no_network=True, resolve_entities=False)))
