"""The code sets that the office loads decide from then on, and what was answered before stays as it was."""

import json

import pytest

from cpt.messaging import parking
from cpt.messaging import replay as messages
from cpt.messaging.delivery import Delivery
from cpt.runtime.actor import ACTOR, NobodyActs
from enrollment_sync.checks.replay_evaluations import replay_evaluations
from enrollment_sync.code_sets import InvalidCodes, form_of, shipped_codes
from enrollment_sync.commands import codes_command
from enrollment_sync.monitoring.revise_codes import revise_codes
from enrollment_sync.store import NotNewer
from tests.campus_events import as_record
from tests.component.enrollment_sync.test_blind import an_event, deliver, operated  # noqa: F401 a fixture
from tests.component.enrollment_sync.told import a_row, submitted, term_withdrawn


def the_codes(version=2, **more):
    """The shipped ones, with more of the kinds named."""
    form = form_of(shipped_codes()) | {"version": version}
    return form | {kind: form[kind] | codes for kind, codes in more.items()}


@pytest.fixture
def load(administrator, database_url, sync):
    async def load(form):
        async with sync.web.transaction() as connection:
            return await revise_codes(connection, form, "operations", sync.now)

    return load


@pytest.fixture(autouse=True)
async def as_web(sync, operated):  # noqa: F811
    sync.web = operated


async def test_a_message_parked_for_its_code_is_replayed_once_the_code_is_known(sync, load):
    """Case 8, case 75, P29: parked, codes loaded, replayed; the loss is told, and a read understands it too."""
    await sync.shows(a_row())
    await sync.issue()
    await deliver(sync, an_event("unknown", 20, status="X", reason="GONE"))
    (parked,) = await parking.list_parked(sync.database, "enrollment-sync")
    assert await sync.losses() == []

    await load(the_codes(statuses={"X": "dropped"}, reasons={"GONE": "school_side"}))
    assert await messages.replay(sync.web, sync.consumer, parked["id"], "operations") == 1
    await sync.shows(a_row(seq=20, status="X", reason="GONE"))
    await sync.check()

    (loss,) = await sync.losses()
    assert (loss.cause, loss.current.status, loss.current.reason) == ("school_side", "X", "GONE")
    assert (await sync.answers())[-1].outcome == "not_met"


@pytest.mark.parametrize(("meaning", "lost"), [("ends", 1), ("none", 0)])
async def test_a_withdraw_code_does_what_the_loaded_version_says(sync, load, meaning, lost):
    """Case 75, P18."""
    await sync.shows(a_row())
    await sync.issue()
    await load(the_codes(withdraw_codes={"LOA": meaning}))

    await sync.hear(term_withdrawn(code="LOA"))

    assert len(await sync.losses()) == lost


async def test_open_requests_and_watches_are_checked_again(sync, load):
    """Case 8: what a read could not understand is understood, its alarm over; A23: what looks like training too."""
    await sync.shows(a_row(status="X"))
    await sync.hear(submitted())
    await sync.check()
    assert "code_unknown" in await sync.alarms()

    await load(the_codes(statuses={"X": "enrolled"}))
    await sync.check()

    assert [answer.outcome for answer in await sync.answers()] == ["cannot_determine", "met"]
    assert "code_unknown" not in await sync.alarms()


async def test_a_new_meaning_is_a_loss_where_the_cpt_rests_on_it(sync, load):
    """Case 75: grade Q was no withdrawal until the office said so; no act of anybody caused it."""
    await sync.shows(a_row(grade="Q"))
    await sync.issue()

    await load(the_codes() | {"withdrawal_grades": ["Q", "W"]})
    await sync.check()

    assert [(loss.cause, loss.current.grade) for loss in await sync.losses()] == [("other", "Q")]


async def test_evaluations_keep_the_codes_of_their_time(sync, load):
    """Case 75, R28: replayed after the codes were changed, none differs; by other codes one does."""
    await sync.shows(a_row(grade="Q"))
    await sync.hear(submitted())
    await sync.check()
    await load(the_codes() | {"withdrawal_grades": ["Q", "W"]})
    await sync.check()

    async def replayed():
        async with sync.database.connection() as connection:
            return [line async for line in replay_evaluations(connection, None)]

    stored = await sync.rows("SELECT codes_version FROM evaluation ORDER BY id")
    assert ([row["codes_version"] for row in stored], await replayed()) == ([1, 2], ["", ""])
    await sync.rows("UPDATE evaluation SET codes_version = 3 - codes_version")
    assert all("different" in line for line in await replayed())
    await sync.rows("UPDATE evaluation SET codes_version = 7")
    assert all(line.endswith("codes 7 are not kept") for line in await replayed())


