-- Students, watches, questions and what is due; losses, snapshots and alarms have files of their own.

-- name: add_students
-- Those heard of for the first time; sorted by the caller, so that no two wait for each other in a circle.
INSERT INTO student (emplid) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING;

-- name: lock_students
-- The lock before everything else, ascending (P16).
SELECT emplid FROM student WHERE emplid = ANY ($1::text[]) ORDER BY emplid FOR UPDATE;

-- name: dossiers
-- All that is evaluated together (P25), in one statement after the lock; `blind`: a message of the registrar about the
-- student is parked (P29); `lost`: what the student's requests have lost. JSON comes as text, so that the same is read once.
SELECT s.emplid, s.source_seq, s.profile::text AS profile, s.stale_since, s.stale_reads, s.sequence_at,
       EXISTS (SELECT FROM parked_key p WHERE p.topic = 'campus.enrollment' AND p.key = s.emplid) AS blind,
       ARRAY(SELECT (w.request_id, w.emplid, w.facts::text, w.checked_terms, w.check_no, w.published, w.issued::text, w.version, w.basis::text)
               FROM watch w WHERE w.emplid = s.emplid AND w.state = 'open' ORDER BY request_id) AS watches,
       ARRAY(SELECT (r.emplid, r.acad_career, r.institution, r.strm, r.session_code, r.class_nbr, r.component, r.primary_class_nbr,
                     r.subject, r.catalog_nbr, r.units, r.grading_basis, r.status, r.reason, r.grade, r.effective_dt, r.source_seq, r.origin::text)
               FROM enrollment_row r WHERE r.emplid = s.emplid ORDER BY strm, class_nbr) AS rows,
       ARRAY(SELECT (t.strm, t.withdraw_code, t.effective_dt, t.source_seq, ''::text, t.acad_career, t.origin::text)
               FROM term_withdrawal t WHERE t.emplid = s.emplid ORDER BY strm) AS withdrawals,
       ARRAY(SELECT (t.strm, t.withdraw_code, t.effective_dt, t.source_seq, t.session_code, t.acad_career, t.origin::text)
               FROM session_withdrawal t WHERE t.emplid = s.emplid ORDER BY strm, session_code) AS sessions,
       ARRAY(SELECT (f.strm, f.source_seq, f.unreadable) FROM term_floor f WHERE f.emplid = s.emplid ORDER BY strm) AS floors,
       ARRAY(SELECT (l.loss_id, h.request_id, h.strm, l.kind, l.class_nbr, h.annotated_at, h.replacement, l.detected_at, h.course)
               FROM loss l JOIN loss_hit h USING (loss_id)
              WHERE l.emplid = s.emplid AND l.state = 'open' AND NOT h.regained) AS lost
  FROM student s WHERE s.emplid = ANY ($1::text[]);

-- name: save_student
-- Who the student is, as SPIRE answered, or since when it answers with less than was told before.
UPDATE student SET profile = $2, stale_since = $3, stale_reads = $4, version = version + 1 WHERE emplid = $1;

-- name: raise_sequences
-- After a merge; the sequence never falls.
UPDATE student s SET source_seq = greatest(s.source_seq, told.source_seq), version = s.version + 1,
       sequence_at = CASE WHEN told.source_seq > s.source_seq THEN told.sequence_at ELSE s.sequence_at END
  FROM json_populate_recordset(NULL::student, $1) told WHERE s.emplid = told.emplid;

-- name: take_sequence_back
-- What had raised it was impossible (P17); nor is anything history that lies below what the I-20 was issued on.
WITH lowered AS (
UPDATE watch SET issued = issued || jsonb_build_object('baseline_seq', least((issued ->> 'baseline_seq')::bigint, $2::bigint))
 WHERE emplid = $1 AND issued IS NOT NULL)
UPDATE student SET source_seq = $2, sequence_at = NULL, version = version + 1 WHERE emplid = $1;

