"""A campus without a Handshake adapter: its read API is asked over real HTTP, its exports are read (A19, P23, P36)."""

import random
from datetime import timedelta

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.envelope import decode
from cpt.postgres import Database, PostgresSettings
from infra.campus.handshake import Agreement
from infra.campus.server import running_app
from infra.campus.settings import Settings
from intake.handshake.handshake_api import HandshakeApi, HandshakeAway
from intake.handshake.import_experiences import NotWhole, import_experiences
from intake.handshake.mapping import InvalidMapping, parse_words, shipped_words
from intake.handshake.poll_handshake import PollHandshake
from tests.component.intake.conftest import NOW

HEADER = "id,student_id,type,status,employer_name,start_date,end_date,approved_at"
ROW = "HS-1,30012345,Internship,Approved,Baystate Robotics Inc.,2026-09-14,2026-12-11,2026-08-25T15:04:05Z"


def an_experience(number=1, version=1, status="approved", **fields):
    given = dict(
        agreement_id=f"HS-{number}", emplid="30012345", kind="coop", status=status, employer="Baystate Robotics Inc.",
        start_date="2026-09-14", end_date="2026-12-11", version=version,
    )  # fmt: skip
    return Agreement.model_validate(given | fields)


@pytest.fixture(scope="module")
async def stand_in(tmp_path_factory):
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=tmp_path_factory.mktemp("campus"), handshake_key="key")
    async with running_app(settings) as app:
        yield app.state.campus


@pytest.fixture
def handshake(stand_in):
    """It has told of nothing yet."""
    stand_in.handshake.agreements.clear()
    stand_in.handshake.changed.clear()
    stand_in.handshake.mode, stand_in.handshake.asked = "ok", 0
    return stand_in.handshake


class Polls:
    """A worker that asks; another one may go on where it stopped."""

    def __init__(self, intake, database, url, key="key"):
        self.intake, self.database = intake, database
        self.api = HandshakeApi(f"{url}/handshake/api/v1", key, shipped_words())
        self.poll = PollHandshake(database, self.api, shipped_words(), lambda: intake.now, timedelta(minutes=5))

    async def round(self):
        self.intake.now += timedelta(minutes=6)
        while await self.poll.step():
            pass

    async def told(self):
        async with self.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT headers, payload FROM outbox WHERE topic = 'campus.agreement' ORDER BY seq"
            )
        return [decode(row["headers"], row["payload"]).event for row in rows]


@pytest.fixture
async def polls(intake, stand_in, handshake):
    polls = Polls(intake, intake.database, stand_in.settings.url)
    yield polls
    await polls.api.close()


async def test_what_changes_in_handshake_becomes_one_event_each(polls, handshake):
    """P23: every change raises the version; what was told once is not told again, however often it is asked for."""
    handshake.keep(an_experience(status="pending"))
    await polls.round()
    await polls.round()
    handshake.keep(an_experience(version=2))
    await polls.round()

    assert [(event.agreement_id, event.kind, event.status, event.version) for event in await polls.told()] == [
        ("HS-1", "coop", "pending", 1),
        ("HS-1", "coop", "approved", 2),
    ]


async def test_an_agreement_that_is_told_completes_the_request_that_waits_for_it(polls, intake, handshake):
    """R34, R35, case 46: by the same event and the same handler as from Kafka."""
    request_id = await intake.with_papers()
    handshake.keep(an_experience(kind="internship"))

    await polls.round()
    await intake.hear(*await polls.told())

    assert "agreement.missing" not in await intake.missing(request_id)


async def test_pages_are_read_to_the_last_and_another_worker_goes_on_where_one_stopped(polls, intake, handshake):
    """P37: the place is kept with what it told."""
    for number in range(60):
        handshake.keep(an_experience(number))
    await polls.poll.step()
    again = Polls(intake, polls.database, str(polls.api._client.base_url).removesuffix("/handshake/api/v1/"))

    await again.round()
    await again.api.close()

    assert len({event.agreement_id for event in await polls.told()}) == len(await polls.told()) == 60


async def test_a_bulk_change_of_one_moment_is_read_over_all_its_pages(polls, handshake):
    for number in range(60):
        handshake.keep(an_experience(number))
    handshake.changed.update(dict.fromkeys(handshake.changed, handshake.changed["HS-0"]))

    await polls.round()

    assert len(await polls.told()) == 60


async def test_a_limit_of_calls_is_waited_out_as_handshake_asks(polls, handshake):
    handshake.keep(an_experience())
    handshake.mode = "limited"

    await polls.round()

    assert len(await polls.told()) == 1


@pytest.mark.parametrize(("mode", "why"), [("down", "503"), ("wrong", "no list")])
async def test_a_handshake_that_is_away_is_asked_again_later_and_nothing_is_passed_over(polls, handshake, mode, why):
    handshake.keep(an_experience())
    handshake.mode = mode
    with pytest.raises(HandshakeAway, match=why):
        await polls.round()
    assert await polls.poll.step() == 0  # not at once

    handshake.mode = "ok"
    await polls.round()

    assert len(await polls.told()) == 1


