"""The layout of the object store that intake writes and review reads: where the pictures of a document's pages are."""

DRAWN_PAGES = 6
"""Pages of a document that get a picture, from the first on."""


def page_key(document_key: str, number: int) -> str:
    """`number` counts from 1."""
    return f"{document_key}.page-{number}.png"
