"""Each service loses its schema after the backup, or all of them at once, and the commands of docs/restore.md bring it back (P39)."""

import asyncio
import time
from functools import partial

import httpx2
import pytest

from infra.demo.__main__ import stage
from infra.demo.cast import ANA, KENJI, PRIYA, SOFIA, TODAY, WEI
from infra.demo.office import Office, eventually
from infra.demo.story import DROPPED, ENROLLED, Story, change
from infra.demo.timeline import Timeline
from infra.devstack.databases import SERVICES
from tests.acceptance.drill import PATIENCE, a_drill, commands

pytestmark = pytest.mark.timeout(1800)

DANA = "dana.reed"
LIST = """key,emplid,name,email,route,employer,street,city,region,postal_code,hours_per_week,start_date,end_date,issued_on,signed_by
2026-0117,30010006,Kenji Sato,kenji@umass.example,credit,Hadley Farms Software,1 Elm St,Hadley,MA,01035,12,2026-09-08,2026-12-11,2026-08-20,Kim Lee
"""


class Play(Story):
    """The people of the story, one act at a time."""

    def __init__(self, drill, office):
        super().__init__(office, Timeline())
        self.drill, self.office = drill, office

    async def opens(self):
        for student in (ANA, WEI, SOFIA, PRIYA, KENJI):
            await self.office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
            await self.office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=[student.row()])
            await self.office.campus("POST", "/demo/events", json=[self._handshake(student, "approved", 2)])

    async def requests_(self, student):
        """Sends a complete request; the number it gets."""
        view = await self.office.send_request(student.emplid, student.form())
        self.requests[student.emplid] = view["request_id"]
        letter = student.letter()
        for kind in ("offer_letter", "handshake_contract", "enrollment_proof?term=1267"):
            await self._upload(student, kind, letter)
        return (await self.sees(student, lambda view: view["receipt_number"]))["receipt_number"]

    async def sees(self, student, something):
        async def ask():
            view = await self.office.my_request(student.emplid, self.requests[student.emplid])
            return view if something(view) else None

        return await eventually(f"what {student.name} waits for", ask, PATIENCE)

    async def decides(self, number):
        """The next case, which has this number, from the line to the I-20."""
        case = await eventually("the next case", partial(self.office.next_case, DANA), PATIENCE)
        assert case["receipt_number"] == number
        await self.office.approve(DANA, case["request_id"])
        await self.office.issue(DANA, case["request_id"], TODAY)

    async def drops(self, student):
        drop = change(student, student.course, previous=ENROLLED, current=DROPPED, seq=12)
        await self.office.campus("POST", "/demo/events", json=[drop])

    async def alerted(self, *students):
        """Exactly one confirmed alert for each of them, and none besides."""

        async def confirmed():
            alerts = await self.office.alerts()
            about = sorted(alert["student"]["emplid"] for alert in alerts if alert["state"] == "confirmed")
            return about == sorted(student.emplid for student in students) and len(alerts) == len(students)

        await eventually(f"{len(students)} alerts", confirmed, PATIENCE)

    async def approvals(self, student, copies=1):
        async def there():
            mails = await self.office.mails(student.email, "approved")
            return mails if len(mails) == copies else None

        return await eventually(f"{copies} approval emails for {student.name}", there, PATIENCE)

    async def runs(self, service, *headings_or_scripts, kind="worker"):
        return [await self.drill.run(service, script, kind) for script in headings_or_scripts]


@pytest.fixture
async def play(postgres, kafka, monkeypatch):
    for name, value in stage().items():
        monkeypatch.setenv(name, value)
    async with a_drill(postgres, kafka) as drill, httpx2.AsyncClient(timeout=60) as http:
        (drill.folder / "list.csv").write_text(LIST)
        play = Play(drill, Office(drill.addresses, http))
        await play.opens()
        yield play


async def imports(play):
    (said,) = await play.runs("review", "python -m review import-authorizations list.csv --as NAME", kind="web")
    return said


async def test_each_service_comes_back_from_its_backup_while_the_others_are_ahead(play):
    """P39: the promises hold after each of the four restores, with the commands of the page."""
    assert await play.requests_(ANA) == 1
    await play.decides(1)
    assert await play.requests_(WEI) == 2
    await play.approvals(ANA)
    await play.drill.back_up()
    await the_story_goes_on(play)

    await intake_comes_back(play)
    await enrollment_sync_comes_back(play)
    await review_comes_back(play)
    await notifier_comes_back(play)


