"""What a person does on the console happens in SPIRE or Handshake and is told over Kafka."""

import httpx2
import pytest

from infra.campus.server import running_campus
from infra.campus.settings import Settings
from infra.devstack.topics import create_topics

PROFILE = {"name": "Ana <Lima>", "email": "ana@s.example", "acad_career": "GRAD", "program_end_date": "2027-05-13"}
CLASS = {"strm": "1273", "course": "COMPSCI 698", "class_nbr": "51234", "units": "1.00"}
LINKS = {"intake": "http://127.0.0.1:1/", "review": "http://127.0.0.1:2/"}


@pytest.fixture(scope="module")
async def campus(kafka, tmp_path_factory):
    await create_topics(kafka)
    folder = tmp_path_factory.mktemp("campus")
    async with running_campus(Settings(port=0, smtp_port=0, kafka=kafka, state_dir=folder, console_links=LINKS)) as run:
        yield run


@pytest.fixture
async def web(campus):
    async with httpx2.AsyncClient(base_url=campus.url) as client:
        yield client


async def enrolled(web, emplid):
    await web.put(f"/demo/students/{emplid}", json=PROFILE)
    answer = await web.post(f"/students/{emplid}/classes", data=CLASS)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/#s{emplid}")


async def the_row(web, emplid):
    view = (await web.get(f"/demo/students/{emplid}/enrollments")).json()
    [row] = view["rows"]
    assert row["source_seq"] == view["source_seq"]
    return row["status"], row["reason"], row["grade"], row["units"], row["source_seq"]


async def test_the_console_shows_students_rows_and_links_without_scripts_or_other_hosts(web):
    page = await web.get("/")

    assert "Priya Raman" in page.text
    assert "COMPSCI 698" in page.text
    assert all(f'href="{address}"' in page.text for address in LINKS.values())
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert (await web.get("/static/campus.css")).status_code == 200


async def test_names_from_outside_are_shown_as_text(web):
    """Case 63"""
    await web.put("/demo/students/30000020", json=PROFILE)

    assert "Ana &lt;Lima&gt;" in (await web.get("/?find=30000020")).text


async def test_a_class_is_taken_dropped_and_taken_again(web):
    await enrolled(web, "30000021")
    assert await the_row(web, "30000021") == ("E", "ENRL", None, "1.00", 1)

    await web.post("/students/30000021/classes/1273/51234", data={"act": "drop"})
    assert await the_row(web, "30000021") == ("D", "DROP", None, "0.00", 2)

    await web.post("/students/30000021/classes/1273/51234", data={"act": "enroll"})
    assert await the_row(web, "30000021") == ("E", "ENRL", None, "1.00", 3)


async def test_a_withdrawal_leaves_the_row_at_e_with_reason_and_grade(web):
    await enrolled(web, "30000022")

    await web.post("/students/30000022/classes/1273/51234", data={"act": "withdraw"})

    assert await the_row(web, "30000022") == ("E", "WDRW", "W", "1.00", 2)


async def test_a_whole_term_is_left_and_taken_back(web):
    await enrolled(web, "30000023")

    for code in ("WDR", "NWD"):
        await web.post("/students/30000023/terms/1273", data={"code": code})
        view = (await web.get("/demo/students/30000023/enrollments")).json()
        assert [left["withdraw_code"] for left in view["term_withdrawals"]] == [code]


async def test_an_agreement_is_asked_for_approved_and_withdrawn(web):
    await enrolled(web, "30000024")
    asked = {"employer": "Baystate Robotics", "start_date": "2027-02-01", "end_date": "2027-05-01", "terms": "1273"}

    assert (await web.post("/students/30000024/agreements", data=asked)).status_code == 303
    page = (await web.get("/?find=30000024")).text
    agreement = page.split('action="/agreements/')[1].split('"')[0]
    for status in ("approved", "withdrawn"):
        await web.post(f"/agreements/{agreement}", data={"status": status})
        assert f"Baystate Robotics: agreement {status}" in (await web.get("/")).text


async def test_the_console_lists_the_event_it_sent(web):
    await enrolled(web, "30000025")

    await web.post("/students/30000025/classes/1273/51234", data={"act": "cancel"})

    page = (await web.get("/?find=nobody")).text
    assert "COMPSCI 698, Spring 2027: class cancelled" in page
    assert "30000025" in page


@pytest.mark.parametrize("address", ["/students/1/classes/1273/1", "/agreements/HS-none"])
async def test_what_is_not_there_cannot_be_acted_on(web, address):
    assert (await web.post(address, data={"act": "drop", "status": "approved"})).status_code == 404


async def test_a_host_name_that_is_not_this_machine_is_refused(web):
    assert (await web.get("/", headers={"Host": "elsewhere.example"})).status_code == 400
