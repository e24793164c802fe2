"""Who may call what in review, cell by cell (docs/authorization.md)."""

from hashlib import sha256

import pytest

from cpt.contracts.review import CaseAssigned
from cpt.contracts.values import DocumentRef, Person
from review.cases.approve_case import Approval, approve_case
from review.cases.show_case import show_case
from review.line.assign_next_case import assign_next_case
from tests import authorization
from tests.component.review.acts import asked
from tests.component.review.conftest import NOW
from tests.factories import a_hit, checked, completed, lost

REASON = {"json": {"reason": "so"}}
TEXT = {"json": {"text": "so"}}
COMMENT = {"json": {"comment": "so"}}
I20 = {"document": {"sha256": "0" * 64, "name": "i20.pdf"}, "issued_on": "2026-09-01", "signed_by": "Kim Lee"}
CASE, ALERT = "POST /api/cases/{request_id}", "POST /api/alerts/{alert_id}"
SAID = {
    f"{CASE}/approve": {"json": {}},
    f"{CASE}/return": {"json": {"reasons": [{"text": "so"}]}},
    f"{CASE}/deny": REASON,
    f"{CASE}/give-back": REASON,
    f"{CASE}/reassign": {"json": {"to": "adviser-9"}},
    f"{CASE}/i20": {"json": I20 | {"sevis_confirmed": True}},
    f"{CASE}/authorization": {"json": {"change": "cancel", "reason": "so"}},
    f"{CASE}/courses": {"json": {"courses": [{"strm": "1267", "subject": "COMPSCI", "catalog_nbr": "698"}]}},
    "PUT /api/cases/{request_id}/i20/file": {"content": b"%PDF-"},
    f"{CASE}/notes": TEXT,
    f"{CASE}/messages": TEXT,
    "POST /api/tasks/{task_id}/done": COMMENT,
    f"{CASE}/hold": REASON,
    f"{CASE}/unhold": REASON,
    "POST /api/line/{receipt_number}/pass-over": REASON,
    "PUT /api/sevis/user-id": {"json": {"user_id": "dsodemo001"}},
    "POST /api/sevis/batches": {"json": {}},
    "POST /api/sevis/batches/{batch_id}/discard": {"json": {"reason": "so", "not_uploaded": True}},
    "GET /api/search": {"params": {"q": "ana"}},
    "GET /api/alerts/figures": {"params": {"month": "2026-09"}},
    f"{ALERT}/acknowledge": COMMENT,
    f"{ALERT}/outcome": {"json": {"outcome": "data_error", "comment": "so"}},
    f"{ALERT}/reopen": COMMENT,
    f"{ALERT}/loss": COMMENT,
    f"{ALERT}/delegate": {"json": {"to": "adviser-9"}},
}


@pytest.fixture
def ask(web):
    async def ask(role, sub, method, path, **words):
        async with web(role, sub) as client:
            return await client.request(method, path, **words)

    return ask


@pytest.fixture
def seed(review, documents):
    """A case in somebody's hands with a document, a task and an alert."""
    (documents / "documents").mkdir()
    (documents / "documents" / "letter").write_bytes(b"%PDF")
    letter = DocumentRef(
        kind="offer_letter", strm=None, object_key="documents/letter", sha256=sha256(b"%PDF").hexdigest(), size=4, media_type="application/pdf",
        name="x",
    )  # fmt: skip
    seeded = []

    async def seed(call, owner):
        seeded.append(request_id := f"case-{len(seeded):04}-of-{owner}")
        await review.hear(checked(request_id), completed(request_id, len(seeded), documents=(letter,)))
        async with review.act() as connection:
            adviser = Person(sub=owner, name=None, email=None)
            assert request_id in [await assign_next_case(connection, adviser, None, NOW) for _ in range(3)]
        if call.endswith(("/ask", "/i20")):
            await approve(review, request_id, adviser)
        await review.hear(lost(f"loss-of-{request_id}", request_id, hits=[a_hit(request_id)]))
        async with review.act() as connection:
            batch_id = f"CPT{len(seeded):011}"
            await connection.execute(
                "INSERT INTO sevis_batch VALUES ($1, 'BOS214F00000000', '6.55', 'drawn_up', 'x', 'x', NULL, 'x', now())",
                batch_id,
            )
            await connection.execute("INSERT INTO sevis_paper VALUES ($1, 1, NULL, 'x.pdf', 'x', 'x')", batch_id)
            parked_id, seq = [await connection.fetchval(row) for row in authorization.parked_rows("review")]
            return {
                "own": request_id,
                "request_id": request_id,
                "receipt_number": len(seeded),
                "number": 1,
                "batch_id": batch_id,
                "task_id": await connection.fetchval(
                    "INSERT INTO task (request_id, code, detail, raised_at) VALUES ($1, 'x', '{}', now()) RETURNING id",
                    request_id,
                ),
                "alert_id": await connection.fetchval(
                    "SELECT alert_id FROM alert WHERE $1 = ANY (request_ids)", request_id
                ),
                "parked_id": parked_id,
                "seq": seq,
            }

    return seed


async def approve(review, request_id, adviser):
    await review.hear(checked(request_id, check_no=2, asked_by=[await asked(review, CaseAssigned)]))
    async with review.act() as connection:
        accepted = [flag["code"] for flag in (await show_case(connection, request_id, adviser, NOW))["flags"]]
        await approve_case(connection, request_id, adviser, Approval(accepted), NOW)


async def test_every_call_answers_each_role_as_the_table_says(ask, seed, web):
    """Interfaces, exact answers: 401 without a token, 403 for a wrong role, 404 or `not_yours` for what is another's."""
    faulty = frozenset({"POST /api/sevis/batches", "POST /api/sevis/answers"})
    table, nobody = await authorization.answers(web.app, ask, seed, SAID, faulty)

    authorization.assert_documented("review", table)
    assert set(nobody.values()) == {401}


async def test_every_page_opens_for_the_roles_of_the_table(ask, web):
    table, nobody = await authorization.page_answers(web.app, ask)

    authorization.assert_documented("review, pages", table)
    assert set(nobody.values()) <= {303, 401}
