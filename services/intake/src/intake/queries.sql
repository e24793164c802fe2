-- Intake's statements.

-- name: lock_students
-- Submissions and agreements of one student wait for each other, so that neither misses the other (case 46).
SELECT true FROM lock_row
 WHERE name IN (SELECT 'student-' || (hashtext(emplid) & 255) FROM unnest($1::text[]) emplid) ORDER BY name FOR UPDATE;

-- name: lock_concerned
-- The requests a batch speaks of, in one order for all batches.
SELECT request_id FROM request WHERE request_id = ANY ($1::text[]) OR emplid = ANY ($2::text[]) ORDER BY request_id FOR UPDATE;

-- name: lock_open
-- Every request that is still in work.
SELECT * FROM request WHERE phase IN ('incomplete', 'complete', 'not_required') ORDER BY request_id FOR UPDATE;

-- name: lock_request
-- One request, to change it.
SELECT * FROM request WHERE request_id = $1 FOR UPDATE;

-- name: find_request
-- One request, to read it.
SELECT * FROM request WHERE request_id = $1;

-- name: list_requests
-- Newest first; of one student, or all; those before, of newer ones, are passed by.
SELECT * FROM request WHERE emplid = $1 OR $1 IS NULL ORDER BY submitted_at DESC, request_id DESC LIMIT $2 OFFSET $3;

-- name: lock_requests_of
-- A student's requests.
SELECT * FROM request WHERE emplid = $1 ORDER BY request_id FOR UPDATE;

-- name: note_unread
-- Whether this message itself could not be read, and since when nothing of Handshake about the student can (P29).
INSERT INTO agreements_unread AS u (emplid, since)
SELECT $1, $2 WHERE EXISTS (
       SELECT FROM parked WHERE topic = 'campus.agreement' AND key = $1 AND state = 'parked'
          AND error_class <> 'Waiting' AND partition = $3 AND kafka_offset = $4::bigint)
ON CONFLICT (emplid) DO UPDATE SET since = least(u.since, excluded.since) RETURNING true;

-- name: unread_of
-- Why the messages of Handshake about the student could not be read, never the message.
SELECT left(reason, 200) AS reason FROM parked
 WHERE topic = 'campus.agreement' AND key = $1 AND state = 'parked' AND error_class <> 'Waiting' ORDER BY id LIMIT $2;

-- name: students_readable
-- Of whom nothing of Handshake is parked any more.
SELECT emplid FROM agreements_unread u
 WHERE NOT EXISTS (SELECT FROM parked_key p WHERE p.topic = 'campus.agreement' AND p.key = u.emplid) ORDER BY emplid LIMIT 100;

-- name: forget_unread
-- Everything about them can be read again.
DELETE FROM agreements_unread WHERE emplid = ANY ($1::text[]);

-- name: count_open_requests
-- How many requests a student has that nothing has ended.
SELECT count(*) FROM request WHERE emplid = $1 AND phase IN ('incomplete', 'complete', 'not_required');

-- name: count_uploads
-- How many files of a student were kept since a time, before or after sending.
SELECT (SELECT count(*) FROM document JOIN request USING (request_id) WHERE emplid = $1 AND document.received_at > $2)
     + (SELECT count(*) FROM draft_document WHERE emplid = $1 AND received_at > $2);

-- name: next_reference
-- The number in a reference such as CPT-2026-000123; it may have gaps.
SELECT nextval('reference_number');

