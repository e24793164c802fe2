"""Who may use what, where an import alone does not tell (style §4)."""

import ast
import re
import sys

import pytest

from tests.architecture.sources import PRODUCT, functions, imports, modules, names_used

SOURCES = modules(*PRODUCT)
FILE = re.compile(r"(?:services/[a-z-]+|shared)/src/[a-z_]+/(?P<file>.+)\.py")


def using(*wanted):
    return {path for path, module in SOURCES.items() if not set(wanted).isdisjoint(names_used(module))}


def test_a_producer_is_known_to_the_factory_the_worker_and_the_relay_only():
    """docs/architecture.md: the outbox is the only way to publish."""
    machinery = (
        "shared/src/cpt/messaging/kafka.py",
        "shared/src/cpt/messaging/relay.py",
        "shared/src/cpt/runtime/worker.py",
    )

    assert using("AIOKafkaProducer", "build_producer", "publish", "publisher") == set(machinery)


def test_the_environment_is_read_by_the_settings_only():
    assert using("environ", "getenv", "BaseSettings") == {"shared/src/cpt/runtime/settings.py"}


def test_whole_settings_are_seen_by_the_composition_root_only():
    """Everything else is handed its own section."""
    whole = "IntakeSettings", "EnrollmentSyncSettings", "EnrollmentSettings", "ReviewSettings", "NotifierSettings"

    assert {FILE.fullmatch(path)["file"] for path in using(*whole)} <= {
        "app",
        "worker",
        "notice_context",
        "__main__",
        "commands",
        "settings",
    }


@pytest.mark.parametrize("path", [path for path in SOURCES if re.search(r"/domain(/|\.py)|/cpt/campus/", path)])
def test_rules_import_the_standard_library_campus_facts_and_rules(path):
    """Style §2.3; holidays are campus facts, and what a letter says is a rule of intake's."""
    own = ("cpt.campus", "holidays", "intake.letter", "intake.domain", "enrollment_sync.domain", "review.domain")
    own += ("review.alerts.domain", "notifier.domain")
    foreign = [name for name in imports(SOURCES[path]) if name.split(".")[0] not in sys.stdlib_module_names]

    assert [name for name in foreign if not name.startswith(own)] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.endswith("/consumer.py") and "/cpt/" not in path])
def test_a_subscriber_is_at_most_five_lines(path):
    """Style §7: an edge is parse, call, return."""
    handlers = [f for f in functions(SOURCES[path]) if f.name.startswith("on_")]
    lines = {f.name: f.end_lineno - f.body[0].lineno + 1 for f in handlers}

    assert {name: count for name, count in lines.items() if count > 5} == {}


def test_no_use_case_calls_the_clock():
    """Business times are arguments (P39): only the runtime's clock, measuring and waiting read one."""
    clocks = using("now", "utcnow", "today") & {
        path for path, module in SOURCES.items() if "datetime" in set(imports(module))
    }

    assert {path for path in clocks if _calls_the_clock(SOURCES[path])} <= {"shared/src/cpt/runtime/clock.py"}


def _calls_the_clock(module):
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
        for node in ast.walk(module)
    )
