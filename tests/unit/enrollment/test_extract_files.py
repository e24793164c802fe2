"""Files of PeopleSoft extracts as sites make them, whole and broken: a fault has its row, column, value and what to do."""

import gzip
import random
from datetime import UTC, datetime

import pytest

from enrollment_sync.extracts.import_place import taken_at
from enrollment_sync.extracts.mapping import InvalidMapping, load_mapping, parse_mapping, shipped_mapping
from enrollment_sync.extracts.read_extract import NotWhole, read_extract

HEADER = (
    "EMPLID,ACAD_CAREER,INSTITUTION,STRM,CLASS_NBR,SESSION_CODE,SUBJECT,CATALOG_NBR,STDNT_ENRL_STATUS,"
    "ENRL_STATUS_REASON,UNT_TAKEN,STATUS_DT,ENRL_DROP_DT,LAST_UPD_DT_STMP,LAST_UPD_TM_STMP"
)
ROW = "30012345,GRAD,UMAMH,1267,41234,1,COMPSCI,698,E,ENRL,1.00,2026-09-01,,2026-09-01,10:00:00"
CSV = f"{HEADER}\n" + f"{ROW}\n" * 3
SHIPPED = shipped_mapping()
FIXED = parse_mapping(
    """
    form = "fixed"
    encoding = "cp1252"
    dates = ["%Y%m%d"]
    trailer = "TRAILER *([0-9]+)"
    [STDNT_ENRL]
    files = "*.txt"
    [STDNT_ENRL.columns]
    emplid = "1-11"
    acad_career = "12-15"
    institution = "16-20"
    strm = "21-24"
    class_nbr = "25-29"
    subject = "30-37"
    catalog_nbr = "38-47"
    status = "48-48"
    units = "49-53"
    status_dt = "54-61"
    """
)
LINE = "30012345   GRADUMAMH126741234COMPSCI  698      E01.0020260901"
PLACES = f"{LINE}\n{LINE.replace('41234', '51111')}\nTRAILER 2\n"


