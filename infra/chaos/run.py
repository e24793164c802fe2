"""A whole chaos run: a stack of its own, people, faults, the drain and the verdict."""

import asyncio
import contextlib
import json
import random
import time
from dataclasses import asdict
from typing import Any

import httpx2

from infra.chaos.attack import attack
from infra.chaos.check import audit
from infra.chaos.check.drain import drain
from infra.chaos.check.gather import gather
from infra.chaos.check.verdict import judge
from infra.chaos.client_log import ClientLog
from infra.chaos.faults.world import World
from infra.chaos.hail import hail
from infra.chaos.options import Options
from infra.chaos.player.client import Client
from infra.chaos.player.play import Play
from infra.chaos.pulse import Pulse
from infra.chaos.report import Report
from infra.chaos.stack import ChaosStack
from infra.chaos.throughput import Throughput


async def play(options: Options, given: ChaosStack) -> Report:
    log_path = options.folder / "client.jsonl"
    log = ClientLog(log_path, seed=options.seed)
    report = Report(options.seed, options.seconds)
    chance = random.Random(options.seed)  # noqa: S311 replayable
    stack = given.run.stack() or {}
    async with httpx2.AsyncClient() as http:
        client = Client(stack, http, log, random.Random(options.seed), given.offset)  # noqa: S311 as above
        world = World(given.run, client, chance, options.folder / "crashes", given.disk, options.brief)
        await _act_out(options, client, world, report)
        left = await _settle(options, client, report)
        seen = await gather(stack, log_path, options.folder / "documents")
    report.verdicts = await asyncio.to_thread(judge, seen)
    report.verdicts[13].violations = left
    await _judge_audit(given, report)
    report.figures |= {"requests": len(seen.rows("intake", "request")), "records": len(seen.records)}
    report.figures |= {"issued": len(seen.rows("review", "authorization_issued")), "mails": len(seen.mails)}
    return report


async def _act_out(options: Options, client: Client, world: World, report: Report) -> None:
    throughput, people = Throughput(client, world.run, options.seed), Play(client, options.seed, options.pace)
    if options.rounds:
        _say("measures the throughput before the faults")
        await throughput.begin(options.rounds)
    until = time.monotonic() + options.seconds
    office = await people.open_office()
    admitting = asyncio.create_task(people.admit(lambda: time.monotonic() < until))
    faults = options.faults_in_order(world.chance)
    beside = asyncio.create_task(hail(world, lambda: options.hail and time.monotonic() < until))
    report.faults = await attack(
        world, faults, Pulse(client), lambda brought: time.monotonic() < until or brought < options.least, _say
    )
    report.faults += await beside
    await admitting
    _say(f"the faults are over; {len(people.lives)} students come to their end")
    unfinished = await people.finish(options.finish)
    office.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await office
    report.figures["unfinished"] = [f"{life.student.emplid} ({life.plot}) {life.me.seen}" for life in unfinished]
    report.figures["player_errors"] = people.errors()
    report.figures["throughput"] = throughput


async def _settle(options: Options, client: Client, report: Report) -> list[str]:
    """What did not come to its end; a director releases what the mass guard holds."""
    throughput: Any = report.figures.pop("throughput")
    took, left = await drain(client.stack, client.now, options.drain)
    await client.act(
        "director", "director", "release", "POST", "review", "/api/alerts/held/release", json={"reason": "real"}
    )
    more, left = await drain(client.stack, client.now, options.drain)
    report.figures["drained_after"] = round(took + more, 1)
    _say(f"drained after {took + more:.1f} s, {len(left)} things are left")
    slower = []
    if options.rounds:
        slower = await throughput.end(options.rounds)
        report.figures |= {"events_a_second": {"before": asdict(throughput.before), "after": asdict(throughput.after)}}
    report.figures["slower"] = slower
    people = [f"unfinished: {line}" for line in report.figures["unfinished"]]
    return [*left, *people, *(f"the player failed: {line}" for line in report.figures["player_errors"])]


async def _judge_audit(given: ChaosStack, report: Report) -> None:
    secrets = json.loads((given.run.path / "secrets").read_text())
    stack = given.run.stack() or {}
    report.verdicts[11].violations += await audit.attack(secrets)
    report.verdicts[11].violations += await audit.verify_chains(secrets, stack["kafka"], given.settings)
    slower = report.figures.pop("slower")
    report.verdicts[14].violations = slower
    if "events_a_second" not in report.figures:
        report.verdicts[14].unjudged = "too short a run to measure"


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)
