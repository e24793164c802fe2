"""Records and logs as the tests of the SEVIS batch need them, and the official schema files where they are at hand."""

import os
from datetime import date
from pathlib import Path

from cpt.contracts.values import Address
from review.domain.sevis_fields import sevis_address
from review.sevis.domain import Span
from review.sevis.write_file import Envelope, Record

ROOT = Path(__file__).parents[3]
OFFICIAL = Path(os.environ.get("CPT_SEVIS_SCHEMAS") or ROOT.parent / "shared" / "sevis")
"""Works of the U.S. government that are not ours to ship: `xsd` is 6.55, `xsd-6.31` the older one."""
FOLDERS = {"6.55": "xsd", "6.31": "xsd-6.31"}
BATCH_ID, ORG_ID, USER = "CPT26090100001", "BOS214F00000000", "dsodemo001"
PLACE, _ = sevis_address(Address(street="12 Main St", city="Springfield", region="MA", postal_code="01103"))


def official(version):
    folder = OFFICIAL / FOLDERS[version]
    return str(folder) if (folder / "Create-UpdateStudent.xsd").exists() else ""


def a_record(record_id="A000000000000001", **fields):
    given = dict(
        kind="add",
        sevis_id="N0012345678",
        user_id=USER,
        reference="26-000001",
        span=Span("1267", date(2026, 9, 14), date(2026, 12, 11)),
        full_part="02",
        employer="Baystate Robotics Inc.",
        address=PLACE,
        course_relevance="MS Computer Science: Robotics intern.",
        remarks="Confirmed by phone.",
    )
    return Record(record_id, **(given | fields))


def an_envelope(version="6.55", **fields):
    return Envelope(**(dict(batch_id=BATCH_ID, org_id=ORG_ID, user_id=USER, version=version) | fields))


def result(record_id, *, status="true", sevis_id=None, errors=()):
    about = f' sevisID="{sevis_id}"' if sevis_id else ""
    pairs = "".join(f"<ErrorCode>{code}</ErrorCode><ErrorMessage>{text}</ErrorMessage>" for code, text in errors)
    said = f' status="{status}"' if status is not None else ""
    return (
        f'<Record requestID="{record_id}"{about}><ProcessDate>2026-09-02T02:14:39-04:00</ProcessDate>'
        f"<Result{said}>{pairs}</Result></Record>"
    )


def a_log(*records, batch_id=BATCH_ID, org_id=ORG_ID, upload="S0000", process="S0000", download="S0000", counts=None):
    """As SEVIS writes it; None leaves a part out."""
    stamp = 'dateTimeStamp="2026-09-02T02:14:40-04:00"'
    inner = "".join(records)
    success = inner.count('status="true"')
    counts = counts or (success, len(records) - success, len(records))
    count = "<RecordCount><Success>{}</Success><Failure>{}</Failure><Total>{}</Total></RecordCount>".format(*counts)
    parts = [
        f'<Upload resultCode="{upload}" {stamp}><FileName>{batch_id}.xml</FileName></Upload>' if upload else "",
        f'<Process resultCode="{process}" {stamp}>{count + inner if records else ""}</Process>' if process else "",
        f'<Download resultCode="{download}"/>' if download else "",
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TransactionLog>'
        f"<BatchHeader><BatchID>{batch_id}</BatchID><OrgID>{org_id}</OrgID></BatchHeader>"
        f'<BatchDetail status="true" system="PROD-SBT">{"".join(parts)}</BatchDetail></TransactionLog>'
    ).encode()
