"""Rowset messages of Integration Broker at their door: the same events come out as from Kafka (docs/connect.md)."""

import json

import pytest

from cpt.contracts.campus import EnrollmentChanged, TermWithdrawn
from cpt.web.limits import Rate
from tests.component.enrollment_sync.test_extracts import ANA, EVERYBODY, importing, site  # noqa: F401 fixtures

DOOR = "/campus/integration-broker"
ROW = {
    "EMPLID": ANA, "ACAD_CAREER": "GRAD", "INSTITUTION": "UMAMH", "STRM": "1267", "CLASS_NBR": "41234", "SESSION_CODE": "1",
    "STDNT_ENRL_STATUS": "D", "ENRL_STATUS_REASON": "DROP", "UNT_TAKEN": "0.00", "GRADING_BASIS_ENRL": "GRD",
    "STATUS_DT": "2026-09-20", "ENRL_ADD_DT": "2026-09-01", "ENRL_DROP_DT": "2026-09-20",
}  # fmt: skip
NAMED = {"SUBJECT": "COMPSCI", "CATALOG_NBR": "698"}
TERM = {name: ROW[name] for name in ("EMPLID", "ACAD_CAREER", "INSTITUTION", "STRM")} | {
    "WITHDRAW_CODE": "WDR",
    "WITHDRAW_DATE": "2026-09-19",
}


def xml(*rows, record="STDNT_ENRL", action="C"):
    """As PeopleSoft delivers it."""
    fields = lambda row: "".join(f'<{name} IsChanged="Y">{value}</{name}>' for name, value in row.items())  # noqa: E731 one line
    transactions = "".join(
        f'<Transaction><{record} class="R">{fields(row)}</{record}><PSCAMA class="R"><LANGUAGE_CD>ENG</LANGUAGE_CD>'
        f"<AUDIT_ACTN>{action}</AUDIT_ACTN></PSCAMA></Transaction>"
        for row in rows
    )
    types = "".join(f'<{name} type="CHAR"/>' for name in rows[0]) if rows else ""
    return (
        f'<?xml version="1.0"?><{record}_SYNC><FieldTypes><{record} class="R">{types}</{record}>'
        f'<PSCAMA class="R"><AUDIT_ACTN type="CHAR"/></PSCAMA></FieldTypes><MsgData>{transactions}</MsgData></{record}_SYNC>'
    )


def rowset(*rows, record="STDNT_ENRL", action="C"):
    transactions = [{record: {"class": "R", **row}, "PSCAMA": {"class": "R", "AUDIT_ACTN": action}} for row in rows]
    return json.dumps({f"{record}_SYNC": {"FieldTypes": {}, "MsgData": {"Transaction": transactions}}})


FORMS = {"application/xml": xml, "application/json": rowset}


@pytest.fixture
async def send(web, as_role):
    headers = await as_role("registrar")

    async def post(body, kind="application/xml", headers=headers):
        return await web.post(DOOR, content=body, headers={**headers, "Content-Type": kind})

    return post


@pytest.mark.parametrize("kind", FORMS)
async def test_a_message_becomes_the_registrars_event_and_again_it_becomes_none(site, send, kind):  # noqa: F811
    """P36; a message has a class's number alone, its name is known from the last extract."""
    await site.night(EVERYBODY)

    answers = [await send(FORMS[kind](ROW), kind) for _ in range(2)]
    (event,) = await site.told()

    assert [(one.status_code, one.json()) for one in answers] == [(202, {"changed": 1}), (202, {"changed": 0})]
    assert isinstance(event, EnrollmentChanged)
    assert (event.subject, event.catalog_nbr, event.action) == ("COMPSCI", "698", "D")
    assert (event.previous.status, event.current.status, event.current.reason) == ("E", "D", "DROP")


async def test_a_term_withdrawal_comes_by_message_too(site, send):  # noqa: F811
    """P18."""
    answer = await send(xml(TERM, record="STDNT_CAR_TERM", action="C"))

    (event,) = await site.told()
    assert (answer.json(), type(event), event.withdraw_code) == ({"changed": 1}, TermWithdrawn, "WDR")


async def test_a_row_that_was_deleted_is_looked_for_by_a_check(site, send):  # noqa: F811
    """Case 10."""
    await site.students()
    await site.night(EVERYBODY)
    await site.sync.issue()

    answer = await send(xml(ROW, action="D"))
    await site.sync.after(minutes=16)

    assert answer.json() == {"changed": 1}
    assert [loss.class_nbr for loss in await site.sync.losses()] == ["41234"]


