"""What a run of faults found: failures that pass by themselves are told as such, with 503 instead of 500."""

import shutil

import asyncpg
import pytest

from cpt.messaging.errors import is_temporary
from cpt.postgres import is_transient
from intake.documents.document_store import DocumentStore, StoreAway


async def content():
    yield b"%PDF-1.7"


async def test_a_store_that_takes_nothing_is_a_fault_that_passes(tmp_path):
    """Issue 5.2, 5.4: with a full disk an upload is answered 503 with Retry-After, and leaves nothing."""
    folder = tmp_path / "documents"
    store = DocumentStore.at(folder.as_uri())
    shutil.rmtree(folder)
    folder.write_text("no folder any more")

    with pytest.raises(StoreAway) as away:
        await store.keep(content(), limit=100)

    assert is_transient(away.value)


def test_a_connection_that_ends_while_it_is_spoken_to_passes():
    """P34, promise 12: the driver calls it an internal error; parking a message for it would need a hand."""
    assert is_temporary(asyncpg.InternalClientError("got result for unknown protocol state 0"))