def read(tmp_path, content, site=SHIPPED, name="STDNT_ENRL.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(site.encoding.removesuffix("-sig")))
    read = list(read_extract(path, "STDNT_ENRL", site))
    return [entry for entry, _ in read if entry], [fault for _, faults in read for fault in faults]


@pytest.mark.parametrize(("content", "site"), [(CSV, SHIPPED), (PLACES, FIXED)], ids=["csv", "fixed"])
def test_a_whole_file_is_read_without_a_fault(tmp_path, content, site):
    entries, faults = read(tmp_path, content, site)

    assert faults == []
    assert {name: entries[0].data[name] for name in ("emplid", "class_nbr", "subject", "status", "effective_dt")} == {
        "emplid": "30012345",
        "class_nbr": "41234",
        "subject": "COMPSCI",
        "status": "E",
        "effective_dt": "2026-09-01",
    }


def test_names_in_the_sites_own_encoding_and_quotes_are_read(tmp_path):
    content = CSV.replace("COMPSCI", '"GÉNIE, ""X"""').encode("utf-8-sig").replace(b"\n", b"\r\n")

    entries, faults = read(tmp_path, content)

    assert (entries[0].data["subject"], faults) == ('GÉNIE, "X"', [])


VALUES = {
    "30012345": ["", "a\x07b", "3" * 600], "GRAD": ["", "\u202eGRAD"], "UMAMH": [""], "1267": ["", "x" * 600], "41234": [""],
    "COMPSCI": ["", "a\x85b"], ",698,": [",,"], ",E,": [",,"],
    "1.00": ["", "one", "1,00", "NaN", "Infinity", "-1", "1e400", "1000", "0x1"],
    "2026-09-01,,": ["2026-02-30,,", "01.09.2026,,", "yesterday,,", "20260901,,", "2026-13-01,,", "9999999999,,"],
    ",,2026": [",soon,2026"], "10:00:00": ["25:00:00", "noon"],
}  # fmt: skip
BROKEN_ROWS = [ROW.replace(good, bad, 1) for good, several in VALUES.items() for bad in several] + [
    ROW.rsplit(",", cut)[0] for cut in range(1, 6)
] + [f"{ROW},more", f"{ROW}{',' * 20}", "garbage", ",", ",".join([""] * 15)]  # fmt: skip
DAMAGED = [
    b"", b"\n", b"\n\n\n", HEADER.encode(), ROW.encode() + b"\n", CSV.encode()[:-1], CSV.encode()[: len(HEADER) + 30],
    CSV.encode("utf-16"), CSV.encode().replace(b"COMPSCI", b"COMP\xff\xfeSCI"), CSV.encode().replace(b"COMPSCI", b'"COMPSCI'),
    CSV.encode().replace(b"COMPSCI", b'"COMP"SCI'), CSV.replace(",", ";").encode(), CSV.replace("SUBJECT,", "TOPIC,").encode(),
    CSV.replace("STRM,", "EMPLID,").encode(), CSV.replace("EMPLID,", "").encode(), b"\x00" * 100, b"PK\x03\x04" + bytes(200) + b"\n",
    b"x" * 30_000 + b"\n", f"{HEADER}\n{'x' * 30_000}\n".encode(), b"<html>Sign in</html>\n", b"%PDF-1.7\n", b"ORA-00942: table or view does not exist\n",
]  # fmt: skip


@pytest.mark.parametrize("row", BROKEN_ROWS)
def test_a_broken_row_is_named_and_the_rows_around_it_are_read(tmp_path, row):
    _, faults = read(tmp_path, f"{HEADER}\n{ROW}\n{row}\n{ROW}\n")

    assert {fault.row for fault in faults} == {3}
    assert all(fault.what and fault.do for fault in faults)
    assert all(fault.column in HEADER or fault.column in {"", "LAST_UPD_DT_STMP LAST_UPD_TM_STMP"} for fault in faults)


@pytest.mark.parametrize("content", DAMAGED)
def test_a_file_that_is_not_whole_is_refused_with_what_to_do(tmp_path, content):
    with pytest.raises(NotWhole) as refused:
        read(tmp_path, content)

    assert refused.value.fault.what
    assert refused.value.fault.do


def test_the_broken_files_are_at_least_fifty():
    assert len(BROKEN_ROWS) + len(DAMAGED) >= 50


@pytest.mark.parametrize("site", [SHIPPED, FIXED], ids=["csv", "fixed"])
def test_any_cut_and_any_flipped_byte_is_a_fault_or_other_rows_never_an_accident(tmp_path, site):
    """Two hundred of each form; a file that was cut anywhere is refused whole."""
    whole, chance = (CSV if site is SHIPPED else PLACES).encode(), random.Random(1267)
    for cut in range(0, len(whole), max(1, len(whole) // 100)):
        content = whole[:cut] if site is FIXED else whole[:cut].rstrip(b"\n")
        with pytest.raises(NotWhole):
            read(tmp_path, content, site)
    for _ in range(100):
        spoiled = bytearray(whole)
        spoiled[chance.randrange(len(whole))] = chance.randrange(256)
        try:
            _, faults = read(tmp_path, bytes(spoiled), site)
        except NotWhole as error:
            faults = [error.fault]
        assert all(fault.what and fault.do for fault in faults)


@pytest.mark.parametrize(
    "content",
    [
        PLACES.replace("TRAILER 2", "TRAILER 3"), PLACES.replace("TRAILER 2\n", ""), PLACES + LINE + "\n",
        PLACES.replace("TRAILER 2", "TRAILER two"), "TRAILER 0\n" * 2, "",
    ],
)  # fmt: skip
def test_a_trailer_that_does_not_agree_refuses_the_file(tmp_path, content):
    with pytest.raises(NotWhole):
        read(tmp_path, content, FIXED)


@pytest.mark.parametrize("cut", range(0, 200, 20))
def test_a_packed_file_that_is_cut_is_refused(tmp_path, cut):
    packed = gzip.compress("".join(f"{ROW}{n}\n" for n in range(300)).encode())

    with pytest.raises(NotWhole):
        read(tmp_path, packed[: max(0, len(packed) - 1 - cut)], name="STDNT_ENRL.csv.gz")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ('dates = ["%Y"]', "names no record"), ("dates = []", "dates"), ("", "dates"), ("form = 1", "form"), ("=", "no TOML"),
        ('dates = ["%d/%m/%Y", "%m/%d/%Y"]', "two days"), ('dates = ["%Y"]\nencoding = "klingon"', "encoding"),
        ('dates = ["%Y"]\nzone = "Mars"', "time zone"), ('dates = ["%Y"]\ntrailer = "("', "expression"),
        ('dates = ["%Y"]\ntrailer = "T"', "group"), ('dates = ["%Y"]\ndelimiter = ",,"', "delimiter"),
        ('dates = ["%Y"]\nunknown = 1', "unknown"), ('dates = ["%Y"]\n[STDNT_ENRL]\nfiles = "x"\n[STDNT_ENRL.columns]\n', "lacks emplid"),
        ('dates = ["%Y"]\n[STDNT_CAR_TERM]\nfiles = "x"\n[STDNT_CAR_TERM.columns]\nemplidd = "EMPLID"\n', "emplidd is no field"),
        ('form = "fixed"\ndates = ["%Y"]\n[STDNT_CAR_TERM]\nfiles = "x"\n[STDNT_CAR_TERM.columns]\nemplid = "9-1"\n', "no place"),
    ],
)  # fmt: skip
def test_a_mapping_at_fault_says_where(given, word):
    with pytest.raises(InvalidMapping) as refused:
        parse_mapping(given)

    assert word in str(refused.value)


def test_a_mapping_that_is_not_there_is_named():
    with pytest.raises(InvalidMapping, match=r"nowhere\.toml"):
        load_mapping("nowhere.toml")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("STDNT_ENRL_202609300200.csv", datetime(2026, 9, 30, 6, tzinfo=UTC)),
        ("STDNT_ENRL_202613300200.csv", None),
        ("STDNT_ENRL.csv", None),
        ("STDNT_ENRL_2026093002001.csv", None),
    ],
)
def test_the_name_tells_when_a_file_was_taken(name, expected):
    assert taken_at(name, SHIPPED) == expected