-- name: park_impossible
-- Shown to operations with its reason; without a key, so that nothing of the student waits behind it.
WITH impossible AS (
UPDATE registrar_event SET applied = false WHERE emplid = $1 AND source_seq = ANY ($2::bigint[]) RETURNING *)
INSERT INTO parked (consumer, topic, key, partition, kafka_offset, kafka_timestamp, headers, payload, reason, error_class, attempts)
SELECT 'enrollment-sync', 'campus.enrollment', NULL, -1, source_seq, (extract(epoch FROM received_at) * 1000000)::bigint,
       jsonb_build_object('ce_specversion', '1.0', 'ce_id', event_id, 'ce_source', source, 'ce_type', type),
       convert_to(data::text, 'UTF8'), 'its sequence lies beyond the one that SPIRE itself has come to', 'Impossible', 1
  FROM impossible ON CONFLICT DO NOTHING;

-- name: raise_sequence
-- What waits behind a parked message has told of it; a read below is older (P29).
UPDATE student SET source_seq = greatest(source_seq, $2), sequence_at = $3, version = version + 1 WHERE emplid = $1;

-- name: note_blind
-- Whether this message itself could not be read, and since when nothing about the student can (P29).
UPDATE student SET blind_since = coalesce(blind_since, $2)
 WHERE emplid = $1 AND (blind_since IS NULL OR EXISTS (
       SELECT FROM parked WHERE topic = 'campus.enrollment' AND key = $1 AND state = 'parked'
          AND error_class <> 'Waiting' AND partition = $3 AND kafka_offset = $4::bigint))
RETURNING true;

-- name: unread_of
-- Why the messages about the student could not be read: the codes, never the message.
SELECT left(reason, 200) AS reason FROM parked
 WHERE topic = 'campus.enrollment' AND key = $1 AND state = 'parked' AND error_class <> 'Waiting' ORDER BY id LIMIT $2;

-- name: students_restored
-- Said to be blind, and nothing is parked any more.
SELECT emplid FROM student s WHERE blind_since IS NOT NULL
   AND NOT EXISTS (SELECT FROM parked_key p WHERE p.topic = 'campus.enrollment' AND p.key = s.emplid) ORDER BY emplid LIMIT 100;

-- name: forget_blind
-- Everything about them can be read again.
UPDATE student SET blind_since = NULL WHERE emplid = ANY ($1::text[]);

-- name: watched
-- Which of these students somebody watches (case 58); an event about whomever is a sign of life of the registrar (P30).
-- That is written once a second by whoever comes first: the one row is never what anybody waits for.
WITH due AS (SELECT FROM registrar_sign WHERE heard_at IS NULL OR heard_at < $2::timestamptz - interval '1 second'
                FOR UPDATE SKIP LOCKED),
     heard AS (UPDATE registrar_sign SET heard_at = $2 WHERE EXISTS (SELECT FROM due))
SELECT DISTINCT emplid FROM watch WHERE emplid = ANY ($1::text[]) AND state = 'open';

-- name: students_of
-- The students of these requests, whatever the state of their watch.
SELECT DISTINCT emplid FROM watch WHERE request_id = ANY ($1::text[]) AND emplid IS NOT NULL;

-- name: students_with_open_watch
-- Everybody whom a new calendar concerns.
SELECT DISTINCT emplid FROM watch WHERE state = 'open' ORDER BY emplid;

-- name: upsert_watch
-- The facts of the highest version count (P1, P4); an ended watch stays ended, and learns once whose it was.
INSERT INTO watch AS w (request_id, emplid, state, facts, facts_version, ends_on, check_no)
SELECT $1, $2, 'open', $3, $4, $5, check_floor FROM monitoring
ON CONFLICT (request_id) DO UPDATE
   SET emplid = excluded.emplid, facts = excluded.facts, facts_version = excluded.facts_version, ends_on = excluded.ends_on,
       basis = '{}'
 WHERE w.emplid IS NULL OR (w.state = 'open' AND w.facts_version < excluded.facts_version);

-- name: issue_watch
-- An issued I-20 opens the watch again, whatever came before (P5); an older authorization is history.
INSERT INTO watch AS w (request_id, emplid, state, facts, facts_version, issued, ends_on, check_no)
SELECT $1, $2, 'open', $3, $4, $5, $6, check_floor FROM monitoring
ON CONFLICT (request_id) DO UPDATE
   SET state = 'open', ended_because = NULL, emplid = excluded.emplid, issued = excluded.issued,
       facts = CASE WHEN w.facts_version > excluded.facts_version THEN w.facts ELSE excluded.facts END,
       facts_version = greatest(w.facts_version, excluded.facts_version), ends_on = excluded.ends_on
 WHERE coalesce((w.issued ->> 'authorization_version')::int, 0) < (excluded.issued ->> 'authorization_version')::int
