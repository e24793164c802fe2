"""Log lines are JSON with an action word and ids, each written down, and none holds what people wrote (case 66)."""

import ast
import json
import re
import subprocess
import sys

from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from cpt.runtime.observed import Observed
from tests.observability.tools import ROOT

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
OF_PEOPLE = re.compile(r"emplid|name|email|student|address|text|body|payload|key|password|token|document")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| ([^|]*)\|", re.MULTILINE)
REQUEST = "01a20dab-bd87-73fb-99b7-1415057b4802"
SAYS = """
import logging, structlog
from cpt.runtime.logs import configure_logs
configure_logs("review", "worker", "INFO")
structlog.get_logger().warning("loop_failing", loop="relay")
logging.getLogger("some.library").warning("two\\nlines of %s", "a library")
try:
    raise ValueError("DETAIL: Key (emplid)=(30012345) already exists")
except ValueError as error:
    structlog.get_logger().error("request_failed", exc_info=error)
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
"""


def log_calls():
    """Each `log.warning("action", field=…)` of the product: action, level, fields, and where."""
    for folder in ("shared/src", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                call = node.func if isinstance(node, ast.Call) else None
                if (
                    isinstance(call, ast.Attribute)
                    and isinstance(call.value, ast.Name)
                    and call.value.id == "log"
                    and call.attr in LEVELS
                ):
                    yield node, call.attr, f"{path.name}:{node.lineno}"


def test_every_call_says_one_word_and_ids_that_are_nobody():
    for node, _, where in log_calls():
        (word,) = node.args
        assert isinstance(word, ast.Constant), where
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", word.value), where
        assert not [field.arg for field in node.keywords if field.arg and OF_PEOPLE.search(field.arg)], where


def test_every_word_is_written_down_with_its_level_and_fields():
    told = {}
    for node, level, _ in log_calls():
        fields = {field.arg for field in node.keywords if field.arg and field.arg != "exc_info"}
        told[node.args[0].value] = (level, fields)
    told["request_answered"] = ("info", {"method", "route", "status", "seconds"})

    page = (ROOT / "docs" / "logs.md").read_text("utf-8")
    assert {word: (level, set(re.findall(r"`(\w+)`", fields))) for word, level, fields in ROW.findall(page)} == told


def test_each_line_is_json_with_an_action_and_without_the_words_of_an_error():
    """Libraries' lines too, though they have several lines."""
    said = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True).stderr
    lines = [json.loads(line) for line in said.splitlines()]

    assert [line["action"] for line in lines] == [
        "loop_failing",
        "two\nlines of a library",
        "request_failed",
        "Exception in ASGI application",
    ]
    assert all({"action", "level", "timestamp", "service", "process"} <= line.keys() for line in lines)
    assert [line["error"] for line in lines[2:]] == ["ValueError"] * 2
    assert "30012345" not in said


async def answered(method, path):
    async def done(_):
        return Response()

    app = Starlette(routes=[Route("/api/requests/{request_id}/documents/{kind}/{name}", done, methods=["GET", "PUT"])])
    app.add_middleware(Observed, frozenset())
    with capture_logs() as lines:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
            await http.request(method, path)
    return lines


async def test_an_act_is_told_with_its_ids_and_never_with_its_address():
    (line,) = await answered("PUT", f"/api/requests/{REQUEST}/documents/offer_letter/Ana%20Lima.pdf")

    assert (line["event"], line["status"], line["request_id"], line["kind"]) == (
        "request_answered",
        200,
        REQUEST,
        "offer_letter",
    )
    assert "Lima" not in str(line)


async def test_what_somebody_types_into_an_address_is_not_told():
    (line,) = await answered("PUT", "/api/requests/30012345/documents/Ana%20Lima/x")

    assert not {"30012345", "Ana Lima"} & set(map(str, line.values()))


async def test_a_look_is_not_told_unless_it_is_refused():
    """ASVS 16.3.3: whoever tries addresses or values leaves a trace."""
    assert await answered("GET", f"/api/requests/{REQUEST}/documents/offer_letter/x") == []

    (line,) = await answered("GET", "/wp-login.php")
    assert (line["event"], line["route"], line["status"]) == ("request_answered", "unknown", 404)