async def the_story_goes_on(play):
    """An imported authorization is watched like any other: a drop is one alert, and no approval email ever leaves."""
    await play.decides(2)
    await play.approvals(WEI)
    assert await play.requests_(SOFIA) == 3
    assert "1 authorizations were imported" in await imports(play)
    await play.drops(KENJI)
    await play.drops(ANA)
    await play.alerted(ANA, KENJI)
    assert await play.office.mails(KENJI.email, "approved") == []


async def intake_comes_back(play):
    """No number is drawn twice; what the office decided is heard again; what is lost is named."""
    await play.drill.lose_and_restore("intake")
    (said,) = await play.runs("intake", *commands("intake"))
    assert f"{play.requests[SOFIA.emplid]} is unknown here (number 3)." in said
    assert "The highest number published is 3; the next one will be 4." in said
    await play.drill.start("intake")

    await play.sees(WEI, lambda view: view["state"] == "issued")
    assert await play.requests_(PRIYA) == 4


async def enrollment_sync_comes_back(play):
    """No loss is told twice, new ones are, and answers count at the gates again."""
    await play.drill.lose_and_restore("enrollment_sync")
    (said,) = await play.runs("enrollment_sync", *commands("enrollment_sync"))
    assert "2 losses are known again" in said
    await play.drill.start("enrollment_sync")

    await play.decides(3)
    await play.drops(WEI)
    await play.alerted(ANA, KENJI, WEI)


async def review_comes_back(play):
    """What was issued stands again without a second I-20; the line goes on where nobody was served."""
    before, after = commands("review")
    await play.drill.lose_and_restore("review")
    await play.runs("review", before)
    await play.drill.start("review", "worker")
    await caught_up(play)
    (said,) = await play.runs("review", after)
    assert said.count("issued again") == 2
    await play.drill.start("review", "web")
    assert "1 authorizations were imported" in await imports(play)

    await play.alerted(ANA, KENJI, WEI)
    await play.decides(4)
    for student in (ANA, WEI, SOFIA, PRIYA):
        await play.approvals(student)
    await play.runs("review", "python -m review prove-line")


async def notifier_comes_back(play):
    """What the backup knows as sent is not sent again; what came after it comes again with the same Message-ID."""
    await play.drill.lose_and_restore("notifier")
    await play.runs("notifier", *commands("notifier"))
    await play.drill.start("notifier")

    copies = await play.approvals(WEI, copies=2)
    assert len({mail["message_id"] for mail in copies}) == 1
    await play.approvals(ANA)
    assert await play.office.mails(KENJI.email, "approved") == []


async def caught_up(play, wanted="4|3"):
    """The last number and every loss are here."""
    here = "SELECT (SELECT max(receipt_number) FROM review.number), (SELECT count(*) FROM review.alert)"

    async def nothing_waits():
        (said,) = await play.runs("review", f'psql "$ADMIN" -At --command="{here}"')
        return said.strip() == wanted

    await eventually("the last of what the others told", nothing_waits, PATIENCE)


async def test_everything_comes_back_from_one_backup_at_once(play):
    """P39: only Kafka and the campus are ahead. What was told after the backup is heard again; nobody is told anything anew
    but what the page names, and no number is drawn twice.
    """
    back_up, bring_back = commands("Everything at once")
    assert await play.requests_(ANA) == 1
    await play.decides(1)
    assert await play.requests_(WEI) == 2
    await play.approvals(ANA)
    await play.runs("review", back_up)
    await the_story_goes_on(play)

    began = time.monotonic()
    await asyncio.gather(*map(play.drill.stop, SERVICES))
    await play.runs("review", bring_back)
    said = {service: await play.runs(service, commands(service)[0]) for service in SERVICES}
    await asyncio.gather(*(play.drill.start(service, "worker") for service in SERVICES))
    await caught_up(play, "3|2")
    await play.runs("review", commands("review")[1])
    await asyncio.gather(*(play.drill.start(service, "web") for service in SERVICES))
    print(f"from the loss to every page: {time.monotonic() - began:.0f} s")  # noqa: T201 docs/restore.md tells it

    assert "The highest number published is 3; the next one will be 4." in said["intake"][0]
    assert "2 losses are known again" in said["enrollment_sync"][0]
    await play.sees(WEI, lambda view: view["state"] == "issued")
    assert "1 authorizations were imported" in await imports(play)
    assert await play.requests_(PRIYA) == 4
    await play.decides(3)
    await play.decides(4)
    await play.drops(WEI)
    await play.alerted(ANA, KENJI, WEI)
    copies = await play.approvals(WEI, copies=2)
    assert len({mail["message_id"] for mail in copies}) == 1
    for student in (ANA, SOFIA, PRIYA):
        await play.approvals(student)
    await play.runs("review", "python -m review prove-line")