RETURNING request_id;

-- name: name_courses
-- What review confirmed, unless the facts have changed since.
UPDATE watch SET basis = basis || $2 WHERE request_id = $1 AND facts_version <= coalesce($3::int, facts_version);

-- name: remember_status
-- What the approval rested on, as SPIRE was read last (A32).
UPDATE watch w SET basis = basis || jsonb_build_object('career', s.profile ->> 'acad_career', 'level', s.profile ->> 'level')
  FROM student s WHERE s.emplid = w.emplid AND s.profile IS NOT NULL AND w.request_id = $1;

-- name: raise_checks
-- After a restore: nobody listens to a number below the ones that were told; what was answered is told again.
UPDATE watch SET check_no = greatest(check_no, $1), published = NULL WHERE state = 'open';

-- name: raise_check_floor
-- The same for watches that are opened only now.
UPDATE monitoring SET check_floor = greatest(check_floor, $1);

-- name: save_watch
-- What was answered, and the authorization that counts.
UPDATE watch SET checked_terms = $2, check_no = $3, published = $4, issued = $5, basis = $6, version = version + 1
 WHERE request_id = $1 RETURNING version;

-- name: end_watch
-- Also before anything else was heard of the request (P1); an issued one goes on.
INSERT INTO watch AS w (request_id, state, ended_because) VALUES ($1, 'ended', $2)
ON CONFLICT (request_id) DO UPDATE SET state = 'ended', ended_because = excluded.ended_because
 WHERE w.state = 'open' AND w.issued IS NULL
RETURNING emplid;

-- name: end_issued_watch
-- The authorization was canceled, or its time is over.
UPDATE watch SET state = 'ended', ended_because = $2 WHERE request_id = $1 AND state = 'open' RETURNING emplid;

-- name: watches_over
-- 60 days after their last term (P16).
SELECT request_id, emplid FROM watch WHERE state = 'open' AND ends_on < $1 ORDER BY emplid, request_id LIMIT 200;

-- name: set_end_of_watch
-- A revised calendar moves the end.
UPDATE watch SET ends_on = $2 WHERE request_id = $1;

