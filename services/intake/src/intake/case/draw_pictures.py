"""Pictures of the pages of PDFs that came before there were any, for the viewer of whoever decides."""

from contextlib import suppress

from cpt.postgres import Database
from intake.documents.accept_upload import Uploads
from intake.documents.refusals import DocumentsUnavailableError
from intake.store import sql

_AT_ONCE = 100
OPERATOR = "draw-pictures"
"""Takes a turn at the readers like one student, so that nobody waits longer for an upload."""


async def draw_pictures(database: Database, uploads: Uploads) -> tuple[int, int]:
    """How many got pictures, and how many that have none cannot be drawn. What has pictures is passed over."""
    drawn, without, after = 0, 0, ""
    while True:
        async with database.connection() as connection:
            keys = [row["object_key"] for row in await connection.fetch(sql.documents_to_draw, after, _AT_ONCE)]
        for key in keys:
            if await uploads.page_count(key):
                continue
            with suppress(DocumentsUnavailableError, FileNotFoundError):
                await uploads.draw(key, OPERATOR)
            done = bool(await uploads.page_count(key))
            drawn, without = drawn + done, without + (not done)
        if len(keys) < _AT_ONCE:
            return drawn, without
        after = keys[-1]
