"""Whether a log fits the batch that it names, and what each record becomes; nothing is half applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from review.sevis.codes import EXCEPTION, NEVER_SUBMITTED, NOT_PROCESSED, UPLOAD
from review.sevis.domain import SETTLED, BatchState, RecordState
from review.sevis.read_log import Log, Outcome

Result = tuple[RecordState, str | None, str | None]
"""The state with SEVIS's own code and message."""
Reading = Literal["results", "uploaded", "refused", "not_processed", "never_submitted", "unclear"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as it was sent, and where it stands."""

    record_id: str
    sevis_id: str
    state: RecordState
    code: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """`records` maps a record to its new state with SEVIS's own code and message; `code` is the log's own."""

    reading: Reading
    batch: BatchState
    code: str | None
    records: Mapping[str, Result]


class DoesNotFit(Exception):
    """The log and the batch do not belong together; nothing was applied."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def step(log: Log, org_id: str, batch: BatchState, sent: Sequence[Sent]) -> Step:
    """What the log does to the batch. Raises `DoesNotFit` with every reason."""
    if log.org_id != org_id:
        raise DoesNotFit("The log is for another school code than the batch was drawn up with.")
    if batch == "discarded":
        raise DoesNotFit(
            "This batch was discarded here as never uploaded, yet SEVIS knows it. Look up each record of it in SEVIS before anything else is sent."
        )
    if log.outcomes:
        return Step("results", "answered", log.process, _results(log, sent))
    if log.process == EXCEPTION:
        return Step("unclear", _arrived(batch), log.process, _all(_unsettled(sent), "unknown", log.process))
    if log.process is not None:
        return _without_results(batch, log.process, "not_processed", sent)
    if log.download is not None and log.download != "S0000":
        return _download(log.download, batch, sent)
    if log.upload is not None:
        return _upload(log.upload, batch, sent)
    raise DoesNotFit("The log says neither how the upload went nor what became of the records.")


def _results(log: Log, sent: Sequence[Sent]) -> dict[str, Result]:
    """By each record's own result: the batch's code says only that some record failed."""
    known = {record.record_id: record for record in sent}
    named = {outcome.record_id for outcome in log.outcomes}
    faults = []
    if missing := len(known.keys() - named):
        faults.append(f"{missing} of the batch's {len(known)} records are missing in the log.")
    if foreign := len(named - known.keys()):
        faults.append(f"The log holds {foreign} records that this batch does not have.")
    found = {outcome.record_id: (_state(outcome), *_words(outcome)) for outcome in log.outcomes}
    for outcome in log.outcomes:
        faults += _contradictions(outcome, found[outcome.record_id], known.get(outcome.record_id))
    faults += _count_faults(log)
    if faults:
        raise DoesNotFit(*faults[:20])
    return found


def _contradictions(outcome: Outcome, now: Result, record: Sent | None) -> list[str]:
    if record is None:
        return []
    if outcome.sevis_id is not None and outcome.sevis_id != record.sevis_id:
        return [f"Record {record.record_id} came back for another student than it was sent for."]
    if record.state in SETTLED and (record.state, record.code) != now[:2]:
        return [f"Record {record.record_id} was answered before, and otherwise."]
    return []


def _count_faults(log: Log) -> list[str]:
    if log.counts is None:
        return []
    success, failure, total = log.counts
    told = sum(outcome.loaded is True for outcome in log.outcomes)
    if success + failure != total or total != len(log.outcomes) or told != success:
        return ["The log's own counts do not add up with its records."]
    return []


def _state(outcome: Outcome) -> RecordState:
    """Neither yes nor no is unknown, and so is SEVIS's exception: it may have been loaded."""
    if outcome.loaded is None or any(code == EXCEPTION for code, _ in outcome.errors):
        return "unknown"
    return "succeeded" if outcome.loaded else "failed"


def _words(outcome: Outcome) -> tuple[str | None, str | None]:
    if not outcome.errors:
        return None, None
    return outcome.errors[0][0], "\n".join(message for _, message in outcome.errors)


def _without_results(batch: BatchState, code: str, reading: Reading, sent: Sequence[Sent]) -> Step:
    """It was uploaded and is not processed; what is settled stays."""
    waiting = [record for record in sent if record.state == "in_batch"]
    return Step(reading, _arrived(batch), code, _all(waiting, "uploaded", None))


def _download(code: str, batch: BatchState, sent: Sequence[Sent]) -> Step:
    if code == NOT_PROCESSED:
        return _without_results(batch, code, "not_processed", sent)
    if code == NEVER_SUBMITTED and batch in {"drawn_up", "uploaded"}:
        return Step("never_submitted", "drawn_up", code, _all(_unsettled(sent), "in_batch", None))
    return Step("unclear", batch, code, {})


def _upload(code: str, batch: BatchState, sent: Sequence[Sent]) -> Step:
    verdict = UPLOAD.get(code, "unclear")
    if verdict == "accepted":
        return _without_results(batch, code, "uploaded", sent)
    if batch == "answered":
        raise DoesNotFit("SEVIS has answered this batch already; this log of an upload says otherwise.")
    if verdict == "refused":
        return Step("refused", "refused", code, _all(sent, "failed", code))
    return Step("unclear", _arrived(batch), code, _all(_unsettled(sent), "unknown", code))


def _arrived(batch: BatchState) -> BatchState:
    """SEVIS has it, or may have it: nobody may discard it any more."""
    return "uploaded" if batch == "drawn_up" else batch


def _unsettled(sent: Sequence[Sent]) -> list[Sent]:
    return [record for record in sent if record.state not in SETTLED]


def _all(records: Sequence[Sent], state: RecordState, code: str | None) -> dict[str, Result]:
    return {record.record_id: (state, code, None) for record in records}
