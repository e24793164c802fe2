"""A stack whose processes are stopped and started one service at a time, and the commands of docs/restore.md."""

import asyncio
import os
import re
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.devstack.child import finish, launch, running, stop, until_ready
from infra.devstack.databases import SERVICES, databases
from infra.devstack.postgres_programs import find_programs
from infra.devstack.processes import KINDS, Plan, process_name
from infra.devstack.run_folder import RunFolder
from infra.devstack.topics import create_topics, delete_topics

PATIENCE = 240.0
"""Seconds for a start or an effect: a busy machine is slow without being wrong."""
PAGE = Path(__file__).parents[2] / "docs" / "restore.md"


def commands(heading):
    """The blocks of commands under a heading of the page, in order."""
    section = re.search(rf"^##+ {heading}\n(.*?)(?=^##|\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)


class Drill:
    """`addresses` is what `stack.json` would say."""

    def __init__(self, plan, admin, folder):
        self.plan, self.admin, self.folder = plan, admin, folder
        self.programs = {program.name: program for program in plan.service_programs()}
        self.processes: dict[str, Process] = {}
        links = plan.links()
        self.addresses = {service: links[service] for service in SERVICES}
        self.addresses |= {"campus": f"http://127.0.0.1:{plan.campus}", "kafka": plan.kafka}

    async def start(self, service, *kinds):
        names = [process_name(service, kind) for kind in kinds or KINDS]
        self.processes |= {name: await launch(self.programs[name]) for name in names}
        await asyncio.gather(*(until_ready(self.programs[name], self.processes[name], PATIENCE) for name in names))

    async def stop(self, service):
        for kind in KINDS:
            if process := self.processes.pop(process_name(service, kind), None):
                await stop(process)

    async def run(self, service, script, kind="worker"):
        """What the commands say; they run as on the page, with the settings of that process."""
        settings = self.programs[process_name(service, kind)].env
        here = {"SERVICE": service, "ADMIN": self.admin}
        here["PATH"] = f"{Path(os.sys.executable).parent}:{find_programs(self.folder, '')}:{os.environ['PATH']}"
        shell = await create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", script),
            cwd=self.folder,
            env={**os.environ, **settings, **here},
            stdout=PIPE,
            stderr=STDOUT,
        )
        said = (await shell.communicate())[0].decode()
        assert shell.returncode == 0, said
        return said

    async def back_up(self):
        for service in SERVICES:
            await self.run(service, *commands("Back up"))

    async def lose_and_restore(self, service):
        await self.stop(service)
        await self.run(service, *commands("Bring it back"))


@asynccontextmanager
async def a_drill(postgres, kafka):
    with TemporaryDirectory(prefix="cpt-drill-") as name:
        folder = Path(name)
        async with AsyncExitStack() as parts:
            plan = Plan(RunFolder(folder / "run"), kafka=kafka)
            admin, services = await parts.enter_async_context(databases(postgres, "cpt_drill"))
            plan.databases.update(services)
            parts.push_async_callback(delete_topics, kafka, await create_topics(kafka))
            await asyncio.gather(*map(finish, plan.migrations()))
            await parts.enter_async_context(running(plan.campus_program(), PATIENCE))
            drill = Drill(plan, admin, folder)
            for service in SERVICES:
                parts.push_async_callback(drill.stop, service)
            await asyncio.gather(*map(drill.start, SERVICES))
            yield drill
