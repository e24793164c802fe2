"""A log or zip comes back from SEVIS: it applies as a whole to the batch that it names, or not at all."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.cases.ownership import require_not_own
from review.domain import Fault, Unfit
from review.sevis.apply_log import DoesNotFit, Sent, Step, step
from review.sevis.codes import words_for
from review.sevis.read_log import Log, read_log
from review.sevis.read_zip import Paper, Unreadable, unpack
from review.sevis.store import NoSuchBatch, SentRecord, lock_batch, sent_record, sql
from review.store import Cause, write_audit
from review.tasks.open_task import DAYS, open_task


@dataclass(frozen=True, slots=True)
class Answer:
    """What was given back, read and not yet applied; `sha256` is the log's own."""

    log: Log
    content: bytes
    sha256: str
    papers: tuple[Paper, ...]


def read_answer(content: bytes) -> Answer:
    """Of what the DSO gives back, a bare log or the zip. Raises `Unfit` with every fault."""
    try:
        raw, papers = unpack(content)
        return Answer(read_log(raw), raw, hashlib.sha256(raw).hexdigest(), papers)
    except Unreadable as error:
        raise Unfit(*(Fault("answer", "unreadable", fault) for fault in error.faults)) from None


async def take_answer(connection: Connection, answer: Answer, by: Person, now: datetime) -> tuple[str, Sequence[str]]:
    """The batch's ID, and why the answer was refused; the caller commits in either case. Raises `Unfit` for an unknown
    batch, `Refused` (own_case) for one with the person's own record.
    """
    batch_id = answer.log.batch_id
    try:
        batch = await lock_batch(connection, batch_id)
    except NoSuchBatch:
        message = "The log names a batch that was not drawn up here. Compare its BatchID with the list of batches."
        raise Unfit(Fault("answer", "unknown_batch", message)) from None
    records = {row["record_id"]: sent_record(row) for row in await connection.fetch(sql.records_of_batch, batch_id)}
    for record in records.values():
        require_not_own(record.emplid, by)
    cause = Cause("take_answer", by.sub, now)
    try:
        sent = [Sent(r.record_id, r.sevis_id, r.state, r.code) for r in records.values()]
        after = step(answer.log, batch.org_id, batch.state, sent)
    except DoesNotFit as error:
        await _keep(connection, answer, "does_not_fit", None, error.faults, cause)
        return batch_id, error.faults
    await _keep(connection, answer, after.reading, after.code, (), cause)
    await connection.execute(sql.move_batch, batch_id, after.batch, after.code, now)
    await _apply(connection, after, records, cause)
    await _keep_papers(connection, batch_id, answer.papers, list(records.values()))
    return batch_id, ()


async def _keep(
    connection: Connection, answer: Answer, reading: str, code: str | None, faults: Sequence[str], cause: Cause
) -> None:
    """As it came, once; the same log again changes nothing."""
    batch_id = answer.log.batch_id
    if await connection.fetchval(sql.known_answer, batch_id, answer.sha256, reading):
        return
    row = (batch_id, cause.at, cause.actor, answer.sha256, reading, code, list(faults), answer.content)
    await connection.execute(sql.add_answer, *row)
    action = "sevis_answer_refused" if faults else "sevis_answer_taken"
    await write_audit(connection, cause, action, batch_id, reading=reading, code=code, sha256=answer.sha256)


async def _apply(connection: Connection, after: Step, records: Mapping[str, SentRecord], cause: Cause) -> None:
    names = list(after.records)
    states, codes, messages = ([after.records[name][n] for name in names] for n in range(3))
    for row in await connection.fetch(sql.move_records, names, states, codes, messages, cause.at):
        if row["state"] not in {"succeeded", "failed", "unknown"}:
            continue
        about = {"batch_id": records[row["record_id"]].batch_id, "record": row["record_id"], "code": row["code"]}
        await write_audit(connection, cause, f"sevis_{row['kind']}_{row['state']}", row["request_id"], **about)
        task = f"sevis_{row['kind']}_{row['state']}"
        await open_task(connection, row["request_id"], task, _task(row), cause, days=DAYS)


def _task(row: Any) -> str:
    """For the DSO who holds the case: SEVIS's own words, ours beside them, and what is to be done."""
    days = f"{row['start_date']} to {row['end_date']}"
    what = "the authorization" if row["kind"] == "add" else "the cancellation of the authorization"
    if row["state"] == "succeeded":
        done = "Sign the new I-20 and record it here." if row["kind"] == "add" else "Record the cancellation here."
        return f"SEVIS took {what} from {days}. {done}"
    said = f"{row['code'] or 'no code'}: {row['message'] or 'no message'}"
    ours = words_for(row["code"]) or "Look it up in SEVIS."
    answer = "refused" if row["state"] == "failed" else "may or may not have taken"
    return f"SEVIS {answer} {what} from {days} ({said}). {ours}"


async def _keep_papers(
    connection: Connection, batch_id: str, papers: Sequence[Paper], records: Sequence[SentRecord]
) -> None:
    """Each PDF once, with the record it belongs to where its name says so; else a person finds out."""
    for paper in papers:
        row = (
            batch_id,
            record_of(paper.name, records),
            paper.name,
            hashlib.sha256(paper.content).hexdigest(),
            paper.content,
        )
        await connection.execute(sql.add_paper, *row)


def record_of(name: str, records: Sequence[SentRecord]) -> str | None:
    """The last record of the one student whose SEVIS ID stands in the name (SB12); None where it is not exactly one."""
    named = set(re.findall(r"(?<![0-9A-Za-z])N[0-9]{10}(?![0-9])", name))
    own = [record.record_id for record in records if {record.sevis_id} == named]
    return own[-1] if own else None
