"""The stack's supervisor, with tiny programs in the place of the services."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from infra.devstack import keeper
from infra.devstack.child import Program, running
from infra.devstack.control import up
from infra.devstack.kafka import kafka
from infra.devstack.lodging import lodging
from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from infra.devstack.postgres import postgres
from infra.devstack.probe import answers
from infra.devstack.run_folder import ROOT, RunFolder

HERE = "tests.integration.test_devstack"
TINY = f"{HERE}:tiny_stack"


@contextlib.asynccontextmanager
async def tiny_stack(run, report):
    """Two file servers, each well as long as its folder holds `livez`; the first one's shell has a child of its own."""
    keeper.LOOK_EVERY = 0.1
    async with keeper.kept([_file_server(run, "with-child", "sleep 1000 & exec "), _file_server(run, "alone")], report):
        yield {"kafka": "none"}


@contextlib.asynccontextmanager
async def slow_stack(run, report):
    """Its start takes three times as long as a well process may be silent."""
    keeper.LOOK_EVERY = 0.1
    async with keeper.kept([_file_server(run, "slow", "sleep 2; exec ")], report):
        yield {}


@contextlib.asynccontextmanager
async def endless_stack(run, report):
    async with tiny_stack(run, report):
        (run.path / "endless").touch()
        yield await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def broken_stack(run, report):
    never = partial(answers, free_port(), "/readyz")
    broken = Program("broken", ("sh", "-c", "exit 7"), ROOT, run.logs / "broken.log", never)
    async with keeper.kept([broken], report):
        yield {}


def _file_server(run, name, before="exec "):
    folder, port = run.path / name, free_port()
    folder.mkdir()
    for answer in ("readyz", "livez"):
        (folder / answer).touch()
    shell = f'{before} "{sys.executable}" -m http.server -b 127.0.0.1 {port}'
    health = {"ready": partial(answers, port, "/readyz"), "alive": partial(answers, port, "/livez")}
    return Program(name, ("sh", "-c", shell), folder, run.logs / f"{name}.log", **health)


@pytest.fixture
def run(tmp_path):
    run = RunFolder(tmp_path / "a clone" / ".run")
    yield run
    assert not carriers(run) or _command("down", run).returncode == 0


def carriers(run):
    """The pids whose environment or arguments name this run folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            if str(run.path).encode() in said and int(process.name) != os.getpid():
                found.append(int(process.name))
    return found


def until(condition, seconds=30):
    began = time.monotonic()
    while not (value := condition()):
        assert time.monotonic() - began < stretched(seconds), "not in time"
        time.sleep(0.05)
    return value


def _command(word, run, *more):
    command = [sys.executable, "-m", "infra.devstack", word, "--run", str(run.path), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=stretched(60))


def test_up_says_where_everything_is_and_a_second_up_that_it_runs_already(run):
    """README.md: `make up` and `make down`."""
    first, before = _command("up", run, "--stack", TINY), run.stack()
    second = _command("up", run, "--stack", TINY)

    assert (first.returncode, second.returncode) == (0, 0)
    assert "runs already" in second.stdout
    assert run.stack() == before
    assert set(before["processes"]) == {"with-child", "alone"}


def test_down_ends_everything_and_discards_the_data(run):
    up(run, TINY)

    assert "stopped" in _command("down", run).stdout

    assert carriers(run) == []
    assert sorted(entry.name for entry in run.path.iterdir()) == ["lock", "logs"]


def test_down_works_when_nothing_runs(run):
    answer = _command("down", run)

    assert (answer.returncode, answer.stdout) == (0, "nothing runs\n")


@pytest.mark.parametrize("name", ["with-child", "alone"])
def test_a_killed_process_starts_again_under_a_new_pid(run, name):
    old = up(run, TINY)["processes"][name]

    os.kill(old, signal.SIGKILL)

    until(lambda: run.stack()["processes"][name] != old)
    assert f"{name} ended with -9" in run.progress.read_text()


def test_a_process_whose_livez_fails_again_and_again_starts_again(run):
    old = up(run, TINY)["processes"]["alone"]

    (run.path / "alone" / "livez").unlink()

    until(lambda: run.stack()["processes"]["alone"] != old)


def test_a_slow_start_is_not_taken_for_an_illness(run):
    """Found by make chaos on a busy machine: the new process was ended before it had started."""
    old = up(run, f"{HERE}:slow_stack")["processes"]["slow"]
    log = run.logs / "slow.log"
    before = log.read_text().count("livez")

    os.kill(old, signal.SIGKILL)

    until(lambda: run.stack()["processes"]["slow"] != old)
    until(lambda: log.read_text().count("livez") > before + 1)
    assert "failed" not in run.progress.read_text()


def test_nothing_outlives_a_killed_supervisor_and_the_next_up_sweeps_its_folder(run):
    supervisor = up(run, TINY)["supervisor"]
    assert len(carriers(run)) > 3  # supervisor, janitor, two programs and a program's own child

    os.kill(supervisor, signal.SIGKILL)

    until(lambda: not carriers(run))
    assert _command("up", run, "--stack", TINY).returncode == 0
    assert run.stack()["supervisor"] != supervisor


def test_nothing_outlives_a_starter_that_is_killed_while_it_waits(run):
    command = [sys.executable, "-m", "infra.devstack", "up", "--run", str(run.path)]
    starter = subprocess.Popen([*command, "--stack", f"{HERE}:endless_stack"], cwd=ROOT)
    until((run.path / "endless").exists)

    starter.kill()
    starter.wait()

    until(lambda: not carriers(run))


def test_a_stack_ends_with_its_owner(run):
    owner = subprocess.Popen(["sleep", "1000"])
    up(run, TINY, owner=owner.pid)

    owner.kill()
    owner.wait()

    until(lambda: not carriers(run))


def test_a_failed_start_says_why_and_leaves_nothing(run):
    answer = _command("up", run, "--stack", f"{HERE}:broken_stack")

    assert answer.returncode == 1
    assert "broken ended with 7" in answer.stdout
    until(lambda: not carriers(run))


def test_two_servers_of_each_kind_run_at_once_and_leave_no_data(tmp_path):
    """Two clones at once."""

    async def serve(clone: Path):
        async with contextlib.AsyncExitStack() as parts:
            addresses = []
            for name, make in (("postgres", postgres), ("kafka", kafka)):
                program, address = await parts.enter_async_context(make(clone / name, clone / f"{name}.log"))
                await parts.enter_async_context(running(program))
                addresses.append(address)
            await together.wait()
            return addresses

    async def both():
        return await asyncio.gather(serve(tmp_path / "one"), serve(tmp_path / "other"))

    together = asyncio.Barrier(2)
    one, other = asyncio.run(both())

    assert set(one).isdisjoint(other)
    assert not [*tmp_path.glob("*/postgres"), *tmp_path.glob("*/kafka")]


@pytest.mark.parametrize("place", ["None", "memory()"])
def test_a_temporary_folder_is_removed_once_its_owner_is_dead(place):
    lodge = f"from infra.devstack.lodging import lodging, memory\nwith lodging({place}) as it: print(it, flush=True); time.sleep(99)"
    script = f"import time; {lodge}"
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    folder = Path(owner.stdout.readline().strip())
    with lodging():
        assert folder.exists()

    owner.kill()
    owner.wait()
    with lodging():
        assert not folder.exists()
