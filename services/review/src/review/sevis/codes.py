"""SEVIS's codes in our words; a code that is not here is shown as it came, and is never guessed at."""

from typing import Literal

UploadVerdict = Literal["accepted", "refused", "unclear"]

UPLOAD: dict[str, UploadVerdict] = {
    "S0000": "accepted",
    "S0001": "unclear",
    "S0002": "refused",
    "S0003": "refused",
    "S0010": "unclear",
    "S0011": "refused",
    "S0012": "refused",
    "S0013": "refused",
}
NOT_PROCESSED, NEVER_SUBMITTED, EXCEPTION = "S0030", "S0031", "S9999"

WORDS = {
    "S0000": "Accepted.",
    "S0001": "SEVIS had a general failure. Try the download first, for the file may have arrived; otherwise upload the same file again in 15 minutes.",
    "S0002": "SEVIS does not know the school code or the certificate. Ask the principal DSO before anything is sent again.",
    "S0003": "SEVIS does not know the user ID of the file. Correct it, then draw up a new batch.",
    "S0010": "SEVIS has this batch already: the earlier upload counted. Download its result; do not upload it again.",
    "S0011": "SEVIS refused the name of the file. Upload it under the name it was downloaded with.",
    "S0012": "SEVIS could not read the file as XML. Tell the people who run this system.",
    "S0013": "The file does not follow SEVIS's schema, which may have changed. Tell the people who run this system.",
    "S0020": "One or more records were refused; the others were loaded.",
    "S0030": "SEVIS has not processed the batch yet. Download again on the next business morning.",
    "S0031": "SEVIS never received the batch. Upload the same file again.",
    "S1001": "SEVIS does not know the user ID.",
    "S1002": "This user may not do this in SEVIS, or not for this campus.",
    "S1003": "SEVIS does not find the SEVIS ID at this school.",
    "S1004": "SEVIS sees a duplicate of a record that it has.",
    "S1005": "The student's status in SEVIS does not allow it.",
    "S1007": "SEVIS asks for a day to come; enter this one by hand.",
    "S1013": "SEVIS asks for a day in the past.",
    "S1015": "SEVIS refuses it beside another CPT on the same days. Concurrent CPT is allowed: enter it by hand.",
    "S1019": "The end must be later than the start.",
    "S1044": "The days overlap employment that SEVIS has already. Concurrent CPT is allowed: enter it by hand.",
    "S9999": "SEVIS had an exception with this record. Look into SEVIS; if it is not there, send it in a new batch.",
}


def words_for(code: str | None) -> str | None:
    """None for a code that is not known here: what SEVIS says stands alone then."""
    return WORDS.get(code) if code else None
