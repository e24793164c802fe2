"""Nothing personal where operators, brokers and proxies look: every value of the cast is searched for in logs, metrics,
traces, keys, headers and addresses.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.demo.cast import ADVISERS, EVERYBODY
from infra.devstack.databases import SERVICES
from tests.acceptance.collector import Collector
from tests.acceptance.walker import IN_MAIL, walk

OWN_TOPICS = ("cpt.intake", "cpt.enrollment", "cpt.review", "cpt.notifier")


def personal() -> dict[str, str]:
    """What must appear nowhere but in bodies, rows and mails; by what it is."""
    values = {f"the name {name}": name for name in ADVISERS.values()}
    for student in EVERYBODY:
        profile = student.profile()
        told = {key: profile.get(key) for key in ("name", "email", "emplid", "sevis_id")} | {
            "employer": student.employer
        }
        values |= {f"{key} of {student.name}": value for key, value in told.items() if value}
    return values


def found_in(text: str) -> list[str]:
    return [what for what, value in personal().items() if value.lower() in text.lower()]


def logs(folder: Path, processes: dict[str, int]) -> Iterator[tuple[str, str]]:
    for name in processes:
        if name != "campus":  # outside of the product
            yield f"log of {name}", (folder / f"{name}.log").read_text("utf-8")


def _port(pid: int) -> str:
    variables = Path(f"/proc/{pid}/environ").read_text("utf-8").split("\0")
    return dict(variable.split("=", 1) for variable in variables if "=" in variable)["CPT_HTTP__PORT"]


async def metrics(processes: dict[str, int]) -> list[tuple[str, str]]:
    """Asked where each process listens, by its own environment."""
    pages = []
    async with httpx2.AsyncClient(timeout=10) as http:
        for name, pid in processes.items():
            if name != "campus":
                answer = await http.get(f"http://127.0.0.1:{_port(pid)}/metrics")
                assert answer.status_code == 200
                pages.append((f"metrics of {name}", answer.text))
    return pages


async def records(bootstrap: str) -> tuple[list[tuple[str, str]], str]:
    """Keys and headers of every record on our own topics; and all payloads, where the values must be."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for topic in OWN_TOPICS for number in range(6)]
        consumer.assign(places)
        ends, seen, payloads = await consumer.end_offsets(places), [], []
        await consumer.seek_to_beginning(*places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                for record in batch:
                    headers = json.dumps([(name, value.decode()) for name, value in record.headers])
                    seen.append((f"key or header on {record.topic}", f"{record.key.decode()} {headers}"))
                    payloads.append(record.value.decode())
    finally:
        await consumer.stop()
    return seen, "\n".join(payloads)


def spans(collector: Collector) -> list[tuple[str, str]]:
    """Names, attributes, statuses and events of everything that was traced."""
    return [(f"span {span.name} of {span.by}", f"{span.name} {span.attributes}") for span in list(collector.spans)]


async def addresses(stack: dict, called: list[str]) -> list[tuple[str, str]]:
    """What was called and led to, every address on the pages of a student, the office and operations, every link in a mail."""
    people = [("intake", "/", EVERYBODY[0].emplid, "student")]
    people += [("review", "/", "a.walker", role) for role in ("adviser", "director", "compliance")]
    people += [(service, "/operations", "o.walker", "operations") for service in SERVICES]
    found = [("address of a call", one) for one in called]
    for service, start, sub, role in people:
        met = await walk(f"{stack[service]}{start}", stack["campus"], sub, role)
        assert len(met) > 5, "a page has addresses, or nothing was searched"
        found += [(f"address that {role} meets in {service}", one) for one in met if not _campus(one, stack)]
    async with httpx2.AsyncClient(timeout=10) as http:
        mails = (await http.get(f"{stack['campus']}/demo/mail")).text
    links = [("link in a mail", one) for one in IN_MAIL.findall(mails.replace("\\n", " "))]
    assert links, "mails lead somewhere"
    return found + links


def _campus(address: str, stack: dict) -> bool:
    """The simulated campus is outside of the product; what leads there is not."""
    return address.startswith(stack["campus"]) and "/oidc/" not in address


async def leaks(stack: dict, folder: Path, collector: Collector, called: list[str]) -> list[str]:
    """Where a value of the cast stands that must not; the search itself is proven on the payloads."""
    told, payloads = await records(stack["kafka"])
    assert len(found_in(payloads)) > 10, "the canaries must be in the events, or nothing was searched for"
    met = await addresses(stack, called)
    traced = spans(collector)
    assert {span.by.split()[-1] for span in collector.spans} == {"web", "worker"}, "both kinds of process were traced"
    places = [*logs(folder, stack["processes"]), *await metrics(stack["processes"]), *told, *traced, *met]
    return sorted({f"{what} in the {place}" for place, text in places for what in found_in(unquote_plus(text))})