-- name: add_question
-- Counts from now on for every read that has not begun yet (P21).
INSERT INTO question (event_id, request_id, kind, arrived_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: questions_of
-- Everything that was ever asked about these requests, in order of arrival.
SELECT event_id, request_id FROM question WHERE request_id = ANY ($1::text[]) ORDER BY arrived;

-- name: make_check_due
-- Once for each reason; an earlier time wins.
INSERT INTO due_check AS d (emplid, why, not_before, attempts, traceparent)
SELECT emplid, $2, $3, $4, $5 FROM student WHERE emplid = ANY ($1::text[])
ON CONFLICT (emplid, why) WHERE token IS NULL DO UPDATE
   SET not_before = least(d.not_before, excluded.not_before), attempts = greatest(d.attempts, excluded.attempts),
       traceparent = coalesce(excluded.traceparent, d.traceparent);

-- name: everybody_watched
-- Whose events may have been among those that are gone.
SELECT DISTINCT emplid FROM watch WHERE state = 'open' ORDER BY emplid;

-- name: something_due
-- Whether any check may be taken.
SELECT EXISTS (SELECT FROM due_check WHERE not_before <= $1 AND (lease_until IS NULL OR lease_until < now()));

-- name: pick_due_students
-- Free students with a due check; one that somebody works on is taken the next time.
SELECT s.emplid FROM student s
 WHERE EXISTS (SELECT 1 FROM due_check d WHERE d.emplid = s.emplid AND d.not_before <= $1
                  AND (d.lease_until IS NULL OR d.lease_until < now()))
   AND NOT EXISTS (SELECT 1 FROM due_check d WHERE d.emplid = s.emplid AND d.lease_until >= now())
 ORDER BY (SELECT min(d.not_before) FROM due_check d WHERE d.emplid = s.emplid) LIMIT $2
   FOR UPDATE OF s SKIP LOCKED;

-- name: claim_due_checks
-- Under the student's lock; an attempt whose lease ran out counts as one (P37).
UPDATE due_check d SET token = $3, lease_until = now() + $4::interval, attempts = d.attempts + 1
 WHERE d.emplid = $1 AND d.not_before <= $2 AND (d.lease_until IS NULL OR d.lease_until < now())
   AND NOT EXISTS (SELECT 1 FROM due_check o WHERE o.emplid = $1 AND o.lease_until >= now())
RETURNING d.why, d.attempts, d.traceparent;

-- name: take_claimed
-- Only who still holds the lease may write the result (P37).
DELETE FROM due_check WHERE emplid = $1 AND token = $2 AND lease_until >= now() RETURNING why, attempts;

-- name: delete_rows
-- A read no longer shows them.
DELETE FROM enrollment_row r USING json_populate_recordset(NULL::enrollment_row, $1) gone
 WHERE (r.emplid, r.acad_career, r.institution, r.strm, r.class_nbr)
     = (gone.emplid, gone.acad_career, gone.institution, gone.strm, gone.class_nbr);

-- name: delete_withdrawals
-- A read no longer shows them.
DELETE FROM term_withdrawal w USING json_populate_recordset(NULL::term_withdrawal, $1) gone
 WHERE (w.emplid, w.strm, w.acad_career) = (gone.emplid, gone.strm, gone.acad_career);

-- name: put_rows
-- Only what changed is written, in place.
INSERT INTO enrollment_row (emplid, acad_career, institution, strm, session_code, class_nbr, component, primary_class_nbr,
    subject, catalog_nbr, units, grading_basis, status, reason, grade, effective_dt, source_seq, origin)
SELECT emplid, acad_career, institution, strm, session_code, class_nbr, component, primary_class_nbr,
    subject, catalog_nbr, units, grading_basis, status, reason, grade, effective_dt, source_seq, origin
  FROM json_populate_recordset(NULL::enrollment_row, $1)
ON CONFLICT (emplid, acad_career, institution, strm, class_nbr) DO UPDATE
   SET session_code = excluded.session_code, component = excluded.component,
       primary_class_nbr = excluded.primary_class_nbr, subject = excluded.subject, catalog_nbr = excluded.catalog_nbr,
       units = excluded.units, grading_basis = excluded.grading_basis, status = excluded.status,
       reason = excluded.reason, grade = excluded.grade, effective_dt = excluded.effective_dt,
       source_seq = excluded.source_seq, origin = excluded.origin;

-- name: delete_session_withdrawals
-- A read no longer shows them.
DELETE FROM session_withdrawal w USING json_populate_recordset(NULL::session_withdrawal, $1) gone
 WHERE (w.emplid, w.strm, w.session_code, w.acad_career) = (gone.emplid, gone.strm, gone.session_code, gone.acad_career);

-- name: put_session_withdrawals
-- Only what changed is written.
INSERT INTO session_withdrawal (emplid, strm, session_code, acad_career, withdraw_code, effective_dt, source_seq, origin)
SELECT emplid, strm, session_code, acad_career, withdraw_code, effective_dt, source_seq, origin
  FROM json_populate_recordset(NULL::session_withdrawal, $1)
ON CONFLICT (emplid, strm, session_code, acad_career) DO UPDATE
   SET withdraw_code = excluded.withdraw_code, effective_dt = excluded.effective_dt, source_seq = excluded.source_seq,
       origin = excluded.origin;

-- name: put_withdrawals
-- Only what changed is written.
INSERT INTO term_withdrawal (emplid, strm, acad_career, withdraw_code, effective_dt, source_seq, origin)
SELECT emplid, strm, acad_career, withdraw_code, effective_dt, source_seq, origin
  FROM json_populate_recordset(NULL::term_withdrawal, $1)
ON CONFLICT (emplid, strm, acad_career) DO UPDATE
   SET withdraw_code = excluded.withdraw_code, effective_dt = excluded.effective_dt, source_seq = excluded.source_seq,
       origin = excluded.origin;

-- name: save_floors
-- From now on events at or below them change no row (P17).
INSERT INTO term_floor (emplid, strm, source_seq, unreadable, read_at)
SELECT emplid, strm, source_seq, unreadable, read_at FROM json_populate_recordset(NULL::term_floor, $1)
ON CONFLICT (emplid, strm) DO UPDATE
   SET source_seq = excluded.source_seq, unreadable = excluded.unreadable, read_at = excluded.read_at;

-- name: forget_rows
-- Unless somebody still watches the student.
DELETE FROM enrollment_row WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: forget_withdrawals
-- Unless somebody still watches the student.
DELETE FROM term_withdrawal WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: forget_session_withdrawals
-- Unless somebody still watches the student.
DELETE FROM session_withdrawal WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: forget_floors
-- A later watch begins with a read of its own.
DELETE FROM term_floor WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: forget_due
-- Nobody waits for an answer any more.
DELETE FROM due_check WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: forget_profile
-- Unless somebody still watches the student.
UPDATE student SET profile = NULL, stale_since = NULL WHERE emplid = $1
   AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.emplid = $1 AND w.state = 'open');

