-- Review's statements.

-- name: lock_line
-- The line lock (P10).
SELECT watermark, last_entry FROM line FOR UPDATE;

-- name: watermark
-- Every number up to it has arrived.
SELECT watermark FROM line;

-- name: find_number
-- One number.
SELECT receipt_number, request_id, round, state, hold_until FROM number WHERE receipt_number = $1;

-- name: open_numbers_of
-- The numbers a request still has in the line.
SELECT receipt_number, request_id, round, state, hold_until FROM number
 WHERE request_id = $1 AND state IN ('pending', 'waiting', 'assigned', 'returned', 'unreadable', 'set_aside')
 ORDER BY receipt_number;

-- name: put_number
-- A number arrives or changes.
INSERT INTO number (receipt_number, request_id, round, state, hold_until, arrived_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (receipt_number) DO UPDATE
   SET request_id = excluded.request_id, round = excluded.round, state = excluded.state,
       hold_until = excluded.hold_until;

-- name: log_number
-- One row of the append-only log, numbered under the line lock (P14).
WITH entry AS (UPDATE line SET last_entry = last_entry + 1 RETURNING last_entry)
INSERT INTO line_log (entry, receipt_number, request_id, round, from_state, to_state, cause, actor, unverified, hold_until, at)
SELECT last_entry, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM entry;

-- name: advance_watermark
-- Up to the last number without a hole before it.
WITH above AS (
  SELECT receipt_number, receipt_number - row_number() OVER (ORDER BY receipt_number) AS run
    FROM number WHERE receipt_number > (SELECT watermark FROM line))
UPDATE line SET watermark = coalesce((SELECT max(receipt_number) FROM above WHERE run = (SELECT watermark FROM line)), watermark);

-- name: lowest_open_number
-- The lowest number below any hole that this adviser may take (P11, P12): it is next, or it holds the line.
SELECT n.receipt_number, n.request_id, n.state, n.hold_until
  FROM number n
 WHERE n.state IN ('pending', 'waiting') AND n.receipt_number <= (SELECT watermark FROM line)
   AND NOT EXISTS (SELECT FROM recusal r WHERE r.receipt_number = n.receipt_number AND r.adviser = $1)
 ORDER BY n.receipt_number LIMIT 1;

-- name: recuse
-- The adviser gave the number back.
INSERT INTO recusal (receipt_number, adviser) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: set_aside_numbers
-- Those that waited for a calendar, and the days of their training.
SELECT n.receipt_number, n.request_id, n.round, (c.completion -> 'facts' ->> 'start_date')::date AS start_date,
       (c.completion -> 'facts' ->> 'end_date')::date AS end_date
  FROM number n JOIN case_file c USING (request_id) WHERE n.state = 'set_aside' ORDER BY n.receipt_number;

-- name: set_aside_since
-- Since when somebody waits for a calendar that reaches further, and how many.
SELECT count(*) AS numbers, min(l.at) AS since FROM number n
  JOIN LATERAL (SELECT at FROM line_log WHERE receipt_number = n.receipt_number ORDER BY entry DESC LIMIT 1) l ON true
 WHERE n.state = 'set_aside';

-- name: own_numbers
-- Those in line that are about the adviser's own request, not recused yet (A31).
SELECT n.receipt_number, n.request_id, n.round, n.state FROM number n JOIN case_file c USING (request_id)
 WHERE n.state IN ('pending', 'waiting') AND c.completion -> 'facts' ->> 'emplid' = $1
   AND NOT EXISTS (SELECT FROM recusal r WHERE r.receipt_number = n.receipt_number AND r.adviser = $1);

-- name: line_holes
-- Numbers that have not arrived although a higher one has.
SELECT missing::bigint AS receipt_number FROM line, generate_series(watermark + 1, (SELECT max(receipt_number) FROM number)) AS missing
 WHERE NOT EXISTS (SELECT FROM number WHERE receipt_number = missing) ORDER BY 1;

-- name: is_hole
-- Whether the number has not arrived although a higher one has.
SELECT $1::bigint > watermark AND EXISTS (SELECT FROM number WHERE receipt_number > $1)
   AND NOT EXISTS (SELECT FROM number WHERE receipt_number = $1)
  FROM line;

-- name: line_figures
-- By state: how many numbers stand in the line, and since when the lowest one does.
SELECT state, count(*) AS numbers, min(arrived_at) AS oldest FROM number
 WHERE state IN ('pending', 'waiting', 'unreadable', 'set_aside') GROUP BY state;

-- name: hole_figures
-- How many numbers have not arrived, and since when a higher one is here.
SELECT coalesce(max(n.receipt_number) - l.watermark, 0) - count(n.receipt_number) AS holes, min(n.arrived_at) AS since
  FROM line l LEFT JOIN number n ON n.receipt_number > l.watermark GROUP BY l.watermark;

-- name: due_figures
-- By due date: cases that nobody has decided.
SELECT due_on, count(*) AS cases FROM case_file
 WHERE state IN ('pending', 'waiting', 'assigned') AND due_on IS NOT NULL GROUP BY due_on;

-- name: line_numbers
-- Everything that stands in the line.
SELECT n.receipt_number, n.request_id, n.state, n.hold_until, n.arrived_at, c.due_on, c.completion ->> 'reference' AS reference
  FROM number n LEFT JOIN case_file c USING (request_id)
 WHERE n.state IN ('pending', 'waiting', 'unreadable', 'set_aside') ORDER BY n.receipt_number;

-- name: page_of_line
-- Who waits, in order, a page of them.
SELECT n.receipt_number, n.request_id, n.state, n.hold_until, n.arrived_at, c.due_on, c.completion ->> 'reference' AS reference,
       c.completion -> 'recipient' ->> 'name' AS student, c.completion -> 'facts' ->> 'emplid' AS emplid
  FROM number n LEFT JOIN case_file c USING (request_id)
 WHERE n.state IN ('pending', 'waiting') ORDER BY n.receipt_number LIMIT $1 OFFSET $2;

-- name: line_in_short
-- How far it has arrived, how many stand where, and the first that waits.
SELECT l.watermark, coalesce((SELECT max(receipt_number) FROM number), 0) - l.watermark
         - (SELECT count(*) FROM number WHERE receipt_number > l.watermark) AS holes,
       (SELECT count(*) FROM number WHERE state IN ('pending', 'waiting')) AS waiting,
       (SELECT count(*) FROM number WHERE state = 'waiting') AS checked,
       (SELECT count(*) FROM number WHERE state = 'unreadable') AS unreadable,
       ARRAY(SELECT receipt_number FROM number WHERE state = 'set_aside' ORDER BY receipt_number LIMIT 40) AS set_aside,
       f.receipt_number AS first, f.state AS first_state, f.hold_until
  FROM line l LEFT JOIN LATERAL (SELECT receipt_number, state, hold_until FROM number
    WHERE state IN ('pending', 'waiting') ORDER BY receipt_number LIMIT 1) f ON true;

-- name: first_holes
-- The lowest numbers that have not arrived although a higher one has.
SELECT missing::bigint AS receipt_number FROM line, generate_series(watermark + 1, (SELECT max(receipt_number) FROM number)) AS missing
 WHERE NOT EXISTS (SELECT FROM number WHERE receipt_number = missing) LIMIT $1;

-- name: latest_assignments
-- The end of the record, the newest first.
SELECT receipt_number, request_id, actor AS adviser, at AS assigned_at, unverified FROM line_log
 WHERE to_state = 'assigned' AND from_state IN ('pending', 'waiting') ORDER BY entry DESC LIMIT $1;

-- name: list_assignments
-- The record of assignments, oldest first.
SELECT receipt_number, request_id, actor AS adviser, at AS assigned_at, unverified FROM line_log
 WHERE to_state = 'assigned' AND from_state IN ('pending', 'waiting') ORDER BY entry LIMIT $1;

-- name: line_history
-- The whole log, for the proof of order.
SELECT * FROM line_log ORDER BY entry;

-- name: lock_case
-- One case, locked.
SELECT * FROM case_file WHERE request_id = $1 FOR UPDATE;

-- name: put_consultation
-- Asked; an earlier question, or the same one again, changes nothing.
INSERT INTO consultation AS c (request_id, consultation_id, name, asked_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (request_id) DO UPDATE SET consultation_id = excluded.consultation_id, name = excluded.name,
       asked_at = excluded.asked_at, answer = NULL, comment = '', answered_at = NULL
 WHERE c.asked_at < excluded.asked_at AND c.consultation_id <> excluded.consultation_id;

-- name: answer_consultation
-- Of the question that counts, also before it was heard of.
INSERT INTO consultation AS c (request_id, consultation_id, name, asked_at, answer, comment, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $4)
ON CONFLICT (request_id) DO UPDATE SET answer = excluded.answer, comment = excluded.comment, answered_at = excluded.answered_at
 WHERE c.consultation_id = excluded.consultation_id;

-- name: consultation_of
-- What stands about it.
SELECT name, asked_at, answer, comment, answered_at FROM consultation WHERE request_id = $1;

-- name: lock_changed_case
-- The case whose authorization this one changes, locked.
SELECT true FROM case_file
 WHERE request_id = (SELECT completion -> 'changes' ->> 'request_id' FROM case_file WHERE request_id = $1) FOR UPDATE;

-- name: earlier_round
-- What the request said before its last completion.
SELECT earlier, completion FROM case_file WHERE request_id = $1 AND earlier IS NOT NULL;

-- name: changed_request
-- What was said for the authorization that this request changes, and what is said now.
SELECT earlier.completion AS earlier, now.completion FROM case_file now
  JOIN case_file earlier ON earlier.request_id = now.completion -> 'changes' ->> 'request_id'
   AND earlier.completion -> 'facts' ->> 'emplid' = now.completion -> 'facts' ->> 'emplid'
 WHERE now.request_id = $1;

-- name: find_case
-- One case.
SELECT * FROM case_file WHERE request_id = $1;

-- name: list_cases
-- Cases by state, in order of their numbers; never the viewer's own (A31).
SELECT c.*, k.answer, k.outcome, k.checked_at FROM case_file c LEFT JOIN enrollment_check k USING (request_id)
 WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR c.holder ->> 'sub' = $2) AND c.completion IS NOT NULL
   AND c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $4
 ORDER BY c.receipt_number LIMIT $3;

-- name: count_cases
-- By state; never the viewer's own (A31).
SELECT state, sum(cases)::bigint AS cases FROM (
  SELECT state, count(*) AS cases FROM case_file WHERE completion IS NOT NULL GROUP BY state
  UNION ALL SELECT state, -count(*) FROM case_file
   WHERE completion IS NOT NULL AND completion -> 'facts' ->> 'emplid' = $1 GROUP BY state) AS counted GROUP BY state;

-- name: page_of_cases
-- In short; by `sort` the newest number first and what never had one last, or what is due first. Never the viewer's own (A31).
WITH page AS MATERIALIZED (
  SELECT * FROM case_file WHERE ($1::text IS NULL OR state = $1) AND completion IS NOT NULL
     AND request_id <> ALL (ARRAY(SELECT own.request_id FROM case_file own WHERE own.completion -> 'facts' ->> 'emplid' = $2))
     AND ($5::text IS NULL OR holder ->> 'sub' = $5) AND ($6::text IS NULL OR completion -> 'form' -> 'terms' ? $6)
     AND ($7::date IS NULL OR (state IN ('pending', 'waiting', 'assigned', 'approved') AND due_on <= $7))
   ORDER BY CASE WHEN $8 = 'due' THEN due_on END, receipt_number DESC NULLS LAST, request_id LIMIT $3 OFFSET $4)
SELECT p.request_id, p.receipt_number, p.state, p.due_on, p.holder ->> 'sub' AS held_by, p.holder ->> 'name' AS held_by_name,
       p.completion ->> 'reference' AS reference, p.completion -> 'recipient' ->> 'name' AS student,
       p.completion -> 'facts' ->> 'emplid' AS emplid,
       p.completion -> 'form' ->> 'employer' AS employer, coalesce(x.canceled, false) AS canceled,
       (SELECT count(*) FROM alert a WHERE a.request_ids @> ARRAY[p.request_id] AND a.state <> 'closed') AS alerts
  FROM page p
  LEFT JOIN LATERAL (SELECT max(version) AS version FROM authorization_issued a WHERE a.request_id = p.request_id) a ON true
  LEFT JOIN LATERAL (SELECT canceled FROM authorization_change c
    WHERE c.request_id = p.request_id AND c.version = a.version ORDER BY c.id DESC LIMIT 1) x ON true
 ORDER BY CASE WHEN $8 = 'due' THEN p.due_on END, p.receipt_number DESC NULLS LAST, p.request_id;

-- name: cases_in_hand
-- What an adviser holds now, in the order of the numbers; never their own request (A31).
SELECT c.request_id, c.receipt_number, c.state, c.due_on, c.completion ->> 'reference' AS reference,
       c.completion -> 'recipient' ->> 'name' AS student, c.completion -> 'form' ->> 'employer' AS employer,
       coalesce(k.outcome, 'pending') AS enrollment
  FROM case_file c LEFT JOIN enrollment_check k USING (request_id)
 WHERE c.holder ->> 'sub' = $1 AND c.state IN ('assigned', 'approved') AND c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $1
 ORDER BY c.receipt_number;

-- name: open_case
-- A completion makes or renews the case; what an earlier round decided is gone.
INSERT INTO case_file AS c (request_id, state, round, receipt_number, completion, facts_version, named_check, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (request_id) DO UPDATE
   SET earlier = CASE WHEN c.round < excluded.round THEN c.completion ELSE c.earlier END,
       state = excluded.state, round = excluded.round, receipt_number = excluded.receipt_number,
       completion = excluded.completion, facts_version = excluded.facts_version, named_check = excluded.named_check,
       due_on = excluded.due_on, holder = NULL, assigned_at = NULL, assignment_id = NULL, unverified = false,
       approval = NULL, issuance_id = NULL, issuance_asked_at = NULL, document = NULL, version = c.version + 1
RETURNING version;

-- name: withdraw_unseen_case
-- A withdrawal of a request that never completed here (P8).
INSERT INTO case_file (request_id, state, round, receipt_number) VALUES ($1, 'withdrawn', $2, $3)
ON CONFLICT DO NOTHING;

-- name: set_case_state
-- The state alone.
UPDATE case_file SET state = $2, version = version + 1 WHERE request_id = $1 RETURNING version;

-- name: release_case
-- The state changes and nobody holds the case any more; the holder's token dies with it (P2).
UPDATE case_file SET state = $2, holder = NULL, assigned_at = NULL, assignment_id = NULL, unverified = false,
       approval = NULL, issuance_id = NULL, issuance_asked_at = NULL, document = NULL, version = version + 1
 WHERE request_id = $1 RETURNING version;

-- name: assign_case
-- To the adviser who asked.
UPDATE case_file SET state = 'assigned', holder = $2, assigned_at = $3, unverified = $4, version = version + 1
 WHERE request_id = $1 RETURNING version;

-- name: name_assignment
-- The event that asks for the check.
UPDATE case_file SET assignment_id = $2 WHERE request_id = $1;

-- name: change_holder
-- A director hands the case to another adviser.
UPDATE case_file SET holder = $2, version = version + 1 WHERE request_id = $1 RETURNING version;

-- name: approve_case
-- The decision and what it rests on.
UPDATE case_file SET state = 'approved', approval = $2, version = version + 1 WHERE request_id = $1 RETURNING version;

-- name: keep_document
-- The I-20 as entered, before the fresh check has answered.
UPDATE case_file SET document = $2, version = version + 1 WHERE request_id = $1 RETURNING version;

-- name: name_issuance
-- The event that asks for the check.
UPDATE case_file SET issuance_id = $2, issuance_asked_at = $3 WHERE request_id = $1;

-- name: issue_case
-- Issued; the question is answered and used up.
UPDATE case_file SET state = 'issued', issuance_id = NULL, issuance_asked_at = NULL, document = NULL, version = version + 1
 WHERE request_id = $1 RETURNING version;

-- name: add_authorization
-- What was issued, once per version, and the strings typed into SEVIS.
INSERT INTO authorization_issued (request_id, version, issued, document_sha256, sevis) VALUES ($1, $2, $3, $4, $5);

-- name: latest_authorization
-- What stands now.
SELECT version, issued, document_sha256, sevis, c.canceled, c.until,
       (SELECT courses FROM course_confirmation x
         WHERE x.request_id = a.request_id AND x.version = a.version ORDER BY x.id DESC LIMIT 1) AS confirmed
  FROM authorization_issued a
  LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change c
    WHERE c.request_id = a.request_id AND c.version = a.version ORDER BY c.id DESC LIMIT 1) c ON true
 WHERE request_id = $1 ORDER BY version DESC LIMIT 1;

-- name: authorizations_of_student
-- What stands now for each other request of the student (X5-X7).
SELECT DISTINCT ON (a.request_id) a.request_id, version, issued, document_sha256, sevis, c.canceled, c.until,
       (SELECT courses FROM course_confirmation x
         WHERE x.request_id = a.request_id AND x.version = a.version ORDER BY x.id DESC LIMIT 1) AS confirmed
  FROM authorization_issued a
  LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change c
    WHERE c.request_id = a.request_id AND c.version = a.version ORDER BY c.id DESC LIMIT 1) c ON true
 WHERE a.issued -> 'facts' ->> 'emplid' = $1 AND a.request_id <> $2
 ORDER BY a.request_id, version DESC;

