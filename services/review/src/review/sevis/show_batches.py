"""Batches, what is ready for the next one, and how SEVIS stands to one case."""

from datetime import datetime
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.cases.data_sheet import SevisText
from review.sevis.candidates import Candidate, known_of, to_add, to_cancel
from review.sevis.codes import words_for
from review.sevis.domain import OPEN, upload_by
from review.sevis.draw_up_batch import Batching
from review.sevis.store import NoSuchBatch, records_by_case, records_of_batch, sql
from review.store import Case, Cause, case_of, write_audit

View = dict[str, Any]


async def show_ready(
    connection: Connection, reader: Person, batching: Batching, now: datetime, *, of_all: bool
) -> View:
    """What may be added and canceled, with every finding; `of_all` for a director, but never one's own (A31)."""
    holder = None if of_all else reader.sub
    adds = [case_of(row) for row in await connection.fetch(sql.cases_to_add, holder, reader.sub)]
    today = eastern_date(now)
    cancels = [case_of(row) for row in await connection.fetch(sql.cases_to_cancel, holder, today, reader.sub)]
    known = await known_of(connection, [*adds, *cancels], reader)
    found = [await to_add(connection, case, known, reader, _kept(case), now, batching.valid) for case in adds]
    ended = [await to_cancel(connection, case, known, reader, now) for case in cancels]
    read = [one.case.request_id for one in (*found, *ended)]
    await write_audit(connection, Cause("read", reader.sub, now), "cases_listed", "cases", request_ids=read)
    return {
        "user_id": known.users.get(reader.sub),
        "campuses": list(batching.schools),
        "adds": [_candidate(one) for one in found],
        "cancels": [_candidate(one) for one in ended if one.names],
    }


def _kept(case: Case) -> SevisText:
    return SevisText(**(case.document or {}).get("sevis", {}))


def _candidate(one: Candidate) -> View:
    wanted, done = one.wanted, one.case.completed
    return {
        "request_id": one.case.request_id,
        "reference": done.reference,
        "student": done.recipient.name,
        "held_by": one.case.holder.sub if one.case.holder else None,
        "kind": wanted.kind,
        "ready": one.ready,
        "gate": one.gate,
        "segments": [{"strm": s.strm, "start_date": s.start, "end_date": s.end} for s in wanted.spans],
        "full_part": one.names[0][2] if one.names else None,
        **{name: line.text for name, line in wanted.texts.items()},
        "address": wanted.address,
        "address_faults": [{"field": f.field, "code": f.code, "message": f.message} for f in one.address_faults],
        "findings": [{"check": c.number, "code": c.code, "message": c.message, "blocks": c.blocks} for c in one.checks],
    }


async def list_batches(connection: Connection, limit: int | None = None) -> list[View]:
    return [_named(dict(row)) for row in await connection.fetch(sql.list_batches, limit)]


async def show_batch(connection: Connection, batch_id: str, reader: Person, now: datetime) -> View:
    """Raises `NoSuchBatch`."""
    row = await connection.fetchrow(sql.find_batch, batch_id)
    if row is None:
        raise NoSuchBatch(batch_id)
    await write_audit(connection, Cause("read", reader.sub, now), "sevis_batch_read", batch_id)
    records = await records_of_batch(connection, batch_id)
    return {
        **_named(dict(row)),
        "file_name": f"{batch_id}.xml",
        "upload_by": upload_by((record["kind"], record["start_date"]) for record in records),
        "records": [_record(record) for record in records],
        "answers": [dict(answer) for answer in await connection.fetch(sql.answers_of_batch, batch_id)],
        "papers": [dict(paper) for paper in await connection.fetch(sql.papers_of_batch, batch_id)],
    }


async def show_sevis(connection: Connection, request_id: str) -> View:
    """How SEVIS stands to one case: its records, and the PDF that fills the step of the I-20 (the DSO's act stays)."""
    records = (await records_by_case(connection, [request_id])).get(request_id, [])
    paper = await connection.fetchrow(sql.paper_of_case, request_id)
    took = next((r for r in reversed(records) if r.kind == "add" and r.state == "succeeded"), None)
    texts = {name: getattr(took, name) for name in ("employer", "course_relevance", "remarks")} if took else {}
    return {
        "records": [
            {
                "batch_id": r.batch_id, "record_id": r.record_id, "kind": r.kind, "state": r.state, "code": r.code,
                "message": r.message, "words": words_for(r.code), "start_date": r.start_date, "end_date": r.end_date,
            }
            for r in records
        ],
        "waits": any(record.state in OPEN for record in records),
        "filled": {"paper": dict(paper) if paper else None, **texts} if took else None,
    }  # fmt: skip


def _record(row: View) -> View:
    names = (
        "record_id", "place", "request_id", "reference", "student", "kind", "state", "sevis_id", "user_id", "strm",
        "start_date", "end_date", "full_part", "employer", "course_relevance", "remarks", "address", "code", "message",
        "answered_at", "case_state",
    )  # fmt: skip
    unwanted = (
        row["kind"] == "add"
        and row["state"] in {"succeeded", "unknown"}
        and row["case_state"] not in {"approved", "issued"}
    )
    return {name: row[name] for name in names} | {"words": words_for(row["code"]), "case_went_on": unwanted}


def _named(row: View) -> View:
    return row | {"words": words_for(row["result_code"])}


async def read_paper(
    connection: Connection, batch_id: str, number: int, reader: Person, now: datetime
) -> tuple[str, bytes]:
    """Name and bytes of a PDF that came back; the reading is logged. Raises `NoSuchBatch`."""
    row = await connection.fetchrow(sql.find_paper, batch_id, number)
    if row is None:
        raise NoSuchBatch(batch_id)
    subject = row["request_id"] or batch_id
    await write_audit(connection, Cause("read", reader.sub, now), "document_read", subject, sha256=row["sha256"])
    return f"i20-{batch_id}-{number}.pdf", row["content"]