async def test_a_wrong_key_is_named_and_not_tried_again(intake, stand_in, handshake):
    wrong = Polls(intake, intake.database, stand_in.settings.url, "another")
    with pytest.raises(HandshakeAway, match="CPT_HANDSHAKE__KEY"):
        await wrong.round()
    await wrong.api.close()

    assert handshake.asked == 0


async def test_two_workers_never_ask_at_the_same_time(polls, handshake):
    """P37."""
    async with polls.database.transaction() as connection:
        await connection.execute(
            "UPDATE handshake_place SET token = 'other', lease_until = now() + interval '1 minute'"
        )
    handshake.keep(an_experience())

    assert await polls.poll.step() == 0
    assert handshake.asked == 0


@pytest.fixture
async def importing(roles):
    """As web, beside which the command runs."""
    async with Database(PostgresSettings(dsn=SecretStr(roles["web"])), "intake", "tests") as database:
        yield database


async def imported(database, tmp_path, *rows, header=HEADER, end="\n"):
    (tmp_path / "experiences.csv").write_text("\n".join([header, *rows]) + end)
    return await import_experiences(database, tmp_path / "experiences.csv", shipped_words(), NOW)


async def test_an_export_tells_what_the_api_would_and_again_it_tells_nothing(importing, polls, tmp_path):
    reports = [await imported(importing, tmp_path, ROW) for _ in range(2)]
    reports.append(await imported(importing, tmp_path, ROW.replace("Approved", "Withdrawn")))

    assert [report.changed for report in reports] == [1, 0, 1]
    assert [(event.status, event.version) for event in await polls.told()] == [("approved", 1), ("withdrawn", 2)]


VALUES = {
    "30012345": ["", "x" * 600], "HS-1,": [","], "Internship": ["", "Volunteering", "internship!"],
    "Approved": ["", "Almost", "approved?", "APPROVED"],
    "Baystate Robotics Inc.": ["a\x07b"], "2026-09-14": ["", "14.09.2026", "2026-02-30", "soon", "2027-09-14", "20260914"],
    "2026-12-11": ["", "11.12.2026", "2026-13-01", "2025-12-11", "later"],
    "2026-08-25T15:04:05Z": ["yesterday", "25.8.", "15:04", "25/08/2026"],
}  # fmt: skip
BROKEN_ROWS = [ROW.replace(good, bad, 1) for good, several in VALUES.items() for bad in several]
BROKEN_FILES = [
    *(f"{HEADER}\n{ROW}\n"[:cut] for cut in range(1, len(HEADER) + len(ROW), 9)), "", "\n", f"{HEADER};more\n", f"{HEADER}\n{ROW},more\n",
    HEADER.replace("student_id", "who") + "\n", f'{HEADER}\n"{ROW}\n', f"{HEADER}\n{ROW.replace(',', ';')}\n",
]  # fmt: skip


@pytest.mark.parametrize("row", BROKEN_ROWS)
async def test_a_broken_row_is_named_and_no_other_is_lost(importing, tmp_path, row):
    """P29: a row whose student is known goes on and is parked, one of nobody is left out; both are said."""
    report = await imported(importing, tmp_path, ROW.replace("HS-1", "HS-0"), row)

    assert report.rows == 2
    assert {fault.row for fault in report.faults} == {3}
    assert all(fault.column in HEADER and fault.what for fault in report.faults)
    assert report.changed + report.skipped == 2


@pytest.mark.parametrize("content", BROKEN_FILES)
async def test_a_broken_file_is_refused_whole(importing, tmp_path, content):
    (tmp_path / "experiences.csv").write_text(content)
    with pytest.raises(NotWhole) as refused:
        await import_experiences(importing, tmp_path / "experiences.csv", shipped_words(), NOW)

    assert str(refused.value)


def test_at_least_fifty_broken_exports_are_tried():
    assert len(BROKEN_ROWS) + len(BROKEN_FILES) >= 50


async def test_answers_of_other_shapes_are_no_accident(polls, handshake):
    """Fifty of them: a value of any kind where another is expected is told as it is, or the answer is refused."""
    chance, odd = random.Random(1), [None, 7, [], {}, "", "\x00", True, {"a": 1}, 1e300, "x" * 999]
    whole = {"id": "HS-1", "student_id": "30012345", "type": "Internship", "status": "Approved", "updated_at": "2026"}
    answers = list(odd) + [{"experiences": one} for one in odd] + [{"experiences": [one]} for one in odd]
    answers += [{"experiences": [whole | {chance.choice([*whole]): chance.choice(odd)}]} for _ in range(30)]
    given = iter(answers)
    polls.api._client = httpx2.AsyncClient(
        base_url="http://handshake.test",
        transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=next(given))),
    )

    said = []
    for _ in answers:
        polls.intake.now += timedelta(minutes=6)
        try:
            said.append(await polls.poll.step())
        except HandshakeAway as away:
            said.append(str(away))

    assert len(said) == len(answers)
    assert not any("30012345" in str(word) for word in said)


@pytest.mark.parametrize("text", ["", "=", "path = 1", "dates = []\n[fields]\nid = 'x'"])
def test_a_mapping_at_fault_is_named(text):
    with pytest.raises(InvalidMapping):
        parse_words(text)