-- name: other_requests_of
-- What else the student asks for, or was given (A30).
SELECT completion, state, receipt_number FROM case_file
 WHERE completion -> 'facts' ->> 'emplid' = $1 AND request_id <> $2
   AND state IN ('pending', 'waiting', 'assigned', 'approved', 'issued') ORDER BY receipt_number;

-- name: authorizations_to_come
-- What stands now of every request, where the day is not over that was issued as the last (case 26).
SELECT * FROM (
  SELECT DISTINCT ON (a.request_id) a.request_id, version, issued, document_sha256, sevis, c.canceled, c.until,
       (SELECT courses FROM course_confirmation x
         WHERE x.request_id = a.request_id AND x.version = a.version ORDER BY x.id DESC LIMIT 1) AS confirmed
    FROM authorization_issued a
    LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change c
      WHERE c.request_id = a.request_id AND c.version = a.version ORDER BY c.id DESC LIMIT 1) c ON true
   ORDER BY a.request_id, version DESC) standing
 WHERE (issued -> 'segments' -> -1 ->> 'end_date')::date >= $1;

-- name: add_authorization_change
-- Canceled, or a new end; what was issued stays.
INSERT INTO authorization_change (request_id, version, canceled, until, reason, cause, changed_by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: authorization_changes_of
-- For the case file.
SELECT version, canceled, until, reason, cause, changed_by, at FROM authorization_change WHERE request_id = $1 ORDER BY id;

-- name: add_course_confirmation
-- Which courses an authorization rests on from now; what was issued stays.
INSERT INTO course_confirmation (request_id, version, courses, previous, comment, loss_id, confirmed_by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: course_confirmations_of
-- For the case file.
SELECT version, courses, previous, comment, loss_id, confirmed_by, at FROM course_confirmation WHERE request_id = $1 ORDER BY id;

-- name: assume_courses
-- What is supposed as long as nobody named them.
UPDATE case_file SET assumed_courses = $2 WHERE request_id = $1;

-- name: set_blind_for
-- Something about the student could not be read (P29); before: what of this source was known to be unread.
WITH before AS (SELECT unread FROM student_blind WHERE request_id = $1 AND source = $5)
INSERT INTO student_blind AS b (request_id, emplid, since, unread, source) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (request_id, source) DO UPDATE SET since = least(b.since, excluded.since), unread = excluded.unread
RETURNING (SELECT unread FROM before) AS before;

-- name: set_seeing_for
-- Everything of this source about the student can be read again.
DELETE FROM student_blind WHERE request_id = $1 AND source = $2 RETURNING request_id;

-- name: blind_for
-- What cannot be read about the student of this request.
SELECT source, since, unread FROM student_blind WHERE request_id = $1 ORDER BY source DESC;

-- name: alerts_in_short
-- For the case: every alert that names it, open ones first.
SELECT alert_id, state, severity, CASE WHEN kind = 'notice' THEN 'replaced' ELSE coalesce(loss ->> 'kind', 'enrollment') END AS kind
  FROM alert WHERE request_ids @> ARRAY[$1::text] ORDER BY state = 'closed', alert_id;

-- name: agreement_of
-- What was told last about the agreement after issuance (P23).
SELECT about -> 'agreement' FROM task WHERE request_id = $1 AND about ? 'agreement' ORDER BY id DESC LIMIT 1;

-- name: blind_students
-- For the board: each student once for each source.
SELECT b.emplid, b.source, min(b.since) AS since, min(c.completion -> 'recipient' ->> 'name') AS name,
       array_agg(b.request_id ORDER BY b.request_id) AS request_ids,
       string_agg(DISTINCT array_to_string(b.unread, ', '), ', ') AS unread
  FROM student_blind b LEFT JOIN case_file c USING (request_id) GROUP BY b.emplid, b.source ORDER BY since;

-- name: put_i20_file
-- Once for each version; the same file again changes nothing.
INSERT INTO i20_file (request_id, version, file, added_by, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING version;

-- name: i20_file_of
-- Of the version that stands.
SELECT file, added_at, fetched_at, reminded_at FROM i20_file WHERE request_id = $1 AND version = $2;

-- name: i20_files_of
-- For the case file.
SELECT version, file, added_by, added_at, fetched_at, reminded_at FROM i20_file WHERE request_id = $1 ORDER BY version;

-- name: fetch_i20_file
-- The first download is the receipt.
UPDATE i20_file SET fetched_at = coalesce(fetched_at, $3) WHERE request_id = $1 AND version = $2 RETURNING version;

-- name: lock_unfetched
-- Nobody has fetched them for so long, and the student was not reminded; superseded ones are nobody's to fetch. Whoever is
-- to talk to the office before working again is not told how work begins until that is over.
SELECT f.request_id, f.version, f.file, f.added_at FROM i20_file f
 WHERE f.fetched_at IS NULL AND f.reminded_at IS NULL AND f.added_at <= $1
   AND NOT EXISTS (SELECT FROM authorization_issued a WHERE a.request_id = f.request_id AND a.version > f.version)
   AND NOT EXISTS (SELECT FROM alert l WHERE l.request_ids @> ARRAY[f.request_id] AND l.state <> 'closed' AND l.severity IN ('CRITICAL', 'HIGH'))
 ORDER BY f.added_at LIMIT 50 FOR UPDATE SKIP LOCKED;

-- name: mark_reminded
-- Once.
UPDATE i20_file SET reminded_at = $3 WHERE request_id = $1 AND version = $2;

-- name: remind_of_end
-- Authorizations whose last day is from $1 to $2, of I-20s not newer than $3: each once, none that a later I-20 changed, and
-- none of a student who is to talk to the office first (as in lock_unfetched). At most fifty; those that were not before.
WITH standing AS (
  SELECT DISTINCT ON (a.request_id) a.request_id, a.version, (a.issued ->> 'issued_at')::timestamptz AS issued_at,
         c.canceled, coalesce(c.until, (a.issued -> 'segments' -> -1 ->> 'end_date')::date) AS last_day
    FROM authorization_issued a
    LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change c
      WHERE c.request_id = a.request_id AND c.version = a.version ORDER BY c.id DESC LIMIT 1) c ON true
   ORDER BY a.request_id, a.version DESC)
INSERT INTO ending_reminder (request_id, version, at)
SELECT request_id, version, $4 FROM standing s
 WHERE canceled IS NOT TRUE AND last_day BETWEEN $1 AND $2 AND issued_at <= $3
   AND NOT EXISTS (SELECT FROM ending_reminder r WHERE (r.request_id, r.version) = (s.request_id, s.version))
   AND request_id NOT IN (SELECT completion -> 'changes' ->> 'request_id' FROM case_file
     WHERE state = 'issued' AND completion -> 'changes' ->> 'request_id' IS NOT NULL)
   AND NOT EXISTS (SELECT FROM alert l WHERE l.request_ids @> ARRAY[s.request_id] AND l.state <> 'closed' AND l.severity IN ('CRITICAL', 'HIGH'))
 ORDER BY last_day LIMIT 50
ON CONFLICT DO NOTHING RETURNING request_id;

-- name: touch_case
-- Something beside its state changed.
UPDATE case_file SET version = version + 1 WHERE request_id = $1 RETURNING version;

-- name: add_decision
-- What a person decided, and what it rested on.
INSERT INTO decision (request_id, at, actor, decision, rule_version, calendar_version, inputs) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: decisions_of
-- For the case file.
SELECT at, actor, decision, rule_version, calendar_version, inputs FROM decision WHERE request_id = $1 ORDER BY id;

-- name: keep_answer
-- Every answer, in any order of arrival.
INSERT INTO check_history (request_id, check_no, answer) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: answers_of
-- Every evaluation, for the case file.
SELECT check_no, answer FROM check_history WHERE request_id = $1 ORDER BY check_no;

-- name: add_note
-- For staff alone (A20).
INSERT INTO note (request_id, at, author, text) VALUES ($1, $2, $3, $4);

-- name: add_message
-- What the office wrote to the student.
INSERT INTO message (request_id, at, author, text) VALUES ($1, $2, $3, $4);

-- name: add_answer
-- What the student wrote back, while there is a case to keep it with.
INSERT INTO message (request_id, at, author, text)
SELECT request_id, $2, jsonb_build_object('sub', 'student'), $3 FROM case_file WHERE request_id = $1 RETURNING id;

-- name: add_acknowledgement
-- The student has read a warning.
INSERT INTO acknowledgement (request_id, code, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: place_hold
-- Retention passes over the case (case 70).
INSERT INTO legal_hold (request_id, reason, placed_by, placed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING request_id;

-- name: lift_hold
-- Retention counts again.
DELETE FROM legal_hold WHERE request_id = $1 RETURNING request_id;

-- name: beside_case
-- Notes, messages, warnings that were read, and a legal hold, each oldest first.
SELECT 'note' AS kind, id, at, author ->> 'sub' AS who, text FROM note WHERE request_id = $1
UNION ALL SELECT 'message', id, at, author ->> 'sub', text FROM message WHERE request_id = $1
UNION ALL SELECT 'acknowledgement', 0, at, 'student', code FROM acknowledgement WHERE request_id = $1
UNION ALL SELECT 'hold', 0, placed_at, placed_by, reason FROM legal_hold WHERE request_id = $1
 ORDER BY at, id;

-- name: move_due_date
-- A closure moved an open due date (case 41).
UPDATE case_file SET due_on = $3, version = version + 1 WHERE request_id = $1 AND round = $2;

-- name: store_check
-- The latest answer by check number (P1).
INSERT INTO enrollment_check AS k (request_id, check_no, facts_version, calendar_version, outcome, asked_by, answer, checked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (request_id) DO UPDATE
   SET check_no = excluded.check_no, facts_version = excluded.facts_version, calendar_version = excluded.calendar_version,
       outcome = excluded.outcome, asked_by = excluded.asked_by, answer = excluded.answer, checked_at = excluded.checked_at
 WHERE k.check_no < excluded.check_no
RETURNING check_no;

-- name: find_check
-- The latest answer.
SELECT request_id, check_no, facts_version, calendar_version, outcome, asked_by, answer, checked_at
  FROM enrollment_check WHERE request_id = $1;

-- name: store_calendar
-- A revised calendar; the old ones are kept.
INSERT INTO academic_calendar (version, form) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: latest_calendar
-- The calendar in force.
SELECT form FROM academic_calendar ORDER BY version DESC LIMIT 1;

-- name: find_next_key
-- Whether this adviser asked with this key before (P13).
SELECT request_id FROM next_case_key WHERE adviser = $1 AND key = $2;

-- name: store_next_key
-- What the key was answered with.
INSERT INTO next_case_key (adviser, key, request_id, at) VALUES ($1, $2, $3, $4);

-- name: request_of_subject
-- The request that a notice about an alert is about.
SELECT request_ids[1] FROM alert WHERE alert_id = $1;

-- name: own_requests
-- The cases that are about this very person (A31).
SELECT request_id FROM case_file WHERE completion -> 'facts' ->> 'emplid' = $1;

-- name: is_own
-- Whether the case, the alert, the task, or a record of the SEVIS batch is about this very person (A31).
SELECT EXISTS (SELECT FROM case_file WHERE completion -> 'facts' ->> 'emplid' = $5 AND (request_id = $1
            OR request_id = (SELECT request_id FROM task WHERE id::text = $3)))
    OR EXISTS (SELECT FROM request_summary WHERE request_id = $1 AND emplid = $5)
    OR EXISTS (SELECT FROM alert WHERE alert_id = $2 AND loss ->> 'emplid' = $5)
    OR EXISTS (SELECT FROM sevis_record WHERE batch_id = $4 AND emplid = $5);

-- name: write_audit
-- Who did what.
INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5);

-- name: write_audits
-- The same act on several subjects.
INSERT INTO audit (at, actor, action, subject, detail) SELECT $1, $2, $3, subject, $5 FROM unnest($4::text[]) AS subject;

-- name: case_history
-- What happened to a case.
SELECT at, actor, action, detail FROM audit WHERE subject = $1 AND action NOT IN ('case_read', 'document_read') ORDER BY id;

-- name: authorizations_of
-- Every issued version of a request, with the strings typed into SEVIS.
SELECT version, issued, document_sha256, sevis FROM authorization_issued WHERE request_id = $1 ORDER BY version;

-- name: sevis_records_of
-- What was sent to SEVIS in batches, what it answered verbatim, and the papers that came back by name and hash.
SELECT r.record_id, r.batch_id, b.org_id, b.sha256 AS file_sha256, b.drawn_up_by, b.drawn_up_at, b.uploaded_at, r.kind, r.state,
       r.user_id, r.strm, r.start_date, r.end_date, r.full_part, r.employer, r.course_relevance, r.remarks, r.address, r.code,
       r.message, r.answered_at, (SELECT jsonb_agg(jsonb_build_object('name', p.name, 'sha256', p.sha256) ORDER BY p.number)
                                    FROM sevis_paper p WHERE p.record_id = r.record_id) AS papers
  FROM sevis_record r JOIN sevis_batch b USING (batch_id) WHERE r.request_id = $1 ORDER BY b.drawn_up_at, r.place;

-- name: alerts_of
-- Every alert that names the request.
SELECT alert_id, loss_id, kind, state, severity, loss, effective_on, report_by, raised_at, confirmed_at, acknowledged_at,
       acknowledged_by, closed_at, closed_by, outcome, outcome_on, closed_reason, notes
  FROM alert WHERE $1 = ANY (request_ids) ORDER BY alert_id;

-- name: line_log_of
-- What its numbers went through.
SELECT entry, receipt_number, round, from_state, to_state, cause, actor, unverified, at FROM line_log WHERE request_id = $1 ORDER BY entry;

-- name: audit_of
-- Who did what, and who read it.
SELECT id, at, actor, action, detail FROM audit WHERE subject = $1 ORDER BY id;

-- name: list_holders
-- Every adviser who has held a case or has signed in, with those held now in the order of their numbers; one look into the
-- index for each.
WITH RECURSIVE adviser (sub) AS (
  (SELECT holder ->> 'sub' FROM case_file WHERE holder IS NOT NULL ORDER BY holder ->> 'sub' LIMIT 1)
  UNION ALL SELECT (SELECT c.holder ->> 'sub' FROM case_file c
    WHERE c.holder IS NOT NULL AND c.holder ->> 'sub' > a.sub ORDER BY c.holder ->> 'sub' LIMIT 1)
  FROM adviser a WHERE a.sub IS NOT NULL),
known AS (SELECT sub FROM adviser WHERE sub IS NOT NULL UNION SELECT sub FROM colleague WHERE is_dso)
SELECT k.sub, coalesce(o.name, p.name) AS name, coalesce(o.email, p.email, l.email) AS email, ARRAY(SELECT c.request_id FROM case_file c
         WHERE c.holder ->> 'sub' = k.sub AND c.state IN ('assigned', 'approved') ORDER BY c.receipt_number) AS request_ids
  FROM known k LEFT JOIN colleague o USING (sub)
  LEFT JOIN LATERAL (SELECT c.holder ->> 'name' AS name, c.holder ->> 'email' AS email FROM case_file c
    WHERE c.holder IS NOT NULL AND c.holder ->> 'sub' = k.sub AND c.holder ->> 'name' IS NOT NULL
    ORDER BY c.receipt_number DESC LIMIT 1) p ON o.name IS NULL
  LEFT JOIN LATERAL (SELECT c.holder ->> 'email' AS email FROM case_file c
    WHERE c.holder IS NOT NULL AND c.holder ->> 'sub' = k.sub ORDER BY c.receipt_number DESC LIMIT 1) l ON true
 ORDER BY 2, k.sub;

-- name: cases_past_retention
-- Counted from the end of study, of the authorization and of the last event; reading a file is none. No hold, no open alert.
SELECT c.request_id, counted.counted_from
  FROM case_file c LEFT JOIN enrollment_check k USING (request_id)
 CROSS JOIN LATERAL (SELECT greatest(
         (SELECT max(a.at AT TIME ZONE 'America/New_York')::date FROM audit a
           WHERE a.subject = c.request_id AND a.action NOT IN ('case_read', 'document_read', 'case_exported')),
         (k.answer -> 'student' ->> 'program_end_date')::date,
         (k.answer -> 'student' ->> 'degree_completed_on')::date,
         (SELECT max((i.issued -> 'segments' -> -1 ->> 'end_date')::date) FROM authorization_issued i
           WHERE i.request_id = c.request_id),
         (c.completion ->> 'received_at')::timestamptz::date) AS counted_from) AS counted
 WHERE c.state IN ('issued', 'denied', 'withdrawn', 'returned')
   AND counted.counted_from + make_interval(years => $2) < $1::date
   AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.request_id = c.request_id)
   AND NOT EXISTS (SELECT FROM alert a WHERE c.request_id = ANY (a.request_ids) AND a.state <> 'closed')
 ORDER BY c.request_id LIMIT 100 FOR UPDATE OF c SKIP LOCKED;

-- name: purge_case
-- The case and all that belongs to it alone.
WITH gone AS (
  SELECT alert_id FROM alert WHERE $1 = ANY (request_ids)
     AND NOT EXISTS (SELECT FROM case_file c WHERE c.request_id = ANY (request_ids) AND c.request_id <> $1)
), batches AS (SELECT DISTINCT batch_id FROM sevis_record WHERE request_id = $1
), papers AS (DELETE FROM sevis_paper p USING batches WHERE p.batch_id = batches.batch_id AND (p.record_id IS NULL
     OR p.record_id IN (SELECT record_id FROM sevis_record WHERE request_id = $1))
), logs AS (UPDATE sevis_answer a SET log = '' FROM batches WHERE a.batch_id = batches.batch_id
), files AS (UPDATE sevis_batch b SET content = '' FROM batches WHERE b.batch_id = batches.batch_id
), sent AS (DELETE FROM sevis_record WHERE request_id = $1
), steps AS (DELETE FROM alert_step USING gone WHERE alert_step.alert_id = gone.alert_id
), delegates AS (DELETE FROM alert_delegate USING gone WHERE alert_delegate.alert_id = gone.alert_id
), alerts AS (DELETE FROM alert USING gone WHERE alert.alert_id = gone.alert_id
), notes AS (DELETE FROM note WHERE request_id = $1
), messages AS (DELETE FROM message WHERE request_id = $1
), tasks AS (DELETE FROM task WHERE request_id = $1
), read AS (DELETE FROM acknowledgement WHERE request_id = $1
), decisions AS (DELETE FROM decision WHERE request_id = $1
), consulted AS (DELETE FROM consultation WHERE request_id = $1
), changes AS (DELETE FROM authorization_change WHERE request_id = $1
), courses AS (DELETE FROM course_confirmation WHERE request_id = $1
), i20s AS (DELETE FROM i20_file WHERE request_id = $1
), reminders AS (DELETE FROM ending_reminder WHERE request_id = $1
), blind AS (DELETE FROM student_blind WHERE request_id = $1
), issued AS (DELETE FROM authorization_issued WHERE request_id = $1
), answers AS (DELETE FROM check_history WHERE request_id = $1
), summaries AS (DELETE FROM request_summary WHERE request_id = $1
), mails AS (DELETE FROM notice WHERE subject_id = $1 OR subject_id IN (SELECT alert_id FROM gone)
), latest AS (DELETE FROM enrollment_check WHERE request_id = $1
), keys AS (DELETE FROM next_case_key WHERE request_id = $1)
DELETE FROM case_file WHERE request_id = $1;