-- name: insert_request
-- A new request.
INSERT INTO request (request_id, reference, emplid, submitted_at, student, application, phase, changes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: changers_of
-- The student's requests that ask, or asked, to change this one's authorization, oldest first.
SELECT request_id, reference, phase, phase = 'issued' AND coalesce((authorized ->> 'canceled')::boolean, false) IS FALSE AS stands
  FROM request WHERE emplid = $1 AND changes ->> 'request_id' = $2 ORDER BY submitted_at, request_id;

-- name: save_request
-- Everything that changes in a request's life, under its raised version.
UPDATE request
   SET student = $2, application = $3, phase = $4, shown = $5, round = $6, receipt_number = $7, last_number = $8,
       received_at = $9, due_on = $10, facts_version = $11, facts_told = $12, facts = $13, agreement = $14, named = $15,
       agreement_lost = $16, returns = $17, disputes = $18, letter = $19, enrollment = $20, missing = $21,
       authorized = $22, wish_at = $23, confirmed = $24, loss_told = $25, i20_file = $26, version = $27
 WHERE request_id = $1;

-- name: draw_numbers
-- Completes the requests in the order given, with the next numbers (P9): the last statement before the outbox.
WITH drawn AS (UPDATE line SET last = last + cardinality($1::text[]) RETURNING last - cardinality($1::text[]) AS before),
     numbered AS (SELECT request_id, before + place AS number
                    FROM drawn, unnest($1::text[]) WITH ORDINALITY AS ready (request_id, place)),
     completed AS (UPDATE request r
                      SET phase = 'complete', shown = '', round = r.round + 1, receipt_number = number,
                          last_number = number, received_at = $2, due_on = $3, named = r.agreement,
                          agreement_lost = false, loss_told = NULL, confirmed = '[]', version = r.version + 1
                     FROM numbered WHERE r.request_id = numbered.request_id RETURNING r.*),
     recorded AS (INSERT INTO receipt_number (number, request_id, round, drawn_at)
                  SELECT receipt_number, request_id, round, $2 FROM completed)
SELECT * FROM completed ORDER BY receipt_number;

-- name: raise_line
-- After a restore: above the highest number that was ever published (P39).
UPDATE line SET last = greatest(last, $1) RETURNING last;

-- name: known_requests
-- Which of those that were told of are still here.
SELECT request_id FROM request WHERE request_id = ANY ($1::text[]);

-- name: raise_request
-- After a restore: what happens next comes after everything that was told of the request.
UPDATE request SET round = greatest(round, $2), facts_version = greatest(facts_version, $3),
       facts_told = greatest(facts_told, $3), version = version + 1
 WHERE request_id = $1 AND (round < $2 OR facts_version < $3) RETURNING request_id;

-- name: place_in_line
-- Complete lower numbers that are not yet assigned, plus one (P15).
SELECT count(*) + 1 FROM request WHERE phase = 'complete' AND shown = '' AND receipt_number < $1;

-- name: add_document
-- The newest of its kind and term counts.
WITH older AS (UPDATE document SET current = false WHERE request_id = $1 AND kind = $2 AND strm IS NOT DISTINCT FROM $3 AND current)
INSERT INTO document (request_id, kind, strm, object_key, sha256, size, media_type, name, scan, text, received_at, current)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false) RETURNING document_id;

-- name: use_document
-- From now on this one counts.
UPDATE document SET current = true WHERE document_id = $1;

-- name: current_documents
-- What counts of a request's papers.
SELECT kind, strm, object_key, sha256, size, media_type, name, scan, received_at FROM document
 WHERE request_id = $1 AND current ORDER BY kind, strm;

-- name: letter_text
-- The lines of the offer letter that counts.
SELECT text FROM document WHERE request_id = $1 AND kind = 'offer_letter' AND current;

-- name: put_agreement
-- A lower or equal version changes nothing (P23).
INSERT INTO agreement (agreement_id, emplid, version, kind, status, employer, start_date, end_date)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (agreement_id) DO UPDATE
   SET emplid = excluded.emplid, version = excluded.version, kind = excluded.kind, status = excluded.status,
       employer = excluded.employer, start_date = excluded.start_date, end_date = excluded.end_date
 WHERE agreement.version < excluded.version
RETURNING agreement_id;

-- name: agreements_of
-- All that Handshake told of a student.
SELECT agreement_id, version, kind, status, employer, start_date, end_date FROM agreement WHERE emplid = $1;

