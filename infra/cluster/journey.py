"""The acts: install, use, upgrade and roll back under load, hurt under load, prove."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import CalledProcessError

import httpx2

from cpt.runtime.official import NONE_LOADED
from infra.cluster import harm
from infra.cluster.browser import Browser
from infra.cluster.evidence import faults, generations, out_of_order, quiet
from infra.cluster.harm import PYTHON, until, well
from infra.cluster.installation import WORKERS, Installation
from infra.cluster.load import Load
from infra.cluster.report import Report
from infra.cluster.servers import LINKS
from infra.demo.cast import ANA
from infra.demo.office import Office
from infra.demo.story import Story
from infra.demo.timeline import Timeline

COMMANDS = (
    ("review", "web", "import-authorizations /run/input/list.csv", "list"),
    ("review", "worker", "prove-line", ""),
    ("review", "worker", "verify-audit", ""),
    ("enrollment-sync", "worker", "replay-evaluations", ""),
    ("notifier", "worker", "parked list", ""),
    ("intake", "worker", "parked quarantine", ""),
)
"""Service, process whose role it needs, words, Secret with its files."""


class Journey:
    def __init__(self, installation: Installation, report: Report) -> None:
        self._here, self._report = installation, report
        self._sent: list[str] = []
        self._browsers: list[Browser] = []
        self._http = httpx2.AsyncClient(timeout=60)

    async def install(self) -> None:
        self._here.prepare()
        await asyncio.to_thread(self._here.install, "1")
        await asyncio.to_thread(until, "one line about the calendar", self._waits_for_the_calendar)
        self._report.check(
            "helm install", holds=not well(self._here), found="no official calendar, so no start; one line"
        )
        said = await asyncio.to_thread(
            self._command, "enrollment-sync", "web", "calendar load /run/input/calendar.json", "calendar"
        )
        self._report.check("the calendar loaded by a Job", holds="is in force" in said, found=said.strip())
        await asyncio.to_thread(until, "every pod's start", lambda: well(self._here), 480)
        self._report.check(
            "production", holds=True, found=f"{len(self._here.pods())} pods ready, Kafka by TLS and SCRAM"
        )
        said = await asyncio.to_thread(self._here.helm, "test", "cpt", "--timeout", "120s")
        self._report.check("helm test", holds="Succeeded" in said)
        again = self._here.kubernetes.kubectl("get", "pods", "-o", "json")
        self._report.check("no pod holds a token of the cluster", holds="serviceAccountToken" not in again)

    def _waits_for_the_calendar(self) -> bool:
        where = ("-l", "app.kubernetes.io/component=enrollment-sync-web", "--tail=1")
        with contextlib.suppress(CalledProcessError):  # between two starts
            return NONE_LOADED in self._here.kubernetes.kubectl("logs", *where)
        return False

    def _command(self, service: str, kind: str, words: str, files: str = "") -> str:
        return self._here.command(service, kind, *words.split(), files=files)

    async def sign_in(self) -> None:
        """By the code flow and its sealed cookie, in front of the students' and the office's pages."""
        for service, who, role in (("intake", ANA.emplid, "student"), ("review", "dana.reed", "adviser")):
            browser = Browser(self._http, LINKS[service], self._here.addresses()[service])
            refused = not await browser.sees("/")
            await browser.sign_in(who, [role])
            self._report.check(f"{role} signs in at {service}", holds=refused and await browser.sees("/"))
            self._browsers.append(browser)

    async def commands(self) -> None:
        """One of each kind of the runbooks, of the first day and of a restore."""
        for service, kind, words, files in COMMANDS:
            said = await asyncio.to_thread(self._command, service, kind, words, files)
            self._report.check(f"{service} {words}", holds=True, found=(said.strip().splitlines() or [""])[-1][:100])
        worker = "deployment/cpt-intake-worker"
        self._here.kubernetes.kubectl("scale", worker, "--replicas=0")
        await asyncio.to_thread(until, "the end of intake's workers", lambda: not self._here.pods("worker", "intake"))
        for words in ("restore-line", "rewind"):
            said = await asyncio.to_thread(self._command, "intake", "worker", words)
            self._report.check(f"intake {words}", holds=True, found=said.strip().splitlines()[-1][:100])
        self._here.kubernetes.kubectl("scale", worker, f"--replicas={WORKERS}")
        await asyncio.to_thread(until, "intake's workers", lambda: well(self._here))

    async def rotate_under_load(self) -> None:
        """As docs/secrets.md says: every password in PostgreSQL, and the key that seals sessions."""
        async with self._load("a change of passwords and of the session key"):
            changed = await asyncio.to_thread(self._here.change_secrets)
            await asyncio.to_thread(until, "the new Secrets in every pod", lambda: self._here.has_arrived(changed))
            await self._here.alter_roles(changed)
            await asyncio.to_thread(self._here.restart)
            await asyncio.to_thread(until, "the restart", lambda: well(self._here))
        kept = [await browser.sees("/") for browser in self._browsers]
        self._report.check(
            "passwords and session key changed", holds=all(kept), found=f"{len(kept)} people are still signed in"
        )

    async def use(self) -> None:
        """The story of the demonstration, word for word."""
        async with httpx2.AsyncClient(timeout=60) as http:
            with contextlib.redirect_stdout((self._here.folder / "story.log").open("w")):
                await Story(Office(self._here.addresses(), http), Timeline()).play()
        self._report.check(
            "the story", holds=True, found="six requests, six approval emails, one withdrawal, one alert"
        )

    async def change_under_load(self) -> None:
        async with self._load("a rolling upgrade and a rollback"):
            for what, act in (("helm upgrade", self._upgrade), ("helm rollback", self._roll_back)):
                before = generations(self._here.outside.log)
                await asyncio.to_thread(act)
                await asyncio.to_thread(until, f"the end of {what}", lambda: well(self._here))
                self._report.check(what, holds=True, found=f"image {self._tags()}")
                self._rebalances(what, before)

    async def harm_under_load(self) -> None:
        async with self._load("a kill, a drain and a want of memory"):
            for component in ("review-worker", "intake-web"):
                killed = await asyncio.to_thread(harm.kill, self._here, component)
                await asyncio.to_thread(until, f"another pod for {killed}", lambda: well(self._here))
                self._report.check(f"a {component} pod killed", holds=True, found="replaced")
            evicted, refused = await asyncio.to_thread(harm.drain, self._here)
            await asyncio.to_thread(until, "the end of the drain", lambda: well(self._here))
            held = f"{evicted} pods evicted, a budget refused {refused} times"
            self._report.check("the node drained", holds=refused > 0, found=held)
            await asyncio.to_thread(harm.exhaust_memory, self._here, "notifier-worker")
            await asyncio.to_thread(until, "its restart", lambda: well(self._here))
            self._report.check("a worker out of memory", holds=True, found="OOMKilled, restarted, ready")

    async def prove(self) -> None:
        outside = self._here.outside
        await quiet(outside.postgres, self._sent)
        found = await faults(outside.postgres)
        self._report.check(
            "nothing lost, nothing parked, numbers gapless",
            holds=not found,
            found="; ".join(found) or f"{len(self._sent)} requests",
        )
        events, repeated, wrong = await out_of_order(outside.kafka)
        self._report.check(
            "nothing reordered",
            holds=not wrong,
            found="; ".join(wrong[:3]) or f"{events} events, {repeated} sent twice",
        )
        pod = next(p["metadata"]["name"] for p in self._here.pods("worker") if "review" in p["metadata"]["name"])
        said = self._here.kubernetes.kubectl("exec", pod, "--", PYTHON, "/opt/cpt/start_service.py", "prove-line")
        self._report.check("the line proved from its log", holds=True, found=said.strip().splitlines()[-1])

    @asynccontextmanager
    async def _load(self, meanwhile: str) -> AsyncIterator[None]:
        load = Load(self._here.addresses())
        people = asyncio.create_task(load.run())
        try:
            yield
            await asyncio.sleep(0)
        finally:
            load.stop()
            await people
        self._sent += [request for _, request in load.sent]
        found = ", ".join(f"{count} × {what}" for what, count in load.answered.items())
        self._report.check(f"0 failed requests during {meanwhile}", holds=not load.refused, found=found)
        for refusal in load.refused[:5]:
            self._report.line(f"    {refusal[:300]}")

    def _upgrade(self) -> None:
        self._here.install("2", "--wait")

    def _roll_back(self) -> None:
        self._here.helm("rollback", "cpt", "1", "--wait", "--timeout", "480s")

    def _tags(self) -> str:
        return ", ".join(sorted({p["spec"]["containers"][0]["image"].rpartition(":")[2] for p in self._here.pods()}))

    def _rebalances(self, what: str, before: dict[str, int]) -> None:
        now = generations(self._here.outside.log)
        counts = {group: now[group] - before.get(group, 0) for group in now}
        holds = bool(counts) and max(counts.values()) <= 2 * WORKERS
        told = ", ".join(f"{group} {count}" for group, count in sorted(counts.items()))
        self._report.check(f"at most one rebalance for a pod that came or went in {what}", holds=holds, found=told)
