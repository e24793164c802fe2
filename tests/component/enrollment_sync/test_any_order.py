"""However events and reads arrive, and how often, the same rows and the same open losses stand at the end (P17)."""

import asyncio
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpt.contracts.values import NamedCourse, StudentProfile
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.spire import StudentRead
from enrollment_sync.spire_rows import profile_of, term_of
from tests.component.enrollment_sync.conftest import PROFILE
from tests.component.enrollment_sync.told import a_row, added, changed, issued, submitted

CLASSES = ("41234", "51111")
ANY_SECTION = (NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698"),)
_students = count(1)


@dataclass(frozen=True)
class Story:
    """What SPIRE went through: at each step one class is dropped or added."""

    acts: tuple[str, ...]

    def events(self, emplid):
        """In their true order; an act on a class toggles it."""
        enrolled = {"41234": True, "51111": False}
        for seq, class_nbr in enumerate(self.acts, 20):
            enrolled[class_nbr] = not enrolled[class_nbr]
            yield (added if enrolled[class_nbr] else changed)(class_nbr, seq, emplid=emplid)

    def read(self, emplid, now, upto):
        """SPIRE as it stood after that many acts."""
        rows = {"41234": a_row("41234", 10)}
        for event in list(self.events(emplid))[:upto]:
            state = event.current.model_dump(mode="json")
            rows[event.class_nbr] = a_row(event.class_nbr, event.source_seq) | state
        data = {"source_seq": 19 + upto, "rows": list(rows.values()), "term_withdrawals": []}
        profile: StudentProfile = profile_of(PROFILE)
        return StudentRead(profile, (term_of("1267", profile, emplid, data, now, shipped_codes()),), now)


@st.composite
def deliveries(draw):
    """A story, and its events and reads shuffled and repeated."""
    story = Story(tuple(draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=6))))
    events = list(range(len(story.acts)))
    again = draw(st.lists(st.sampled_from(events), max_size=3))
    reads = [("read", upto) for upto in draw(st.lists(st.integers(0, len(events)), max_size=2))]
    return story, draw(st.permutations([("event", number) for number in events + again] + reads))


@pytest.fixture
async def run(sync):
    """Hypothesis calls from outside of the loop that the database lives in."""
    loop = asyncio.get_running_loop()
    return lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result(60)


async def stands(sync, emplid, request_id):
    """The rows and the terms that are lost, once a last read has settled what was still due."""
    rows = await sync.rows(
        "SELECT class_nbr, status, source_seq FROM enrollment_row WHERE emplid = $1 ORDER BY class_nbr", emplid
    )
    lost = await sync.rows(
        "SELECT h.strm FROM loss_hit h JOIN loss l USING (loss_id)"
        " WHERE h.request_id = $1 AND NOT h.regained AND l.state = 'open'",
        request_id,
    )
    return [tuple(row.values()) for row in rows], [row["strm"] for row in lost]


async def read(sync, emplid, story, upto):
    await sync.hear(submitted(f"r-{emplid}", emplid=emplid, courses=ANY_SECTION))
    claim = next(claim for claim in [await sync.claim()] if claim.emplid == emplid)
    await sync.record(claim, story.read(emplid, sync.now, upto))
    async with sync.database.transaction() as connection:
        await connection.execute("DELETE FROM due_check")


async def told(sync, story, order):
    """A student of their own for each example."""
    emplid = f"3{next(_students):07}"
    request_id = f"r-{emplid}"
    await sync.hear(submitted(request_id, emplid=emplid, courses=ANY_SECTION))
    await read(sync, emplid, story, 0)
    await sync.hear(issued(request_id, emplid=emplid, courses=ANY_SECTION))
    async with sync.database.transaction() as connection:
        await connection.execute("DELETE FROM due_check")
    events = list(story.events(emplid))
    for kind, number in order:
        if kind == "read":
            await read(sync, emplid, story, number)
        else:
            await sync.hear(events[number])
    await read(sync, emplid, story, len(events))
    return await stands(sync, emplid, request_id)


async def test_any_order_ends_alike(sync, run):
    """P17, P24–P26: events in any order and twice, with reads of any age between them."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(deliveries())
    def same(delivery):
        story, order = delivery
        in_order = [("event", number) for number in range(len(story.acts))]
        assert run(told(sync, story, order)) == run(told(sync, story, in_order))

    await asyncio.to_thread(same)
