"""A due check: SPIRE is asked outside of any transaction, the result is merged and judged under the lock (P16–P22)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from cpt.campus.clock import eastern_date
from cpt.postgres import Connection, Database, retry_transaction
from cpt.runtime.clock import Clock
from cpt.tracing import following
from enrollment_sync.checks import alarms
from enrollment_sync.checks.claim_checks import Claim, claim_checks, open_claim
from enrollment_sync.checks.overrule_impossible import ENOUGH_READS, overrule_impossible
from enrollment_sync.checks.publish_check import publish_check
from enrollment_sync.courses.assume_courses import assume_courses
from enrollment_sync.domain import StaleRead
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import Why, back_off, make_check_due
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.evaluation_inputs import nothing_read
from enrollment_sync.losses.detect_fact_changes import detect_fact_changes
from enrollment_sync.losses.detect_losses import detect_losses
from enrollment_sync.losses.find_facts import ends_some_day
from enrollment_sync.losses.guard import STANDARD_GUARD, Guard
from enrollment_sync.spire import NoSuchStudent, Spire, SpireAway, StudentRead
from enrollment_sync.store import save_known, save_student, save_watch, sql
from enrollment_sync.watch import Watch, ends_on

log = structlog.get_logger()

AT_ONCE = 8
STALE_PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class CheckEnrollment:
    """`settling`: when the first check of a watch, and of each term added to it, is repeated once (P17); `status_every`:
    how often whoever has authorized days left is read though nothing was told, for no event tells of a status (A32).
    """

    database: Database
    spire: Spire
    clock: Clock
    settling: timedelta
    guard: Guard = STANDARD_GUARD
    impossible: timedelta = timedelta(minutes=10)
    status_every: timedelta = timedelta(days=1)

    async def step(self) -> int:
        """Some students at once; returns how many."""
        claims = await claim_checks(self.database, self.clock(), AT_ONCE)
        await asyncio.gather(*(self._check_traced(claim) for claim in claims))
        return len(claims)

    async def _check_traced(self, claim: Claim) -> None:
        with following(claim.traceparent, "check enrollment"):
            await self._check(claim)

    async def _check(self, claim: Claim) -> None:
        """Whoever waits for it would wait for the end of its lease if the result were not recorded."""
        try:
            read = await self.spire.read(claim.emplid, claim.strms, self.clock(), claim.codes)
        except NoSuchStudent:
            await retry_transaction(partial(self._record_silence, claim, "SPIRE has no record of the student"))
        except SpireAway as away:
            await retry_transaction(partial(self._record_silence, claim, str(away)))
        else:
            await retry_transaction(partial(self._record, claim, read))

    async def _record(self, claim: Claim, read: StudentRead) -> None:
        now = self.clock()
        async with self.database.transaction() as connection:
            opened = await open_claim(connection, claim)
            if opened is None:
                return
            dossier, reasons = opened
            before = dossier.known
            try:
                after = _merged(dossier, read)
            except StaleRead:
                overruled = await overrule_impossible(connection, dossier, read, now, self.impossible)
                if overruled is None:
                    await self._wait_for_replica(connection, dossier, claim, reasons, read.began, now)
                    return
                after = overruled
            dossier.profile, dossier.stale_since, dossier.stale_reads = read.profile, None, ()
            await save_known(connection, dossier, after, now)
            await assume_courses(connection, dossier, _known_first(dossier, before), now)
            await detect_losses(connection, dossier, before, now, self.guard, read_began=read.began)
            await detect_fact_changes(connection, dossier, now, self.guard)
            await alarms.spire_answered(connection, read, now)
            await self._answer(connection, dossier, claim, max(reasons.values(), default=0), now)

    async def _answer(
        self, connection: Connection, dossier: Dossier, claim: Claim, attempts: int, now: datetime
    ) -> None:
        """What stays open is asked for again with growing pauses (P3)."""
        undetermined = set()
        for watch in dossier.watches:
            inputs = dossier.inputs(watch, dossier.known)
            if not claim.is_about(watch) or inputs is None:
                continue  # its facts changed while SPIRE was read; their own check is due
            asked_by = claim.asked_by.get(watch.request_id, ())
            evaluation = await publish_check(connection, dossier, watch, inputs, asked_by, now)
            undetermined.add(evaluation.undetermined)
            await self._follow_terms(connection, dossier, watch, now)
        if "calendar_not_loaded" in undetermined:
            await alarms.calendar_too_short(connection, now)
        if any(ends_some_day(watch, eastern_date(now)) for watch in dossier.issued):
            await make_check_due(connection, [dossier.emplid], "status", now + self.status_every)
        if "term_not_read" in undetermined:
            await make_check_due(connection, [dossier.emplid], "event", now + back_off(attempts), attempts)

    async def _follow_terms(self, connection: Connection, dossier: Dossier, watch: Watch, now: datetime) -> None:
        """The first check of each term is repeated once after the settling window (P17)."""
        end = ends_on(watch.facts, watch.issued, dossier.calendar)
        await connection.execute(sql.set_end_of_watch, watch.request_id, end)
        new_terms = watch.strms(dossier.calendar) - set(watch.checked_terms)
        if new_terms:
            watch.checked_terms = tuple(sorted({*watch.checked_terms, *new_terms}))
            await save_watch(connection, watch)
            await make_check_due(connection, [dossier.emplid], "settling", now + self.settling)

    async def _record_silence(self, claim: Claim, why: str) -> None:
        """P3: cannot determine, said once; the reasons stay due with back-off."""
        now = self.clock()
        async with self.database.transaction() as connection:
            opened = await open_claim(connection, claim)
            if opened is None:
                return
            dossier, reasons = opened
            await alarms.spire_is_away(connection, why, now)
            await self._say_undetermined(connection, dossier, claim, reasons, now)
        log.warning("spire_gave_no_answer", reason=why)

    async def _wait_for_replica(
        self,
        connection: Connection,
        dossier: Dossier,
        claim: Claim,
        reasons: dict[Why, int],
        began: datetime,
        now: datetime,
    ) -> None:
        """P17: a lower read is repeated; after two minutes it cannot be determined, and operations is told."""
        since = dossier.stale_since or now
        dossier.stale_since, dossier.stale_reads = since, (*dossier.stale_reads, began)[-ENOUGH_READS:]
        await save_student(connection, dossier)
        if now - since >= STALE_PATIENCE:
            await alarms.spire_is_stale(connection, now)
            await self._say_undetermined(connection, dossier, claim, reasons, now)
        else:
            await self._keep_due(connection, dossier, reasons, now)

    async def _say_undetermined(
        self, connection: Connection, dossier: Dossier, claim: Claim, reasons: dict[Why, int], now: datetime
    ) -> None:
        for watch in dossier.watches:
            if claim.is_about(watch):
                asked_by = claim.asked_by.get(watch.request_id, ())
                await publish_check(connection, dossier, watch, nothing_read(watch.facts), asked_by, now)
        await self._keep_due(connection, dossier, reasons, now)

    async def _keep_due(self, connection: Connection, dossier: Dossier, reasons: dict[Why, int], now: datetime) -> None:
        for why, attempts in reasons.items():
            await make_check_due(connection, [dossier.emplid], why, now + back_off(attempts), attempts)


def _merged(dossier: Dossier, read: StudentRead) -> EnrollmentRecord:
    """Raises StaleRead also below what was told before the rows were forgotten (P17)."""
    if any(term.source_seq < dossier.source_seq for term in read.terms):
        raise StaleRead(f"already at {dossier.source_seq}")
    return dossier.known.apply_read(read.terms, dossier.policy.codes)


def _known_first(dossier: Dossier, before: EnrollmentRecord) -> EnrollmentRecord:
    """A course that this very read no longer shows can still be the one that was meant."""
    strms = {strm for watch in dossier.watches for strm in watch.strms(dossier.calendar)}
    return before if all(before.enrollments.known(strm) for strm in strms) else dossier.known
