"""Lines of the history from before they had codes: what pages look for among them is found, all are shown as they were."""

import json
import shutil

import asyncpg

from cpt.postgres.migrations import migrate
from infra.database_roles.matrix import folder_of
from intake.domain.history import sentence

BEFORE = {
    "We sent you an email about your CPT I-20": "mail_sent",
    "We could not send you an email with a warning to read; this page stays true": "mail_failed",
    "You told us that you left the course": "reported",
    "You told us that you will not start (September 3, 2026)": "reported",
    "You told us of a change (August 23, 2026): Two (2) days: a lot": "reported",
    "You told us that you have stopped working: They closed": "reported",
    "You told us nothing": None,
    "The request was submitted": None,
}


async def test_mails_and_reports_from_before_are_found_by_their_code(database_url, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    for file in folder_of("intake").glob("000*.sql"):
        shutil.copy(file, old)
    await migrate(database_url, "intake", old)
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "intake"})
    try:
        await connection.execute(
            "INSERT INTO request (request_id, reference, emplid, student, application, phase, submitted_at)"
            " VALUES ('r1', 'CPT-2026-000001', '30012345', '{}', '{}', 'incomplete', now())"
        )
        for what in BEFORE:
            await connection.execute(
                "INSERT INTO history (request_id, at, what, by) VALUES ('r1', now(), $1, '')", what
            )
        await migrate(database_url, "intake", folder_of("intake"))
        rows = await connection.fetch("SELECT what, code, fields::text::json AS fields FROM history")
    finally:
        await connection.close()

    assert {row["what"]: row["code"] for row in rows} == BEFORE
    for row in rows:
        if row["code"]:
            assert sentence(row["code"], json.loads(row["fields"])) == row["what"]
