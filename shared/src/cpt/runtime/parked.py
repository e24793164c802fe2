"""`python -m <service> parked list|replay ID|discard ID`: for operators at a terminal."""

import argparse
import getpass
import json
from collections.abc import Callable

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.parking import NotParked, discard, list_parked, replay
from cpt.postgres import Database
from cpt.runtime.main import Command

Parts = Callable[[], tuple[Database, Consumer]]


def parked_command(parts: Parts) -> Command:
    """Runs the same handlers as the worker; who decided is kept with the message."""

    async def run(rest: list[str]) -> int:
        words = _parse(rest)
        database, consumer = parts()
        await database.open()
        try:
            return await _do(words, database, consumer)
        finally:
            await database.close()

    return run


def _parse(rest: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="parked", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list")
    for act in ("replay", "discard"):
        acts.add_parser(act).add_argument("id", type=int)
    return parser.parse_args(rest)


async def _do(words: argparse.Namespace, database: Database, consumer: Consumer) -> int:
    if words.act == "list":
        for row in await list_parked(database, consumer.name):
            print(json.dumps({k: v for k, v in row.items() if k != "key"}, default=str))  # noqa: T201 the command's answer
        return 0
    act, actor = (replay, discard)[words.act == "discard"], f"terminal:{getpass.getuser()}"
    try:
        handled = await act(database, consumer, words.id, actor)
    except NotParked as error:
        print(error)  # noqa: T201 as above
        return 1
    except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer; the message stays
        print(f"failed again and stays parked: {explain(error)}")  # noqa: T201 as above
        return 1
    print(f"{handled} messages were handled")  # noqa: T201 as above
    return 0