-- name: add_registrar_events
-- Evidence of what the registrar said, event by event.
INSERT INTO registrar_event (source, event_id, emplid, type, strm, class_nbr, source_seq, happened_at, received_at,
    applied, data)
SELECT source, event_id, emplid, type, strm, class_nbr, source_seq, happened_at, received_at, applied, data
  FROM json_populate_recordset(NULL::registrar_event, $1)
ON CONFLICT DO NOTHING;

-- name: add_evaluation
-- An answer with all it rests on.
INSERT INTO evaluation (request_id, check_no, rule_version, calendar_version, codes_version, inputs, answer, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: evaluations_after
-- Some of all, or of one request, in the order in which they were stored; each is replayed.
SELECT id, request_id, rule_version, calendar_version, codes_version, inputs, answer FROM evaluation
 WHERE id > $1 AND ($2::text IS NULL OR request_id = $2) ORDER BY id LIMIT $3;

-- name: every_calendar
-- All that were in force, or will be.
SELECT form FROM calendar_version ORDER BY version;

-- name: latest_calendar
-- The one in force, as text, so that the same one is parsed once.
SELECT form::text FROM calendar_version ORDER BY version DESC LIMIT 1;

-- name: add_calendar
-- Versions are kept for ever: each answer names the one it used.
INSERT INTO calendar_version (version, form, loaded_at, loaded_by) VALUES ($1, $2, $3, $4);

-- name: every_codes
-- All that were in force, or will be.
SELECT form FROM codes_version ORDER BY version;

-- name: latest_codes
-- The version in force, as text, so that the same one is parsed once.
SELECT form::text FROM codes_version ORDER BY version DESC LIMIT 1;

-- name: add_codes
-- Versions are kept for ever: each answer names the one it used.
INSERT INTO codes_version (version, form, loaded_at, loaded_by) VALUES ($1, $2, $3, $4);

-- name: lock_revisions
-- One revision at a time, of the calendar or the codes.
SELECT true FROM lock_row WHERE name = 'calendar' FOR UPDATE;

-- name: write_audit
-- Acts and changes of state are never changed afterwards.
INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5);