async def test_old_values_beside_new_ones_change_nothing(site, send):  # noqa: F811
    """PSCAMA O is the row as it was."""
    assert (await send(xml(ROW | NAMED, action="O"))).json() == {"changed": 0}
    assert await site.told() == []


GOOD_XML, GOOD_JSON = xml(ROW | NAMED), rowset(ROW | NAMED)
BROKEN_XML = [
    *(GOOD_XML[:cut] for cut in range(0, len(GOOD_XML) - 1, 45)),
    GOOD_XML.replace("<MsgData>", "<Data>").replace("</MsgData>", "</Data>"),
    GOOD_XML.replace("<AUDIT_ACTN>C", "<AUDIT_ACTN>Z"),
    GOOD_XML.replace("<AUDIT_ACTN>C</AUDIT_ACTN>", ""),
    GOOD_XML.replace('<PSCAMA class="R"><LANGUAGE_CD>', "<PSCAMA><LANGUAGE_CD>"),
    GOOD_XML.replace("STDNT_ENRL ", "OTHER_TBL ").replace("/STDNT_ENRL>", "/OTHER_TBL>"),
    '<!DOCTYPE a [<!ENTITY b "b">]>' + GOOD_XML.partition("?>")[2].replace(ANA, "&b;"),
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "<a>" * 500 + "</a>" * 500,
    "\x00", "no xml", "<a/>", xml(), GOOD_XML.replace(ANA, "&unknown;"), GOOD_XML.replace(ANA, "&#0;"),
    *(xml({name: value for name, value in (ROW | NAMED).items() if name != absent}) for absent in ("EMPLID", "STRM", "CLASS_NBR", "ACAD_CAREER", "INSTITUTION")),
    xml((ROW | NAMED) | {"EMPLID": "3" * 600}), xml(*[ROW | NAMED] * 1001),
]  # fmt: skip
BROKEN_JSON = [
    *(GOOD_JSON[:cut] for cut in range(0, len(GOOD_JSON) - 1, 15)),
    "[]", "null", "1", "{}", '{"a": 1}', '{"MsgData": null}', '{"MsgData": []}', '{"MsgData": {"Transaction": 7}}',
    '{"MsgData": {"Transaction": [7]}}', '{"MsgData": {"Transaction": [{"STDNT_ENRL": 7}]}}', "[" * 5000,
    '{"MsgData": {"Transaction": []}}', '{"MsgData": {}, "MsgData": {}}',
    rowset(ROW | NAMED, action="Q"), rowset(ROW | NAMED, record="OTHER_TBL"), rowset(*[ROW | NAMED] * 1001),
    rowset((ROW | NAMED) | {f"F{n}": "" for n in range(400)}),
    *(rowset((ROW | NAMED) | {name: bad}) for name in ("EMPLID", "STRM", "CLASS_NBR") for bad in (None, "", "a\u2028b", "x" * 600, [1])),
]  # fmt: skip


async def test_whatever_is_no_such_message_is_refused_and_nothing_of_it_is_taken(site, send, app, monkeypatch):  # noqa: F811
    """Over fifty of each form: cut off at every place, hostile, of other shapes, rows of nobody."""
    monkeypatch.setitem(app.state._state, "person_rate", Rate(1e9))  # undoing an attribute would delete it
    broken = [("application/xml", body) for body in BROKEN_XML] + [("application/json", body) for body in BROKEN_JSON]
    assert min(len(BROKEN_XML), len(BROKEN_JSON)) >= 50

    wrong = []
    for kind, body in broken:
        answer = await send(body.encode(), kind)
        if answer.status_code != 422 or not (answer.json().get("detail") or answer.json().get("errors")):
            wrong.append((body[:200], answer.status_code, answer.text[:200]))

    assert wrong == []
    assert await site.sync.rows("SELECT FROM extract_row") == []
    assert await site.told() == []


async def test_a_faulty_value_of_a_known_row_goes_on_to_be_parked_and_no_other_row_is_lost(site, send):  # noqa: F811
    """Case 8, P29."""
    await site.night(EVERYBODY)

    answer = await send(rowset(ROW | {"UNT_TAKEN": "many"}), "application/json")
    await site.deliver()

    assert answer.json() == {"changed": 1}


@pytest.mark.parametrize("role", ["handshake", "student", "operations"])
async def test_the_door_is_the_registrars_alone(send, as_role, role):
    assert (await send(GOOD_XML, headers=await as_role(role))).status_code == 403


async def test_another_form_is_refused(send):
    assert (await send("a=b", "application/x-www-form-urlencoded")).status_code == 415
