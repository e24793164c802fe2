"""Every command that a page tells somebody to type runs as the user of the images, and says who acts where that is kept."""

import json
import os
import pwd
import re
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from cpt.postgres.migrations import migrate
from infra.cluster.images import build
from infra.devstack.databases import SERVICES
from tests.deployment.as_the_image import USER
from tests.deployment.test_images import AS_IN_THE_CHART

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs" / "runbooks").glob("*.md")),
    *(ROOT / "docs" / f"{name}.md" for name in ("go-live", "restore", "kubernetes", "operations-jobs")),
]
COMMAND = re.compile(rf"python -m ((?:{'|'.join(SERVICES)}) [^`\n]*)")
AUDITED = (
    "show",
    "replay",
    "discard",
    "release",
    "drop",
    "rewind",
    "export-case",
    "restore-told",
    "restore-cases",
    "load",
)
needs_root = pytest.mark.skipif(
    os.getuid() != 0, reason="only root can become the account of the images: sudo make test"
)


def told():
    """As they stand on the pages, without what a shell makes of them; what is optional is left out."""
    found = set()
    for page in PAGES:
        for line in COMMAND.findall(page.read_text("utf-8") if page.exists() else ""):
            words = re.sub(r"\s\[[^\]]*\]", "", line.split(" #")[0].split(" <")[0].split(" |")[0])
            if not words.endswith((" web", " worker")):
                found.add((page.stem, " ".join(words.split())))
    return sorted(found)


COMMANDS = sorted((page, text) for text, page in {text: page for page, text in told()}.items())


@pytest.fixture
def files():
    """What the words in capitals stand for; not in pytest's folder, which every run that begins closes to others again."""
    with TemporaryDirectory(prefix="cpt-commands-") as folder:
        yield _filled(Path(folder))


def _filled(folder):
    page = (ROOT / "docs" / "go-live.md").read_text("utf-8")
    (folder / "list.csv").write_text(re.search(r"```csv\n(.*?)```", page, re.DOTALL)[1])
    calendar = ROOT / "shared" / "src" / "cpt" / "campus" / "illustrative_calendar.json"
    (folder / "calendar.json").write_text(calendar.read_text())
    (folder / "out").mkdir()
    (folder / "out").chmod(0o777)
    folder.chmod(0o755)
    return folder


def filled(text, files):
    for name, value in {"ID": "1", "SEQ": "1", "NAME": "kim@umass.edu", "list.csv": f"{files}/list.csv"}.items():
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", value, text)
    text = text.replace("/dev/stdin", f"{files}/calendar.json")
    return shlex.split(
        text.replace("FILE", f"{files}/out/case.zip" if "export-case" in text else f"{files}/calendar.json")
    )


def as_the_image(commands, database_url, kafka, files):
    """Nothing of this machine's environment counts."""
    given = {"CPT_POSTGRES__DSN": database_url, "CPT_KAFKA__BOOTSTRAP_SERVERS": kafka, "TMPDIR": str(files / "out")}
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "deployment" / "as_the_image.py")],
        input=json.dumps(commands), env=environment, cwd=files, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def inside(engine, image, commands, database_url, kafka, files):
    """The same in the image, restricted as the chart has it; servers are this machine's."""
    given = {"CPT_POSTGRES__DSN": database_url, "CPT_KAFKA__BOOTSTRAP_SERVERS": kafka}
    script = ROOT / "tests" / "deployment" / "as_the_image.py"
    options = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
    options += ["-v", f"{files}:{files}", "-w", str(files), "-v", f"{script}:/script.py:ro", "--network", "host"]
    command = ("docker", "run", "--rm", "-i", *AS_IN_THE_CHART, *options, "--entrypoint", "python", image, "/script.py")
    done = subprocess.run(
        command, env=engine, input=json.dumps(commands), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
async def servers(database_url, kafka):
    """With every table and every topic."""
    for service in SERVICES:
        await migrate(database_url, service, ROOT / "services" / service.replace("_", "-") / "migrations")
    topics = yaml.safe_load((ROOT / "infra" / "kafka" / "topics.yaml").read_text())
    await ensure_topics(KafkaSettings(bootstrap_servers=kafka), TopicList.model_validate(topics))
    return database_url, kafka


def judge(commands, files, run):
    """0: done; 1: its own answer, such as that there is no such message. A traceback or a word it does not know is neither."""
    told_words = [filled(text, files) for _, text in commands]
    anonymous = [[word for word in words if word not in ("--as", "kim@umass.edu")] for words in told_words]
    answers = run(told_words + anonymous)
    signed, unsigned = answers[: len(commands)], answers[len(commands) :]
    wrong = [
        (page, text, code, said[-400:])
        for (page, text), (code, said) in zip(commands, signed, strict=True)
        if code not in (0, 1) or "Traceback" in said
    ]

    assert not wrong, "\n".join(map(str, wrong))
    refused = {text for (_, text), (code, said) in zip(commands, unsigned, strict=True) if code == 2 and "--as" in said}
    assert refused >= {text for _, text in commands if any(word in text for word in AUDITED)}, "an act without an actor"


@needs_root
async def test_every_command_of_every_page_runs_as_the_user_of_the_images(files, servers):
    with pytest.raises(KeyError):
        pwd.getpwuid(USER)
    assert len(COMMANDS) > 30

    judge(COMMANDS, files, lambda words: as_the_image(words, *servers, files))


@pytest.mark.parametrize("service", SERVICES)
async def test_every_command_of_every_page_runs_in_the_image(service, engine, image_base, files, servers):
    image = build(engine, service.replace("_", "-"), image_base, tag="test")
    mine = [(page, text) for page, text in COMMANDS if text.split()[0] == service]
    assert mine

    judge(mine, files, lambda words: inside(engine, image, words, *servers, files))
