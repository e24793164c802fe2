"""Good and bad campus events, as a table that both ways of judging them are held to."""

import base64
import json

from cpt.contracts.examples import campus_examples
from cpt.messaging.record import Record

_VERDICTS = {"accepted": "processed", "ignored": "ignored", "parked": "parked", "refused": "parked"}


def an_example(name):
    (found,) = (example for example in campus_examples() if example.name == name)
    return json.loads(json.dumps(found.event))


def changed(event, **attributes):
    """Other attributes; None takes one away."""
    return {name: value for name, value in (event | attributes).items() if value is not None}


def saying(event, **data):
    """Other data, a nested value by `current__status`; an ellipsis takes one away."""
    said = json.loads(json.dumps(event["data"]))
    for path, value in data.items():
        *outer, name = path.split("__")
        place = said
        for step in outer:
            place = place[step]
        if value is ...:
            del place[name]
        else:
            place[name] = value
    return event | {"data": said}


def of_bytes(event, body):
    """Data that no JSON document can hold."""
    return {name: value for name, value in event.items() if name != "data"} | {
        "data_base64": base64.b64encode(body).decode()
    }


def as_record(event, topic, key, offset):
    """What a producer makes of it in binary mode."""
    body = base64.b64decode(event["data_base64"]) if "data_base64" in event else json.dumps(event["data"]).encode()
    headers = {f"ce_{name}": str(value) for name, value in event.items() if name not in {"data", "data_base64"}}
    return Record(topic, 0, offset, offset, key, headers, body)


def agrees(verdict, fate, reason):
    """`reason` is why it was parked; every fault has to stand in both."""
    named = {part.split(":")[0] for part in (reason or "").split("; ")} - {""}
    return _VERDICTS[verdict["verdict"]] == fate and {fault["field"] for fault in verdict["faults"]} == named
