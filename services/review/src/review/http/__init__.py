"""Review's HTTP API: parse, call, return (docs/api)."""

from review.http.case_notes import case_notes_router
from review.http.deciding import deciding_router
from review.http.i20_file import i20_file_router
from review.http.issuing import issuing_router
from review.http.line import line_router
from review.http.reading import reading_router
from review.http.search import search_router
from review.http.sevis import sevis_router
from review.http.tasks import tasks_router

__all__ = [
    "case_notes_router",
    "deciding_router",
    "i20_file_router",
    "issuing_router",
    "line_router",
    "reading_router",
    "search_router",
    "sevis_router",
    "tasks_router",
]
