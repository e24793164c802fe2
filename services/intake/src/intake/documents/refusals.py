"""Why an upload does not count as received (case 35), and the failures that are ours and not the student's."""

from enum import StrEnum


class Code(StrEnum):
    """Stable: pages and clients tell refusals apart by these."""

    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    OVERSIZE = "oversize"
    UNREADABLE = "unreadable"
    TOO_MANY_PAGES = "too_many_pages"
    INFECTED = "infected"
    PORTFOLIO = "portfolio"


SENTENCES = {
    Code.WRONG_TYPE: "This kind of file is not accepted here: upload a {accepted}.",
    Code.EMPTY: "This file is empty: its pages show nothing.",
    Code.ENCRYPTED: "The PDF is protected. Open it, print it to a new PDF without protection, and upload that.",
    Code.OVERSIZE: "The file is too large: at most {limit} are accepted.",
    Code.UNREADABLE: "The file is damaged or not what its name says: it cannot be opened.",
    Code.TOO_MANY_PAGES: "The PDF has too many pages: at most {limit} are accepted.",
    Code.PORTFOLIO: "This PDF only holds other files. Open it, save the letter inside as a PDF of its own, and upload that.",
    Code.INFECTED: "The virus scanner refused the file.",
}


class DocumentRefused(Exception):
    """The upload is not received; the message is written for the student."""

    def __init__(self, code: Code, **details: str) -> None:
        self.code = code
        self.message = SENTENCES[code].format(**details)
        super().__init__(self.message)


class DocumentsUnavailableError(Exception):
    """Reader, scanner or store failed for a reason of ours; the same upload may be sent again."""