-- name: add_loss
-- One for each causing act (P25).
INSERT INTO loss (loss_id, act, emplid, strm, class_nbr, source_seq, cause, event_time, detected_at, held, kind, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open');

-- name: restore_loss
-- One that this database has forgotten.
INSERT INTO loss (loss_id, act, emplid, strm, class_nbr, source_seq, cause, event_time, detected_at, held, kind, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open') ON CONFLICT DO NOTHING RETURNING loss_id;

-- name: settle_replacement
-- Somebody named the course: what is open of this request because another one took the place, or nobody knew, is settled.
UPDATE loss_hit h SET regained = true FROM loss l
 WHERE l.loss_id = h.loss_id AND h.request_id = $1 AND l.state = 'open' AND l.kind IN ('replaced', 'unnamed');

-- name: close_settled_losses
-- Ends them once all they hit is settled.
UPDATE loss l SET state = 'regained', ended_at = $2
 WHERE l.state = 'open' AND l.kind IN ('replaced', 'unnamed')
   AND EXISTS (SELECT FROM loss_hit h WHERE h.loss_id = l.loss_id AND h.request_id = $1)
   AND NOT EXISTS (SELECT FROM loss_hit h WHERE h.loss_id = l.loss_id AND NOT h.regained);

-- name: act_was_told
-- The same act under another event's id is no second loss (P25, P36).
SELECT EXISTS (SELECT FROM loss WHERE emplid = $1 AND act = $2);

-- name: kind_was_told
-- The same fact while it stands, or the same drop below the full load, is told once.
SELECT EXISTS (SELECT FROM loss WHERE emplid = $1 AND act = $2 AND kind = $3 AND (kind <> 'status' OR state <> 'regained'));

-- name: end_status_facts
-- A read no longer shows them; should they come back, that is news.
UPDATE loss SET state = 'regained', ended_at = $3
 WHERE emplid = $1 AND kind = 'status' AND state <> 'regained' AND act <> ALL ($2::text[]);

-- name: name_alert
-- Review raised it.
UPDATE loss SET alert_id = $2 WHERE loss_id = $1;

-- name: reject_loss
-- A director found a held one to be false.
UPDATE loss SET state = 'rejected', ended_at = $2 WHERE loss_id = $1 AND state = 'open' RETURNING loss_id;

-- name: losses_without_alert
-- Open ones that nobody was told of so long after they were found (P28); held ones wait for a person.
SELECT loss_id FROM loss WHERE state = 'open' AND alert_id IS NULL AND NOT held AND detected_at < $1;

-- name: add_loss_hit
-- An authorization that rests on it.
INSERT INTO loss_hit (loss_id, request_id, strm, replacement, course) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: annotate_hits
-- An event showed the requirement met again; a read that begins later has the last word (P25).
UPDATE loss_hit h SET annotated_at = $4, replacement = $5
 WHERE h.loss_id = $1 AND h.strm = $3 AND h.course = $6 AND h.request_id = ANY ($2::text[]) AND NOT h.regained;

-- name: take_back_annotations
-- What had shown it met again was impossible (P17).
UPDATE loss_hit h SET annotated_at = NULL FROM loss l
 WHERE l.loss_id = h.loss_id AND l.state = 'open' AND l.emplid = $1 AND NOT h.regained;

-- name: regain_hits
-- A read shows the requirement of these requests met again in this term.
UPDATE loss_hit h SET regained = true
 WHERE h.loss_id = $1 AND h.strm = $3 AND h.course = $4 AND h.request_id = ANY ($2::text[]) AND NOT h.regained;

-- name: close_regained_losses
-- A loss ends when all it hit is met again.
UPDATE loss l SET state = 'regained', ended_at = $2 WHERE loss_id = ANY ($1::text[]) AND state = 'open'
   AND NOT EXISTS (SELECT FROM loss_hit h WHERE h.loss_id = l.loss_id AND NOT h.regained);

-- name: lost_near
-- Students with a loss near this time (P27).
SELECT count(DISTINCT emplid) FROM loss
 WHERE event_time BETWEEN $1::timestamptz - $2::interval AND $1::timestamptz + $2::interval;

-- name: watched_after_issuance
-- How many students are, counted no further than is asked.
SELECT count(*) FROM (SELECT DISTINCT emplid FROM watch WHERE state = 'open' AND issued IS NOT NULL LIMIT $1) watched;

-- name: watched_students
-- Everybody with an open watch; the snapshot is compared for them alone.
SELECT DISTINCT emplid FROM watch WHERE state = 'open';

-- name: stored_of_term
-- What is stored of a term, and whether it was ever read.
SELECT f.emplid, r.class_nbr, r.status, r.reason, r.grade, r.grading_basis, r.units, r.source_seq
  FROM term_floor f LEFT JOIN enrollment_row r USING (emplid, strm) WHERE f.strm = $1;

-- name: stored_withdrawals_of_term
-- Term withdrawals as stored.
SELECT emplid, withdraw_code, '' AS session_code FROM term_withdrawal WHERE strm = $1
UNION ALL SELECT emplid, withdraw_code, session_code FROM session_withdrawal WHERE strm = $1;

-- name: ask_for_run
-- A run that starts after this call.
INSERT INTO reconciliation_run (run_id, strm, asked_by, asked_at) VALUES ($1, $2, $3, $4);

-- name: terms_of_open_watches
-- The terms that were read for somebody who is watched.
SELECT DISTINCT strm FROM term_floor f JOIN watch w ON w.emplid = f.emplid AND w.state = 'open' ORDER BY strm;

-- name: last_run_asked
-- When the term was last asked to be compared.
SELECT max(asked_at) FROM reconciliation_run WHERE strm = $1;

-- name: claim_run
-- The oldest run that nobody works on (P37).
UPDATE reconciliation_run SET state = 'running', token = $1, lease_until = now() + interval '10 minutes'
 WHERE run_id = (SELECT run_id FROM reconciliation_run WHERE state = 'asked' OR (state = 'running' AND lease_until < now())
                  ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING run_id, strm;

-- name: finish_run
-- Only who holds the lease records the outcome.
UPDATE reconciliation_run
   SET state = 'done', token = NULL, lease_until = NULL, finished_at = $3, outcome = $4, reason = $5, rows_seen = $6, differences = $7
 WHERE run_id = $1 AND token = $2;

-- name: last_good_rows
-- How many rows the last whole snapshot of the term had.
SELECT rows_seen FROM reconciliation_run WHERE strm = $1 AND outcome = 'compared' ORDER BY finished_at DESC LIMIT 1;

-- name: list_runs
-- Newest first.
SELECT run_id, strm, asked_by, asked_at, state, finished_at, outcome, reason, rows_seen, differences
  FROM reconciliation_run ORDER BY asked_at DESC LIMIT 200;

-- name: last_compared
-- The last comparison that worked.
SELECT max(finished_at) FROM reconciliation_run WHERE outcome = 'compared';

-- name: raise_alarm
-- One open row for each code and subject.
INSERT INTO alarm (code, subject, message, raised_at, last_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (code, subject) WHERE cleared_at IS NULL
DO UPDATE SET last_at = excluded.last_at, times = alarm.times + 1, message = excluded.message;

-- name: count_alarms
-- The same for several subjects at once, each with how often it was seen.
INSERT INTO alarm (code, subject, message, raised_at, last_at, times)
SELECT $1, subject, message, $5, $5, times FROM unnest($2::text[], $3::text[], $4::int[]) AS seen (subject, message, times)
ON CONFLICT (code, subject) WHERE cleared_at IS NULL
DO UPDATE SET last_at = excluded.last_at, times = alarm.times + excluded.times, message = excluded.message;

-- name: clear_alarm
-- The fault is over.
UPDATE alarm SET cleared_at = $3 WHERE code = $1 AND subject = $2 AND cleared_at IS NULL;

-- name: clear_unknown_codes
-- No stored row has a code that nobody knows any more.
UPDATE alarm SET cleared_at = $1 WHERE code = 'code_unknown' AND cleared_at IS NULL
   AND NOT EXISTS (SELECT FROM term_floor WHERE unreadable <> '[]');

-- name: end_alarms
-- What was lacking has come.
UPDATE alarm SET cleared_at = $2 WHERE code = $1 AND cleared_at IS NULL;

-- name: open_alarms
-- What operations must look at; a parked message is one as long as nobody has decided about it (case 8).
SELECT code, subject, message AS detail, raised_at AS since, last_at, times FROM alarm WHERE cleared_at IS NULL
UNION ALL
SELECT 'message_parked', topic, format('Messages on %s could not be read and wait for a decision.', topic),
       min(first_at), max(first_at), count(*)::int
  FROM parked WHERE state = 'parked' AND error_class <> 'Waiting' GROUP BY topic
 ORDER BY since;

-- name: alarm_figures
-- Open alarms by code.
SELECT code, count(*) AS alarms FROM alarm WHERE cleared_at IS NULL GROUP BY code;

-- name: due_figures
-- Reads that somebody waits for, and since when the oldest is due.
SELECT count(*) AS checks, min(not_before) AS oldest FROM due_check WHERE not_before <= $1;

-- name: watch_figures
-- What was heard and compared last, and since when anybody has listened.
SELECT m.since, r.heard_at, (SELECT max(finished_at) FROM reconciliation_run WHERE outcome = 'compared') AS compared_at
  FROM monitoring m CROSS JOIN registrar_sign r;

-- name: lock_monitoring
-- The first look counts as the beginning. Nothing where another worker looks at this moment.
WITH free AS (SELECT FROM monitoring FOR UPDATE SKIP LOCKED)
UPDATE monitoring SET since = coalesce(since, $1) FROM free
RETURNING since, (SELECT heard_at FROM registrar_sign), said_at, blind_because, alarms;

-- name: send_heartbeat
-- What was said last.
UPDATE monitoring SET said_at = $1, blind_because = $2, alarms = $3, version = version + 1 RETURNING version;

-- name: baseline_of
-- How far SPIRE's sequence had come when the I-20 was issued.
SELECT source_seq FROM student WHERE emplid = $1;

-- name: place_hold
-- Retention passes over its student from now on (case 70).
INSERT INTO legal_hold (request_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: lift_hold
-- Retention may delete it again.
DELETE FROM legal_hold WHERE request_id = $1;

-- name: students_past_retention
-- Counted from the end of the watches, of study and of the last that was heard, found or answered. Nobody who is watched,
-- none on hold, none with a loss that nobody was told of. Few pass the first condition, and for them alone the rest is read.
SELECT s.emplid, watched.request_ids, counted.counted_from
  FROM student s
 CROSS JOIN LATERAL (
       SELECT array_agg(w.request_id ORDER BY w.request_id) AS request_ids, bool_or(w.state = 'open') AS open,
              max(greatest(w.ends_on, (w.facts ->> 'end_date')::date,
                           (w.published -> 'student' ->> 'program_end_date')::date,
                           (w.published -> 'student' ->> 'degree_completed_on')::date)) AS ended_on
         FROM watch w WHERE w.emplid = s.emplid) AS watched
 CROSS JOIN LATERAL (
       SELECT greatest(
         watched.ended_on,
         (SELECT max(e.at AT TIME ZONE 'America/New_York')::date FROM evaluation e
           WHERE e.request_id = ANY (watched.request_ids)),
         (SELECT max(q.arrived_at AT TIME ZONE 'America/New_York')::date FROM question q
           WHERE q.request_id = ANY (watched.request_ids)),
         (SELECT max(r.received_at AT TIME ZONE 'America/New_York')::date FROM registrar_event r
           WHERE r.emplid = s.emplid),
         (SELECT max(greatest(l.detected_at, l.ended_at) AT TIME ZONE 'America/New_York')::date FROM loss l
           WHERE l.emplid = s.emplid)) AS counted_from) AS counted
 WHERE s.emplid IN (SELECT w.emplid FROM watch w
                     WHERE coalesce(w.ends_on, (w.facts ->> 'end_date')::date) + make_interval(years => $2) < $1::date
                       AND w.state = 'ended' AND ($3::text[] IS NULL OR w.emplid = ANY ($3)))
   AND NOT watched.open
   AND counted.counted_from + make_interval(years => $2) < $1::date
   AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.request_id = ANY (watched.request_ids))
   AND NOT EXISTS (SELECT FROM loss l WHERE l.emplid = s.emplid AND l.state = 'open' AND l.alert_id IS NULL)
 ORDER BY s.emplid LIMIT 100 FOR UPDATE OF s SKIP LOCKED;

-- name: purge_students
-- All that is kept about them and their requests.
WITH hits AS (DELETE FROM loss_hit h USING loss l WHERE l.loss_id = h.loss_id AND l.emplid = ANY ($1::text[])
), losses AS (DELETE FROM loss WHERE emplid = ANY ($1)
), answers AS (DELETE FROM evaluation WHERE request_id = ANY ($2::text[])
), questions AS (DELETE FROM question WHERE request_id = ANY ($2)
), heard AS (DELETE FROM registrar_event WHERE emplid = ANY ($1)
), due AS (DELETE FROM due_check WHERE emplid = ANY ($1)
), rows AS (DELETE FROM enrollment_row WHERE emplid = ANY ($1)
), withdrawals AS (DELETE FROM term_withdrawal WHERE emplid = ANY ($1)
), sessions AS (DELETE FROM session_withdrawal WHERE emplid = ANY ($1)
), floors AS (DELETE FROM term_floor WHERE emplid = ANY ($1)
), watches AS (DELETE FROM watch WHERE request_id = ANY ($2))
DELETE FROM student WHERE emplid = ANY ($1);

-- name: log_purged
-- By the requests, never by the student; what each was counted from.
INSERT INTO audit (at, actor, action, subject, detail)
SELECT $1, 'retention', 'student_purged', gone.request_id, jsonb_build_object('counted_from', gone.day, 'years', $4::int)
  FROM unnest($2::text[], $3::date[]) AS gone (request_id, day);

-- name: is_own
-- Whether the request, or the loss an alert is about, is this very person's (A31).
SELECT EXISTS (SELECT FROM watch WHERE request_id = $1 AND emplid = $2)
    OR EXISTS (SELECT FROM loss WHERE emplid = $2 AND $1 IN (loss_id, alert_id));