async def test_unknown_codes_about_students_nobody_watches_are_counted_without_the_student(sync, load):
    """Case 8, case 58: one alarm for a kind, its messages dropped; what is no code is not shown; loading ends it."""
    strange = [an_event(f"strange-{n}", 20 + n, status=code) for n, code in enumerate(["X", "X", "Ana Lima", "E"])]
    withdrawn = {"institution": "UMAMH", "acad_career": "GRAD", "strm": "1267", "effective_dt": "2026-09-20"}
    left = an_event("left", 30) | {
        "type": "edu.umass.spire.term-withdrawn.v1",
        "data": withdrawn | {"emplid": "30012345", "withdraw_code": "LOA", "source_seq": 30},
    }

    await Delivery(sync.consumer, sync.database)(
        [as_record(event, "campus.enrollment", "30012345", n) for n, event in enumerate([*strange, left])]
    )

    alarms = await sync.rows("SELECT * FROM alarm WHERE code = 'code_unknown_elsewhere' ORDER BY subject")
    assert [(row["subject"], row["times"]) for row in alarms] == [("status", 3), ("withdraw_code", 1)]
    assert alarms[0]["message"].endswith("is not known here: X.")
    assert not any(word in json.dumps(alarms, default=str) for word in ("Ana", "30012345"))
    assert await sync.rows("SELECT 1 FROM parked UNION ALL SELECT 1 FROM inbox") == []

    await load(the_codes(statuses={"X": "dropped"}))
    assert "code_unknown_elsewhere" not in await sync.alarms()


async def test_a_code_that_was_known_once_keeps_a_meaning(sync, load):
    """Case 8: a stored row that bears it would mean nothing."""
    form = the_codes()
    del form["reasons"]["FULL"], form["withdraw_codes"]["CAN"]

    with pytest.raises(InvalidCodes) as refusal:
        await load(form)

    assert [fault.partition(":")[0] for fault in refusal.value.faults] == ["reason FULL", "withdraw_code CAN"]


async def test_an_older_version_changes_nothing(sync, load):
    """Case 8."""
    await load(the_codes(3))

    with pytest.raises(NotNewer, match="version 3 is not above 3, which is in force"):
        await load(the_codes(3))

    assert [row["version"] for row in await sync.rows("SELECT version FROM codes_version")] == [3]


async def test_operators_load_and_read_the_codes_over_http(web, as_role, sync):
    """Case 8: what is read can be changed and loaded; faults are named and change nothing."""
    operations = await as_role("operations")
    now = (await web.get("/api/codes", headers=operations)).json()

    loaded = await web.put("/api/codes", headers=operations, json=now | {"version": 2})
    again = await web.put("/api/codes", headers=operations, json=now | {"version": 2})
    faulty = await web.put(
        "/api/codes", headers=operations, json=now | {"version": 3, "statuses": {"E": "up", "": "dropped"}}
    )

    assert (loaded.status_code, loaded.json(), again.status_code) == (200, {"version": 2}, 409)
    assert (faulty.status_code, len(faulty.json()["errors"])) == (422, 2)
    assert (await web.get("/api/codes", headers=operations)).json()["version"] == 2
    (audited,) = await sync.rows("SELECT actor, subject FROM audit WHERE action = 'codes_revised'")
    assert audited == {"actor": "a operations", "subject": "2"}


async def test_the_command_names_every_fault_and_who_acted(sync, roles, tmp_path, monkeypatch, capsys):
    """Case 8: `codes load FILE --as NAME`."""
    monkeypatch.setenv("CPT_POSTGRES__DSN", roles["web"])
    good, bad = tmp_path / "codes.json", tmp_path / "bad.json"
    good.write_text(json.dumps(the_codes()), "utf-8")
    bad.write_text(json.dumps(the_codes() | {"version": "two", "actions": {}}), "utf-8")

    with pytest.raises(NobodyActs):
        await codes_command(["load", str(good)])
    ACTOR.set("kim@umass.example")
    assert [await codes_command(words) for words in ([], ["load", str(bad)], ["load", str(good)])] == [2, 1, 0]

    said = capsys.readouterr()
    assert all(place in said.err for place in ("version: ", "actions: "))
    assert said.out == "version 2 is in force\n"
    (audited,) = await sync.rows("SELECT actor FROM audit WHERE action = 'codes_revised'")
    assert audited["actor"].startswith("terminal:kim@umass.example@")