-- name: claim_submission
-- The first with this key goes on; a second one waits for its commit and finds it.
INSERT INTO submission (emplid, key, body_sha256, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key;

-- name: find_submission
-- What was answered to this key.
SELECT body_sha256, answer FROM submission WHERE emplid = $1 AND key = $2;

-- name: answer_submission
-- The answer, kept for every repetition.
UPDATE submission SET request_id = $3, answer = $4 WHERE emplid = $1 AND key = $2;

-- name: calendar_in_force
-- The newest calendar; none until the first revision is told.
SELECT form FROM academic_calendar ORDER BY version DESC LIMIT 1;

-- name: put_calendar
-- Each version once.
INSERT INTO academic_calendar (version, form) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING version;

-- name: start_is_near
-- Requests in work whose first day comes near without an I-20, of which the student was not reminded yet.
SELECT r.* FROM request r
 WHERE r.phase IN ('incomplete', 'complete') AND r.wish_at IS NULL AND r.submitted_at <= $3
   AND r.facts ->> 'start_date' BETWEEN $1::date::text AND $2::date::text
   AND NOT EXISTS (SELECT FROM student_reminder s WHERE s.request_id = r.request_id AND s.what = 'start_near'
          AND s.day = (r.facts ->> 'start_date')::date)
 ORDER BY r.request_id LIMIT 50 FOR UPDATE OF r SKIP LOCKED;

-- name: term_is_near
-- Requests that lack the enrollment of a term, by the beginning of the item's code, of which the student was not reminded yet.
SELECT r.* FROM request r
 WHERE r.phase = 'incomplete' AND r.facts IS NOT NULL AND r.submitted_at <= $3
   AND EXISTS (SELECT FROM jsonb_array_elements(r.missing) item WHERE starts_with(item ->> 'code', $1))
   AND NOT EXISTS (SELECT FROM student_reminder s WHERE s.request_id = r.request_id AND s.what = 'term_near' AND s.day = $2)
 ORDER BY r.request_id LIMIT 50 FOR UPDATE OF r SKIP LOCKED;

-- name: mark_student_reminded
-- Once for each day.
INSERT INTO student_reminder (request_id, what, day, at) VALUES ($1, $2, $3, $4);

-- name: to_be_consulted
-- Open requests of these routes whose consulted person has an address and was not asked yet; at most three questions each.
SELECT r.* FROM request r
 WHERE r.phase IN ('incomplete', 'complete') AND r.application ->> 'route' = ANY ($1::text[])
   AND r.application -> 'adviser_consulted' ->> 'email' <> '' AND r.application -> 'adviser_consulted' ->> 'name' <> ''
   AND NOT EXISTS (SELECT FROM consultation c WHERE c.request_id = r.request_id
          AND c.email = lower(r.application -> 'adviser_consulted' ->> 'email')
          AND c.consulted_on IS NOT DISTINCT FROM (r.application -> 'adviser_consulted' ->> 'on')::date)
   AND (SELECT count(*) FROM consultation c WHERE c.request_id = r.request_id) < 3
 ORDER BY r.request_id LIMIT 20 FOR UPDATE OF r SKIP LOCKED;

-- name: add_consultation
-- Asked, or not: an address that may not be written to.
INSERT INTO consultation (consultation_id, request_id, name, email, consulted_on, state, asked_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: unanswered_consultations
-- Without an answer since then and not reminded, of requests that nothing has ended.
SELECT c.consultation_id, c.request_id, c.name, c.email, c.consulted_on, c.expires_at FROM consultation c JOIN request r USING (request_id)
 WHERE c.state = 'asked' AND c.reminded_at IS NULL AND c.asked_at <= $1 AND c.expires_at > $2
   AND r.phase IN ('incomplete', 'complete')
 ORDER BY c.asked_at LIMIT 20 FOR UPDATE SKIP LOCKED;

-- name: mark_consultation_reminded
-- Once.
UPDATE consultation SET reminded_at = $2 WHERE consultation_id = $1;

-- name: find_consultation
-- One question; it counts while it is the last about its request.
SELECT c.consultation_id, c.request_id, c.name, c.consulted_on, c.state, c.answered_at, c.asked_at = (
       SELECT max(asked_at) FROM consultation l WHERE l.request_id = c.request_id) AS counts
  FROM consultation c WHERE c.consultation_id = $1;

-- name: answer_consultation
-- The first answer counts.
UPDATE consultation SET state = $2, comment = $3, answered_at = $4 WHERE consultation_id = $1 AND state = 'asked' RETURNING request_id;

-- name: add_history
-- One line of what the student reads: code, facts and, for processes of the release before, the sentence.
INSERT INTO history (request_id, at, code, fields, what, by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: history_of
-- Oldest first.
SELECT at, code, fields, what, by FROM history WHERE request_id = $1 ORDER BY id;

-- name: write_audit
-- One act or change of state.
INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5);

-- name: find_draft
-- What a student has typed so far.
SELECT key, typed, at FROM draft WHERE emplid = $1;

-- name: save_draft
-- The answers of one step replace the earlier ones of the same names.
INSERT INTO draft AS d (emplid, key, typed, at) VALUES ($1, $2, $4, $5)
ON CONFLICT (emplid) DO UPDATE SET typed = (d.typed - $3::text[]) || excluded.typed, at = excluded.at
RETURNING key, typed, at;

-- name: drop_draft
-- Sent.
DELETE FROM draft WHERE emplid = $1 AND key = $2;

-- name: documents_to_draw
-- PDFs that count, after the last one that was seen.
SELECT object_key FROM document WHERE current AND media_type = 'application/pdf' AND object_key > $1 ORDER BY object_key LIMIT $2;

-- name: draft_documents
-- What came with a draft, and counts; with the lines of an offer letter.
SELECT kind, strm, object_key, sha256, size, media_type, name, scan, received_at, text FROM draft_document
 WHERE emplid = $1 AND key = $2 AND current ORDER BY received_at, kind, strm;

-- name: replace_draft_document
-- The newest of its kind and term counts; the object of the one before has to follow.
WITH older AS (UPDATE draft_document SET current = false
   WHERE emplid = $1 AND key = $2 AND kind = $3 AND strm IS NOT DISTINCT FROM $4 AND current RETURNING object_key)
INSERT INTO doomed_object (object_key, request_id, since) SELECT object_key, 'draft', $5 FROM older;

-- name: add_draft_document
-- From now on this one counts.
INSERT INTO draft_document (emplid, key, kind, strm, object_key, sha256, size, media_type, name, scan, text, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: take_draft_documents
-- They are the request's from now on.
DELETE FROM draft_document WHERE emplid = $1 AND key = $2 AND current;

-- name: forget_draft_documents
-- Of drafts that are gone; their objects have to follow.
WITH gone AS (DELETE FROM draft_document f WHERE received_at < $1::timestamptz - interval '1 day'
   AND (NOT current OR NOT EXISTS (SELECT FROM draft d WHERE d.emplid = f.emplid AND d.key = f.key)) RETURNING object_key, current)
INSERT INTO doomed_object (object_key, request_id, since) SELECT object_key, 'draft', $1 FROM gone WHERE current;

-- name: add_message
-- What the office wrote, for the student.
INSERT INTO message (request_id, at, text, by) VALUES ($1, $2, $3, $4);

-- name: messages_of
-- Oldest first.
SELECT at, text, by, own FROM message WHERE request_id = $1 ORDER BY id;

-- name: add_answer
-- What the student wrote back.
INSERT INTO message (request_id, at, text, by, own) VALUES ($1, $2, $3, $4, true);

-- name: answers_since
-- How many answers of one request came since then, the last of them, and whether there is anything to answer.
SELECT count(*) FILTER (WHERE own AND at > $2) AS answers, bool_or(NOT own) AS written,
       (array_agg(text ORDER BY id DESC) FILTER (WHERE own))[1] AS last
  FROM message WHERE request_id = $1;

-- name: add_warning
-- Asked once.
INSERT INTO warning (request_id, code, message, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: find_warning
-- One warning of a request.
SELECT message, read_at FROM warning WHERE request_id = $1 AND code = $2;

-- name: warnings_of
-- Oldest first.
SELECT code, message, asked_at, read_at FROM warning WHERE request_id = $1 ORDER BY asked_at, code;

-- name: read_warning
-- The student has read it.
UPDATE warning SET read_at = $3 WHERE request_id = $1 AND code = $2 AND read_at IS NULL;

-- name: add_report
-- No row comes back for what was reported before.
INSERT INTO student_report (request_id, what, on_day, words, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id;

-- name: place_hold
-- From now on retention passes over this request.
INSERT INTO legal_hold (request_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: lift_hold
-- Retention may delete it again.
DELETE FROM legal_hold WHERE request_id = $1;

-- name: is_held
-- Whether a legal hold stands, as of now.
SELECT EXISTS (SELECT FROM legal_hold WHERE request_id = $1);

-- name: requests_past_retention
-- Counted from the end of study, of the work and of the last event; none that is in line or in work, none on hold.
SELECT r.request_id, counted.counted_from
  FROM request r
 CROSS JOIN LATERAL (SELECT greatest(
         (r.submitted_at AT TIME ZONE 'America/New_York')::date,
         (SELECT max(a.at AT TIME ZONE 'America/New_York')::date FROM audit a WHERE a.subject = r.request_id),
         (r.student ->> 'study_ends')::date,
         (r.application ->> 'end_date')::date,
         (r.authorized ->> 'end_date')::date) AS counted_from) AS counted
 WHERE r.phase <> 'complete'
   AND counted.counted_from + make_interval(years => $2) < $1::date
   AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.request_id = r.request_id)
 ORDER BY r.request_id LIMIT 100 FOR UPDATE OF r SKIP LOCKED;

-- name: mark_for_deletion
-- The objects that have to follow their rows; how many.
WITH doomed AS (INSERT INTO doomed_object (object_key, request_id, since)
                SELECT object_key, request_id, $2 FROM document WHERE request_id = $1 RETURNING object_key)
SELECT count(*) FROM doomed;

-- name: purge_request
-- The request and all that belongs to it alone.
WITH documents AS (DELETE FROM document WHERE request_id = $1
), told AS (DELETE FROM history WHERE request_id = $1
), messages AS (DELETE FROM message WHERE request_id = $1
), warnings AS (DELETE FROM warning WHERE request_id = $1
), concerns AS (DELETE FROM concern WHERE request_id = $1
), consultations AS (DELETE FROM consultation WHERE request_id = $1
), reminders AS (DELETE FROM student_reminder WHERE request_id = $1
), reports AS (DELETE FROM student_report WHERE request_id = $1
), submissions AS (DELETE FROM submission WHERE request_id = $1)
DELETE FROM request WHERE request_id = $1;

-- name: forget_drafts
-- What was typed and never sent.
DELETE FROM draft WHERE at + make_interval(years => $2) < $1;

-- name: forget_agreements
-- What Handshake told of students of whom nothing else is left.
DELETE FROM agreement a WHERE end_date + make_interval(years => $2) < $1::date
   AND NOT EXISTS (SELECT FROM request r WHERE r.emplid = a.emplid);

-- name: doomed_objects
-- Objects whose rows are gone.
SELECT object_key, request_id FROM doomed_object ORDER BY since, object_key LIMIT 100;

-- name: forget_object
-- It is gone from the store.
DELETE FROM doomed_object WHERE object_key = $1 RETURNING object_key;

-- name: twins_of
-- The student's other requests for exactly these days that are in work or issued (A30); a change is no twin of what it changes.
SELECT reference, application ->> 'employer' AS employer FROM request
 WHERE emplid = $1 AND request_id <> $2 AND phase IN ('incomplete', 'complete', 'issued')
   AND application ->> 'start_date' = $3 AND application ->> 'end_date' = $4
   AND request_id IS DISTINCT FROM $5 AND changes ->> 'request_id' IS DISTINCT FROM $2 ORDER BY submitted_at, request_id LIMIT 20;

-- name: raise_concern
-- An alert about these requests stands, or the office asked for contact, later than it was closed; the first day counts.
INSERT INTO concern AS c (alert_id, request_id, since) SELECT $1, request_id, $3 FROM request WHERE request_id = ANY ($2::text[])
ON CONFLICT (request_id, alert_id) DO UPDATE SET closed_at = NULL WHERE c.closed_at < excluded.since;

-- name: close_concern
-- Closed, also before it was heard of.
INSERT INTO concern AS c (alert_id, request_id, since, closed_at) SELECT $1, request_id, $3, $3 FROM request WHERE request_id = ANY ($2::text[])
ON CONFLICT (request_id, alert_id) DO UPDATE SET closed_at = excluded.closed_at;

-- name: reopen_concern
-- Where the student had been asked for contact before it was closed.
UPDATE concern SET closed_at = NULL WHERE alert_id = $1 AND since < closed_at AND closed_at < $2;

-- name: is_concerned
-- Whether something about this request is still to be talked over.
SELECT EXISTS (SELECT FROM concern WHERE request_id = $1 AND closed_at IS NULL);

-- name: put_office_text
-- As the office wrote it; an older version changes nothing.
INSERT INTO office_text AS o (name, version, text) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, text = excluded.text WHERE o.version < excluded.version;

-- name: office_texts
-- Those of these names that are not the default.
SELECT name, text FROM office_text WHERE name = ANY ($1::text[]) AND text <> '';

-- name: waiting_requests
-- Those that wait for something, in the order of their ids, after the last one that was seen.
SELECT request_id FROM request WHERE phase IN ('incomplete', 'not_required') AND request_id > $1 ORDER BY request_id LIMIT $2;

-- name: is_own
-- Whether the request is this very person's (A31).
SELECT EXISTS (SELECT FROM request WHERE request_id = $1 AND emplid = $2);

-- name: note_experiences
-- Those that are new or differ from what was told last, with the version that they get: above any that is known.
INSERT INTO experience AS e (agreement_id, fingerprint, version)
SELECT told.agreement_id, told.fingerprint, coalesce(a.version, 0) + 1
  FROM unnest($1::text[], $2::bytea[]) AS told (agreement_id, fingerprint) LEFT JOIN agreement a USING (agreement_id)
 ORDER BY told.agreement_id
ON CONFLICT (agreement_id) DO UPDATE SET fingerprint = excluded.fingerprint, version = greatest(e.version + 1, excluded.version)
 WHERE e.fingerprint <> excluded.fingerprint
RETURNING agreement_id, version;

-- name: claim_handshake
-- The place, where it is due and nobody else works on it.
UPDATE handshake_place SET token = $1, lease_until = now() + interval '2 minutes'
 WHERE due_at <= $2 AND (token IS NULL OR lease_until < now()) RETURNING since, page;

-- name: move_handshake
-- In the transaction of what the page told.
UPDATE handshake_place SET since = $2, page = $3, due_at = $4, token = NULL, lease_until = NULL
 WHERE token = $1 RETURNING true;
