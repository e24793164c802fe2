"""One database for all schedules: what each stage had left is kept in it, and put back before a schedule begins.

A new database for each would cost more than the schedule: every connection would have to learn every statement anew.
"""

import asyncio
import uuid
from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from infra.campus.app import build_campus
from infra.campus.campus import Campus
from infra.campus.settings import Settings as CampusSettings
from tests.interleavings.classes import Classes
from tests.interleavings.stages import STAGES, approve_all, begin, issue_all, settle, take
from tests.interleavings.world import SERVICES, Lane, prepare
from tests.simulation.quick import QuickWorld, counted_identifiers, short_mails

STEPS = dict(zip(STAGES, (begin, settle, take, approve_all, issue_all), strict=True))
VACUUM_EVERY = 40
KEEPER = f"""
CREATE TABLE public.kept (stage text, place regclass, kept regclass, columns text);
CREATE FUNCTION public.keep(stage text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE place record; BEGIN
  EXECUTE format('CREATE SCHEMA %I', 'stage_' || stage);
  FOR place IN SELECT c.oid::regclass AS name, n.nspname || '_' || c.relname AS word, string_agg(quote_ident(attname), ',') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
   WHERE nspname = ANY ('{{{",".join(SERVICES)}}}') AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
   GROUP BY 1, 2
  LOOP
    EXECUTE format('CREATE TABLE %I.%I AS SELECT %s FROM %s', 'stage_' || stage, place.word, place.columns, place.name);
    INSERT INTO public.kept VALUES
      (stage, place.name, format('%I.%I', 'stage_' || stage, place.word)::regclass, place.columns);
  END LOOP;
END $$;
CREATE FUNCTION public.put_back(wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE place record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR place IN SELECT * FROM public.kept k
    WHERE k.stage = wanted AND (pg_relation_size(k.place) > 0 OR pg_relation_size(k.kept) > 0)  -- most are never written
  LOOP
    EXECUTE format('DELETE FROM %s', place.place);
    EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s',
                   place.place, place.columns, place.columns, place.kept);
  END LOOP;
END $$;
"""


class Ground:
    """`sequence` never starts again, as SPIRE's does not."""

    def __init__(self, world: QuickWorld, admin: asyncpg.Connection, requests: dict[str, str], sequence: count) -> None:
        self.world, self.admin, self.requests, self.sequence = world, admin, requests, sequence
        self._stages: dict[str, tuple[dict, datetime]] = {}
        self._used = 0
        self._order = count(1)

    @classmethod
    async def made(cls, dsn: str, campus: Campus, documents: str) -> "Ground":
        requests = await prepare(dsn, documents)
        world, admin = QuickWorld(dsn, campus), await asyncpg.connect(dsn)
        await world.open()
        await admin.execute(KEEPER)
        ground = cls(world, admin, requests, count(10, 10))
        for stage, step in STEPS.items():
            await step(world, ground)
            await admin.fetchval("SELECT public.keep($1)", stage)
            ground._stages[stage] = _copied(world.lanes), world.now
        return ground

    async def begin(self, stage: str) -> dict[str, Classes]:
        """The world as the stage left it; each student's classes."""
        self._used += 1
        if self._used % VACUUM_EVERY == 0:
            await self.admin.execute("VACUUM")
        await self.admin.fetchval("SELECT public.put_back($1)", stage)
        lanes, self.world.now = self._stages[stage]
        self.world.lanes = _copied(lanes)
        classes = {}
        for emplid in self.requests:  # the campus remembers the schedule before
            classes[emplid] = Classes.at_first(self.sequence, self.world.now.date())
            await self.world.enroll(emplid, classes[emplid])
        return classes

    async def close(self) -> None:
        await self.world.close()
        await self.admin.close()


def _copied(lanes: dict) -> dict:
    return {place: Lane(lane.number, [*lane.records], defaultdict(int, lane.read)) for place, lane in lanes.items()}


@contextmanager
def a_ground(postgres: str, folder: Path):
    """`(run, ground)`: `run` a coroutine in its loop; everything is gone at the end."""
    loop = asyncio.new_event_loop()
    run, name = loop.run_until_complete, f"test_{uuid.uuid4().hex}"
    campus = build_campus(CampusSettings(kafka="", state_dir=folder))
    run(_tell(postgres, f"CREATE DATABASE {name} TEMPLATE template1"))
    try:
        dsn = urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        with counted_identifiers(), short_mails():
            ground = run(Ground.made(dsn, campus, (folder / "objects").as_uri()))
            yield run, ground
            run(ground.close())
    finally:
        run(_tell(postgres, f"DROP DATABASE {name} WITH (FORCE)"))
        loop.close()


async def _tell(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()
