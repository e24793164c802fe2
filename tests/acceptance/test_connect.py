"""What docs/connect.md tells an integrator to type, typed on the whole stack."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from infra.demo.cast import ANA
from infra.demo.office import eventually
from infra.devstack.patience import stretched
from tests.connect_page import answers, blocks, script

EMPLID = "30012345"
ABOUT_NOBODY = """
sed 's/30012345/30099999/; s/0004711/0004713/' drop.json > unwatched.json
echo; echo "{\\"place\\": \\"$(KAFKA=$(at kafka) python3 producer.py campus.enrollment < unwatched.json)\\"}"
"""
SENT = {
    "SPIRE-2026-09-30-0004711": ("enrollment_sync", "registrar", "/spire/enrollment"),
    "SPIRE-2026-09-30-0004712": ("enrollment_sync", "registrar", "/spire/enrollment"),
    "HS-99120-v3": ("intake", "handshake", "/handshake/experiences"),
}


@pytest.fixture
def stack(shared):
    return shared[1]


async def test_every_command_of_the_page_works_and_answers_as_the_page_says(office, shared, tmp_path):
    """P36; by the receipts P31, P35 and case 58: one event over HTTP, two by the page's producer, one at intake."""
    (tmp_path / ".run").symlink_to(shared[0] / "run")
    await is_watched(office)

    output = typed(script() + ABOUT_NOBODY, tmp_path)
    spoiled, fine, accepted, _, _, approval, sent, _, message, asked, nobody = answers(output)

    (as_shown, receipt) = (answers(block)[0] for block in blocks("json"))
    assert spoiled == as_shown
    assert [one["events"][0]["verdict"] for one in (fine, approval)] == ["accepted", "accepted"]
    assert accepted == sent == {"accepted": 1}
    assert [output.count(words) for words in ("2 told for the first time", "1 events sent on", "Nothing to do.")] == [
        1,
        1,
        2,
    ]
    assert message == {"changed": 1}
    assert asked == {"experiences": [], "page": 1}
    assert "1 experiences are new" in (tmp_path / "report.txt").read_text()
    for event_id, (service, role, source) in SENT.items():
        found = await eventually(event_id, partial(became, office, "processed", service, role, source, event_id))
        assert found["means"] == receipt["means"]
    place = dict(part.split("=") for part in nobody["place"].split("&"))
    about = (*SENT["SPIRE-2026-09-30-0004711"], "SPIRE-2026-09-30-0004713")
    assert await eventually("that it was read", partial(became, office, "ignored", *about, **place))


def typed(commands, folder):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ("bash", "-c", commands)
    done = subprocess.run(
        shell, cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=stretched(150)
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


async def is_watched(office):
    """Once SPIRE was asked about the student, enrollment-sync knows of the request."""
    await office.campus("PUT", f"/demo/students/{EMPLID}", json=ANA.profile() | {"emplid": EMPLID})
    view = await office.send_request(EMPLID, ANA.form())

    async def checked():
        found = await office.my_request(EMPLID, view["request_id"])
        return any(item["code"].startswith("enrollment.") for item in found["missing"])

    await eventually("the first check", checked)


async def became(office, state, service, role, source, event_id, **place):
    about = {"source": source, "id": event_id, **place}
    found = await office.call(role, [role], "GET", service, "/campus/events", params=about)
    return found if found["state"] == state else None
