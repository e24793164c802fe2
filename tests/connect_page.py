"""The commands and tables of docs/connect.md, taken out of it so that tests can run and compare them."""

import json
import re
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs" / "connect.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def script():
    """Everything a reader types, in one shell that stops at the first failure; the producer is saved where it comes."""
    (producer,) = blocks("python")
    saved = f"cat > producer.py <<'PRODUCER'\n{producer}PRODUCER\n"
    return "\n".join(["set -euo pipefail", saved, *blocks("sh")])


def events():
    """The events that the page writes into files, by their names."""
    return {
        name: json.loads(text) for name, text in re.findall(r"cat > (\w+)\.json <<'END'\n(.*?)\nEND", PAGE, re.DOTALL)
    }


def row(name):
    """The codes in the second cell of a table's row."""
    (cell,) = re.findall(rf"^\| {name} \| ([^|]*) \|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`([^`]+)`", cell))


def answers(output):
    """The JSON documents that commands printed one after the other, among reports for people."""
    output = re.sub(r"[\w.-]+\.csv: .*\n(?:  \d.*\n)*", "", output)
    decoder, found, rest = json.JSONDecoder(), [], output.strip()
    while rest:
        document, end = decoder.raw_decode(rest)
        found.append(document)
        rest = rest[end:].strip()
    return found
