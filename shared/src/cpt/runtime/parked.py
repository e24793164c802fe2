"""`python -m <service> parked list|show ID|replay ID|discard ID` and `… quarantine|release SEQ|drop SEQ`."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.own_message import OwnMessage
from cpt.messaging.parking import NotParked, list_parked, show_parked
from cpt.messaging.quarantine import NotQuarantined, discard_quarantined, list_quarantine, release_quarantined
from cpt.messaging.replay import discard, replay
from cpt.postgres import Database, NotPermitted
from cpt.runtime.actor import NobodyActs, terminal_actor
from cpt.runtime.main import Command

Parts = Callable[[], tuple[Database, Consumer]]


def parked_command(parts: Parts) -> Command:
    """Runs the same handlers as the worker; who decided, and why, goes into the audit record."""

    async def run(rest: list[str]) -> int:
        words = _parse(rest)
        opened, consumer = parts()
        async with opened as database:
            try:
                for line in await _do(words, database, consumer):
                    print(line)  # noqa: T201 the command's answer
            except (NotParked, NotQuarantined, OwnMessage) as error:
                print(error)  # noqa: T201 as above
                return 1
            except (NotPermitted, NobodyActs):
                raise
            except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer; the message stays
                print(f"failed again and stays parked: {explain(error)}")  # noqa: T201 as above
                return 1
        return 0

    return run


def _parse(rest: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="parked", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="the first waiting message of every key")
    acts.add_parser("show", help="one message with its content; kept that you read it").add_argument(
        "id", type=_row_number
    )
    acts.add_parser("quarantine", help="events that Kafka refused")
    for act in ("replay", "discard", "release", "drop"):
        one = acts.add_parser(act)
        one.add_argument("id", type=_row_number)
        one.add_argument("--reason", default="", help="goes into the audit record")
    return parser.parse_args(rest)


def _row_number(text: str) -> int:
    """The number of a row: what a bigint can hold."""
    if text.isdecimal() and 0 < int(text) < 2**63:
        return int(text)
    raise argparse.ArgumentTypeError(f"no row has the number {text}")


async def _do(words: argparse.Namespace, database: Database, consumer: Consumer) -> list[str]:
    match words.act:
        case "list":
            return [_line(row) for row in await list_parked(database, consumer.name)]
        case "quarantine":
            return [_line(row) for row in await list_quarantine(database)]
    actor = terminal_actor()
    match words.act:
        case "show":
            return [_line(await show_parked(database, consumer, words.id, actor))]
        case "release":
            return [f"{await release_quarantined(database, consumer, words.id, actor, words.reason)} events go out"]
        case "drop":
            return [
                f"event {await discard_quarantined(database, consumer, words.id, actor, words.reason)} will never go out"
            ]
    act = replay if words.act == "replay" else discard
    return [f"{await act(database, consumer, words.id, actor, words.reason)} messages were handled"]


def _line(row: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if name != "key"}, default=str)
