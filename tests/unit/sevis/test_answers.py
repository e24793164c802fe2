"""What SEVIS gives back is read whole or refused whole: broken, hostile and foreign files get nowhere."""

import io
import struct
import zipfile
import zlib

import pytest
from lxml import etree

from review.sevis.apply_log import DoesNotFit, Sent, step
from review.sevis.read_log import read_log
from review.sevis.read_zip import LOG_NAME, Unreadable, unpack
from tests.unit.sevis.samples import BATCH_ID, OFFICIAL, ORG_ID, a_log, result

GOOD = a_log(result("A1"), result("A2", status="false", errors=[("S1044", "Overlap")]), process="S0020")
PDF = b"%PDF-1.7 an I-20"


def a_zip(entries, *, compression=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return packed.getvalue()


def encrypted(content):
    """The flag alone: a zip that asks for a password."""
    broken = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = broken.find(mark) + place
        broken[at : at + 2] = struct.pack("<H", 1)
    return bytes(broken)


def lying_size(content):
    """The directory says 10 bytes unpacked; the entry holds more."""
    broken = bytearray(content)
    at = broken.find(b"PK\x01\x02") + 24
    broken[at : at + 4] = struct.pack("<I", 10)
    return bytes(broken)


def bomb(inner, size):
    return a_zip([(LOG_NAME, b"0" * size)] if inner == LOG_NAME else [(LOG_NAME, GOOD), (inner, PDF + b"0" * size)])


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE TransactionLog [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><TransactionLog>&d;</TransactionLog>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE TransactionLog [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<TransactionLog><BatchHeader><BatchID>&x;</BatchID></BatchHeader><BatchDetail/></TransactionLog>"""
NETWORK = b'<?xml version="1.0"?><!DOCTYPE TransactionLog SYSTEM "http://127.0.0.1:9/x.dtd"><TransactionLog/>'
good = a_zip([(LOG_NAME, GOOD), ("N0012345678.pdf", PDF)])

BROKEN_ZIPS = {
    "empty": b"",
    "half a signature": b"PK",
    "signature alone": b"PK\x03\x04",
    "cut in half": good[: len(good) // 2],
    "cut at the end": good[:-10],
    "end record alone": good[-22:],
    "no log": a_zip([("N0012345678.pdf", PDF)]),
    "no entry": a_zip([]),
    "log under another name": a_zip([("transaction_log.xml", GOOD)]),
    "log in capitals": a_zip([(LOG_NAME.upper(), GOOD)]),
    "log in a folder": a_zip([("out/" + LOG_NAME, GOOD)]),
    "two logs": a_zip([(LOG_NAME, GOOD), (LOG_NAME, GOOD)]),
    "two equal papers": a_zip([(LOG_NAME, GOOD), ("a.pdf", PDF), ("a.pdf", PDF)]),
    "up and out": a_zip([(LOG_NAME, GOOD), ("../../etc/cron.d/x.pdf", PDF)]),
    "up and out for Windows": a_zip([(LOG_NAME, GOOD), ("..\\x.pdf", PDF)]),
    "an absolute path": a_zip([(LOG_NAME, GOOD), ("/etc/x.pdf", PDF)]),
    "a drive": a_zip([(LOG_NAME, GOOD), ("C:x.pdf", PDF)]),
    "a folder entry": a_zip([(LOG_NAME, GOOD), ("papers/", b"")]),
    "a hidden file": a_zip([(LOG_NAME, GOOD), (".x.pdf", PDF)]),
    "a program": a_zip([(LOG_NAME, GOOD), ("setup.exe", b"MZ")]),
    "a page": a_zip([(LOG_NAME, GOOD), ("x.html", b"<script>")]),
    "a zip in the zip": a_zip([(LOG_NAME, GOOD), ("x.zip", good)]),
    "a paper that is none": a_zip([(LOG_NAME, GOOD), ("x.pdf", b"<html>")]),
    "an empty paper": a_zip([(LOG_NAME, GOOD), ("x.pdf", b"")]),
    "a control character in a name": a_zip([(LOG_NAME, GOOD), ("x\n.pdf", PDF)]),
    "a name turned round": a_zip([(LOG_NAME, GOOD), ("x\u202efdp.pdf", PDF)]),
    "a very long name": a_zip([(LOG_NAME, GOOD), ("x" * 300 + ".pdf", PDF)]),
    "a name with a quote": a_zip([(LOG_NAME, GOOD), ('x".pdf', PDF)]),
    "too many entries": a_zip([(LOG_NAME, GOOD), *((f"{n}.pdf", PDF) for n in range(300))]),
    "a log like a bomb": bomb(LOG_NAME, 6 * 2**20),
    "a paper like a bomb": bomb("x.pdf", 11 * 2**20),
    "papers like a bomb": a_zip([(LOG_NAME, GOOD), *((f"{n}.pdf", PDF + b"0" * (9 * 2**20)) for n in range(12))]),
    "encrypted": encrypted(a_zip([(LOG_NAME, GOOD)])),
    "a size that lies": lying_size(a_zip([(LOG_NAME, GOOD * 40)])),
    "a wrong checksum": a_zip([(LOG_NAME, GOOD)], compression=zipfile.ZIP_STORED).replace(b"TransactionLog", b"TransactionLoG"),
    "a broken stream": a_zip([(LOG_NAME, GOOD)]).replace(zlib.compress(GOOD)[2:12], b"\xff" * 10),
}  # fmt: skip


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


BROKEN_LOGS = {
    "blank": b"   ",
    "no XML": b"S0000 all went well",
    "JSON": b'{"BatchID": "x"}',
    "a page": b"<!doctype html><html><body>Sign in</body></html>",
    "cut off": GOOD[: len(GOOD) // 2],
    "one tag open": GOOD.replace(b"</TransactionLog>", b""),
    "two roots": GOOD + b"<x/>",
    "a bad character": GOOD.replace(b"S1044", b"S\x001044"),
    "an encoding that lies": GOOD.replace(b"Overlap", b"\xff\xfe"),
    "an unknown encoding": GOOD.replace(b"UTF-8", b"X-NONE"),
    "laughs": LAUGHS,
    "a file from outside": OUTSIDE,
    "a DTD from the network": NETWORK,
    "a harmless document type": GOOD.replace(b"?>", b"?><!DOCTYPE TransactionLog>", 1),
    "an unknown entity": GOOD.replace(b"Overlap", b"&x;"),
    "very deep": b"<TransactionLog>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</TransactionLog>",
    "a very long text": GOOD.replace(b"Overlap", b"x" * (11 * 2**20)),
    "another root": GOOD.replace(b"TransactionLog", b"SEVISBatchCreateUpdateStudent"),
    "a namespace": GOOD.replace(b"<TransactionLog>", b'<TransactionLog xmlns="urn:x">'),
    "an XInclude": b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
    "no detail": GOOD.replace(b"BatchDetail", b"BatchDetails"),
    "an upload without a code": changed(b'<Upload resultCode="S0000"', b"<Upload"),
    "a process without a code": changed(b'<Process resultCode="S0020"', b"<Process"),
    "a download without a code": changed(b'<Download resultCode="S0000"', b"<Download"),
    "a code of words": changed(b'<Upload resultCode="S0000"', b'<Upload resultCode="OK"'),
    "a code too long": changed(b'<Process resultCode="S0020"', b'<Process resultCode="S00200"'),
    "a code in small letters": changed(b'<Process resultCode="S0020"', b'<Process resultCode="s0020"'),
    "a code with other digits": changed(b'<Process resultCode="S0020"', '<Process resultCode="S００２０"'.encode()),
    "a count of words": changed(b"<Total>2</Total>", b"<Total>two</Total>"),
    "a negative count": changed(b"<Success>1</Success>", b"<Success>-1</Success>"),
    "an empty count": changed(b"<Failure>1</Failure>", b"<Failure/>"),
    "a huge count": changed(b"<Total>2</Total>", b"<Total>99999999999999</Total>"),
    "a missing count": changed(b"<Failure>1</Failure>", b""),
    "a record without an ID": changed(b' requestID="A1"', b""),
    "a record with an empty ID": changed(b' requestID="A1"', b' requestID=""'),
    "a record with a long ID": changed(b' requestID="A1"', b' requestID="' + b"A" * 21 + b'"'),
    "one ID twice": changed(b' requestID="A2"', b' requestID="A1"'),
    "one ID twice but for blanks": changed(b' requestID="A2"', b' requestID=" A1 "'),
    "a record without a result": changed(b'<Result status="true"></Result>', b""),
    "a status of words": changed(b'status="true"></Result>', b'status="yes"></Result>'),
    "an empty status": changed(b'status="true"></Result>', b'status=""></Result>'),
    "a status in capitals": changed(b'status="true"></Result>', b'status="TRUE"></Result>'),
    "an error code of words": changed(b"<ErrorCode>S1044", b"<ErrorCode>overlap"),
    "an empty error code": changed(b"<ErrorCode>S1044", b"<ErrorCode>"),
    "success with an error": changed(b'<Result status="false">', b'<Result status="true">'),
    "251 records": a_log(*(result(f"A{n}") for n in range(251))),
    "UTF-7": b"+ADw-TransactionLog+AD4-",
    "a comment alone": b"<!-- TransactionLog -->",
    "an instruction alone": b"<?xml version='1.0'?><?x y?>",
    "half a declaration": b"<?xml version='1.0'",
    "an XML of version 2": b"<?xml version='2.0'?><TransactionLog",
    "a duplicate attribute": changed(b'requestID="A1"', b'requestID="A1" requestID="A9"'),
}  # fmt: skip


def read_whole(content):
    """As a DSO's file is read: out of its zip, then as a log."""
    return read_log(unpack(content)[0])


@pytest.mark.parametrize("content", BROKEN_ZIPS.values(), ids=BROKEN_ZIPS)
def test_a_broken_or_hostile_zip_is_refused_whole(content):
    """Bombs, traversal, encryption, lies: nothing is written anywhere, and the person learns what to do."""
    with pytest.raises(Unreadable) as refused:
        read_whole(content)

    assert all(fault.strip().endswith(".") for fault in refused.value.faults)


@pytest.mark.parametrize("content", BROKEN_LOGS.values(), ids=BROKEN_LOGS)
def test_a_broken_or_hostile_log_is_refused_whole(content):
    """Entities, DTDs, foreign encodings and half files: named, bounded, never half read."""
    with pytest.raises(Unreadable) as refused:
        read_whole(content)

    assert 1 <= len(refused.value.faults) <= 20
    assert not any("root:" in fault for fault in refused.value.faults)


def test_more_than_fifty_broken_logs_and_eighty_files_in_all_are_tried():
    assert len(BROKEN_LOGS) >= 50
    assert len(BROKEN_LOGS) + len(BROKEN_ZIPS) >= 80


def test_a_log_is_read_bare_and_out_of_its_zip():
    log, papers = unpack(a_zip([("N0012345678_1.PDF", PDF), (LOG_NAME, GOOD)]))

    assert read_log(log) == read_log(unpack(GOOD)[0])
    assert [paper.name for paper in papers] == ["N0012345678_1.PDF"]


@pytest.mark.skipif(
    not (OFFICIAL / "xsd" / "SevisTransLog.xsd").exists(), reason="the official schema files are not at hand"
)
def test_our_sample_of_a_log_follows_the_official_schema():
    schema = etree.XMLSchema(etree.parse(OFFICIAL / "xsd" / "SevisTransLog.xsd"))

    assert schema.validate(etree.fromstring(GOOD)), schema.error_log


SENT = [Sent("A1", "N0000000001", "uploaded", None), Sent("A2", "N0000000002", "uploaded", None)]


def stepped(log, *, batch="uploaded", sent=SENT, org_id=ORG_ID):
    return step(read_log(log), org_id, batch, sent)


def test_each_record_goes_by_its_own_result():
    """The batch's code says only that some record failed; the good ones of a mixed batch are kept, codes verbatim."""
    after = stepped(GOOD)

    assert (after.reading, after.batch, after.code) == ("results", "answered", "S0020")
    assert after.records == {"A1": ("succeeded", None, None), "A2": ("failed", "S1044", "Overlap")}


def test_a_code_that_nobody_knows_is_kept_as_it_came():
    after = stepped(
        a_log(result("A1"), result("A2", status="false", errors=[("S7777", "New rule"), ("S7778", "Another")]))
    )

    assert after.records["A2"] == ("failed", "S7777", "New rule\nAnother")


@pytest.mark.parametrize(
    "record", [result("A1", status=None), result("A1", status="false", errors=[("S9999", "Exception")])]
)
def test_neither_yes_nor_no_is_unknown(record):
    """Never taken for success or failure; a person looks into SEVIS."""
    after = stepped(a_log(record, result("A2"), counts=(1, 1, 2)))

    assert after.records["A1"][0] == "unknown"


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (a_log(result("A1")), "missing"),
        (a_log(result("A1"), result("A2"), result("A3")), "does not have"),
        (a_log(result("A1"), result("A3")), "missing"),
        (a_log(result("A1"), result("A2"), org_id="BOS214F00000001"), "school code"),
        (a_log(result("A1"), result("A2"), org_id=""), "school code"),
        (a_log(result("A1", sevis_id="N0000000002"), result("A2")), "another student"),
        (a_log(result("A1"), result("A2"), counts=(1, 1, 2)), "add up"),
        (a_log(result("A1"), result("A2"), counts=(2, 0, 3)), "add up"),
        (a_log(upload=None, process=None, download=None), "neither"),
        (a_log(upload=None, process=None), "neither"),
    ],
)
def test_a_log_that_does_not_fit_applies_to_nothing(log, words):
    """Refused as a whole, with every reason."""
    with pytest.raises(DoesNotFit, match=words):
        stepped(log)


def test_the_same_log_twice_says_the_same():
    """Idempotent: what is settled agrees with itself."""
    settled = [Sent("A1", "N0000000001", "succeeded", None), Sent("A2", "N0000000002", "failed", "S1044")]

    assert stepped(GOOD, batch="answered", sent=settled).records == stepped(GOOD).records


@pytest.mark.parametrize("state", [("failed", "S1044"), ("failed", "S0013")])
def test_a_settled_record_is_never_answered_otherwise(state):
    with pytest.raises(DoesNotFit, match="answered before"):
        stepped(GOOD, sent=[Sent("A1", "N0000000001", *state), SENT[1]])


def test_an_unknown_record_may_be_settled_later():
    after = stepped(GOOD, batch="answered", sent=[Sent("A1", "N0000000001", "unknown", "S9999"), SENT[1]])

    assert after.records["A1"][0] == "succeeded"


@pytest.mark.parametrize(
    ("codes", "reading", "batch", "record"),
    [
        (dict(upload="S0000", process=None, download=None), "uploaded", "uploaded", "uploaded"),
        (dict(upload="S0001", process=None, download=None), "unclear", "uploaded", "unknown"),
        (dict(upload="S0010", process=None, download=None), "unclear", "uploaded", "unknown"),
        (dict(upload="S4321", process=None, download=None), "unclear", "uploaded", "unknown"),
        *[(dict(upload=code, process=None, download=None), "refused", "refused", "failed") for code in ("S0002", "S0003", "S0011", "S0012", "S0013")],
        (dict(upload=None, process=None, download="S0030"), "not_processed", "uploaded", "uploaded"),
        (dict(upload="S0000", process="S0001", download="S0000"), "not_processed", "uploaded", "uploaded"),
        (dict(upload="S0000", process="S9999", download="S0000"), "unclear", "uploaded", "unknown"),
        (dict(upload=None, process=None, download="S0031"), "never_submitted", "drawn_up", "in_batch"),
        (dict(upload=None, process=None, download="S0002"), "unclear", "drawn_up", None),
    ],
)  # fmt: skip
def test_a_log_without_results_says_how_far_the_batch_came(codes, reading, batch, record):
    """Nothing was loaded where SEVIS refused the file; where it is unclear nobody may discard or send again."""
    fresh = [Sent("A1", "N0000000001", "in_batch", None)]
    after = stepped(a_log(**codes), batch="drawn_up", sent=fresh)

    assert (after.reading, after.batch) == (reading, batch)
    assert [state for state, *_ in after.records.values()] == ([record] if record else [])


def test_a_batch_discarded_as_never_uploaded_is_not_answered_in_silence():
    with pytest.raises(DoesNotFit, match="discarded"):
        stepped(GOOD, batch="discarded")


def test_the_batch_is_named_by_the_log_itself():
    assert read_log(GOOD).batch_id == BATCH_ID
