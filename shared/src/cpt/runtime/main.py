"""The entry point of every service: `python -m <service> web|worker|migrate|topics|…`."""

import argparse
import asyncio
import gc
import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import uvicorn
import uvloop
from pydantic import ValidationError

from cpt import crash_points
from cpt.campus.policy import IN_FORCE
from cpt.campus.university import HERE
from cpt.postgres import NotPermitted
from cpt.postgres.migrations import Phase, migrate
from cpt.runtime.actor import ACTOR, NobodyActs
from cpt.runtime.logs import configure_logs
from cpt.runtime.official import NONE_LOADED, lacks_calendar
from cpt.runtime.production import lost_documents
from cpt.runtime.settings import HttpSettings, Settings, TopicSettings
from cpt.runtime.traces import configure_traces

STOP_SECONDS = 12
"""For answers under way when a web process is told to stop: with the closing of its parts below the least grace of its
pod, 20 s, so that a slow upload cannot hold it until it is killed.
"""

KINDS = ("web", "worker", "migrate", "topics")
Command = Callable[[list[str]], Awaitable[int]]


def run_service(module: ModuleType, settings: Callable[[], Settings]) -> None:
    """Parses the command line and runs one kind of process.

    A kind loads its own part of the service only, for loading takes longer than a migration: `build_web` of the
    module's `app`, `build_worker` of its `worker`, or one of the COMMANDS of its `commands`.
    """
    service = module.__name__
    name, actor, rest = _words(module)
    found = _read(_settings_of(module, name, settings))
    _require(found, service, name)
    ACTOR.set(actor or found.actor)
    IN_FORCE.set(found.policy.office)
    HERE.set(found.university.university)
    configure_logs(service, name, found.log_level)
    configure_traces(service, name, found.traces, found.environment)
    crash_points.watch(found.crash_at, f"{service}-{name}")
    if found.environment == "production" and asyncio.run(lacks_calendar(service, name, found.postgres)):
        _refuse(NONE_LOADED)
    if name == "web":
        web = import_module(f"{service}.app").build_web(found)
        _collect_less()
        uvicorn.run(web, **serving(found.http))
    elif name == "worker":
        worker = import_module(f"{service}.worker").build_worker(found)
        _collect_less()
        uvloop.run(worker.run())
    elif name == "migrate":
        asyncio.run(_migrate(module, found, rest))
    elif name == "topics":
        asyncio.run(_topics(found, _json(rest[0])))
    else:
        sys.exit(asyncio.run(_run(commands_of(module)[name], rest)))


def commands_of(module: ModuleType) -> Mapping[str, Command]:
    """The service's own."""
    commands: Mapping[str, Command] = import_module(f"{module.__name__}.commands").COMMANDS
    return commands


def _settings_of(module: ModuleType, name: str, whole: Callable[[], Settings]) -> Callable[[], Settings]:
    """A job before an installation knows nothing of pages and mails, and is given no setting of theirs."""
    if name == "topics" or _needs_no_database(module, name):
        return TopicSettings
    return Settings if name == "migrate" else whole


def _needs_no_database(module: ModuleType, name: str) -> bool:
    return name not in KINDS and name in getattr(import_module(f"{module.__name__}.commands"), "WITHOUT_DATABASE", ())


def _words(module: ModuleType) -> tuple[str, str | None, list[str]]:
    """The command, who runs it, and its own words."""
    service = module.__name__
    parser = argparse.ArgumentParser(
        prog=f"python -m {service}", description=inspect.getdoc(module), allow_abbrev=False
    )
    own = () if sys.argv[1:2] and sys.argv[1] in KINDS else commands_of(module)
    parser.add_argument("command", choices=[*KINDS, *own])
    parser.add_argument("--as", dest="actor", metavar="NAME", help="who runs an audited command (or CPT_ACTOR)")
    command, rest = parser.parse_known_args()
    return command.command, command.actor, rest


def _read(settings: Callable[[], Settings]) -> Settings:
    """Ends the process with one line for each setting that is wrong, never with a value of one."""
    try:
        return settings()
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            variable = "__".join(["CPT", *map(str, fault["loc"])]).replace("CPT__", "CPT_", 1).upper()
            for line in fault["msg"].removeprefix("Value error, ").splitlines():
                print(f"{variable}: {line}" if fault["loc"] else line, file=sys.stderr)  # noqa: T201 whoever installs reads it
        sys.exit(2)


_AT_DOCUMENTS = {("intake", "web"), ("intake", "worker"), ("review", "web")}
"""The chart gives their volume to these alone."""


def _require(settings: Settings, service: str, name: str) -> None:
    """Ends the process with one line for each thing that this kind of process needs."""
    faults = settings.kafka.missing() if name in ("worker", "topics") else []
    if name == "web" and settings.environment == "production" and not settings.http.probe_port:
        faults.append("CPT_HTTP__PROBE_PORT is needed: probes and metrics are not for those who reach the pages")
    if settings.environment == "production" and (service, name) in _AT_DOCUMENTS:
        faults += lost_documents(settings.documents.url)  # type: ignore[attr-defined]  # both services have them
    if faults:
        _refuse(*faults)


def _refuse(*faults: str) -> NoReturn:
    print(*faults, sep="\n", file=sys.stderr)  # noqa: T201 whoever installs reads it
    sys.exit(2)


def serving(http: HttpSettings) -> dict[str, Any]:
    """The server's options. Its own default would believe any process of this machine."""
    return {
        "host": http.host,
        "port": http.port,
        "proxy_headers": bool(http.trusted_proxies),
        "forwarded_allow_ips": http.trusted_proxies,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "http": "cpt.runtime.connections:BoundedProtocol",  # by name: whoever serves nothing need not load it
    }


def _collect_less() -> None:
    """What is loaded by now stays for ever, and what a batch or a request makes ends with it, hardly ever in a cycle:
    looking through all of it as often as by default takes a fifth of a worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


async def _run(command: Command, rest: list[str]) -> int:
    try:
        return await command(rest)
    except NotPermitted as error:
        print(f"{error}: docs/database-roles.md says beside which process this command runs", file=sys.stderr)  # noqa: T201 its answer
        return 1
    except NobodyActs as error:
        print(error, file=sys.stderr)  # noqa: T201 its answer
        return 2


async def _migrate(module: ModuleType, settings: Settings, rest: list[str]) -> None:
    phases: tuple[Phase, ...] = ("pre",) if rest == ["--pre"] else ("pre", "post")
    applied = await migrate(settings.postgres.dsn.get_secret_value(), module.__name__, migrations_of(module), phases)
    print("\n".join(applied) or "nothing to apply")  # noqa: T201 a person or a job log reads it


async def _topics(settings: Settings, listed: str) -> None:
    from cpt.messaging.topics import TopicList, ensure_topics  # noqa: PLC0415 the other kinds load no Kafka client for it

    made = await ensure_topics(settings.kafka, TopicList.model_validate_json(listed))
    print("\n".join(made) or "every topic is there")  # noqa: T201 a person or a job log reads it


def _json(given: str) -> str:
    """An object, or the path of a file that holds one."""
    return given if given.startswith("{") else Path(given).read_text("utf-8")


def migrations_of(module: ModuleType) -> Path:
    """The folder of a service's migrations, next to its `src`."""
    assert module.__file__ is not None
    return Path(module.__file__).resolve().parents[2] / "migrations"
