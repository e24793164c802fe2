-- The statements of the SEVIS batches.

-- name: user_ids
-- The SEVIS user IDs of these advisers.
SELECT adviser, user_id FROM sevis_user WHERE adviser = ANY ($1);

-- name: set_user_id
-- Each adviser's own; the last one counts.
INSERT INTO sevis_user (adviser, user_id, set_by, set_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (adviser) DO UPDATE SET user_id = excluded.user_id, set_by = excluded.set_by, set_at = excluded.set_at;

-- name: cases_to_add
-- Approved cases of one adviser, or of all: what may become an Add; never the reader's own (A31).
SELECT * FROM case_file WHERE state = 'approved' AND ($1::text IS NULL OR holder ->> 'sub' = $1)
   AND completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $2
 ORDER BY receipt_number LIMIT 500;

-- name: cases_to_cancel
-- What SEVIS holds, or may hold, and has not begun: issued here, or loaded for a case that went another way since; never
-- the reader's own (A31).
SELECT c.* FROM case_file c
 WHERE c.completion IS NOT NULL AND ($1::text IS NULL OR c.holder IS NULL OR c.holder ->> 'sub' = $1)
   AND c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $3
   AND (c.state = 'issued' AND EXISTS (
          SELECT FROM authorization_issued a WHERE a.request_id = c.request_id
             AND (a.issued -> 'segments' -> 0 ->> 'start_date')::date > $2::date
             AND NOT EXISTS (SELECT FROM authorization_change h WHERE h.request_id = a.request_id AND h.version = a.version AND h.canceled))
        OR c.state NOT IN ('approved', 'issued') AND EXISTS (
          SELECT FROM sevis_record r WHERE r.request_id = c.request_id AND r.kind = 'add' AND r.state = 'succeeded'))
 ORDER BY c.receipt_number LIMIT 500;

-- name: records_of_cases
-- Everything that was ever sent for these cases, oldest first.
SELECT r.* FROM sevis_record r JOIN sevis_batch b USING (batch_id) WHERE r.request_id = ANY ($1) ORDER BY b.drawn_up_at, r.place;

-- name: open_of_students
-- What waits for an answer, by student.
SELECT emplid, request_id, kind, start_date, end_date FROM sevis_record
 WHERE emplid = ANY ($1) AND state IN ('in_batch', 'uploaded', 'unknown');

-- name: add_batch
-- The file as it was validated.
INSERT INTO sevis_batch (batch_id, org_id, schema_version, state, content, sha256, drawn_up_by, drawn_up_at)
VALUES ($1, $2, $3, 'drawn_up', $4, $5, $6, $7);

-- name: add_record
-- One element of the file.
INSERT INTO sevis_record (record_id, batch_id, place, request_id, kind, state, emplid, sevis_id, user_id, strm, start_date,
                          end_date, full_part, employer, course_relevance, remarks, address)
VALUES ($1, $2, $3, $4, $5, 'in_batch', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: list_batches
-- The newest first, with how their records stand.
SELECT b.batch_id, b.org_id, b.schema_version, b.state, b.result_code, b.drawn_up_by, b.drawn_up_at, b.downloaded_at,
       b.uploaded_at, b.answered_at, r.counts
  FROM sevis_batch b
 CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(state, records), '{}') AS counts FROM (
   SELECT state, count(*) AS records FROM sevis_record s WHERE s.batch_id = b.batch_id GROUP BY state) AS by_state) AS r
 ORDER BY b.drawn_up_at DESC, b.batch_id LIMIT $1;

-- name: lock_batch
-- One batch, locked.
SELECT batch_id, org_id, schema_version, state, result_code, drawn_up_by, drawn_up_at, downloaded_at, uploaded_at, answered_at
  FROM sevis_batch WHERE batch_id = $1 FOR UPDATE;

-- name: find_batch
-- One batch.
SELECT batch_id, org_id, schema_version, state, sha256, result_code, drawn_up_by, drawn_up_at, downloaded_at, uploaded_at, answered_at
  FROM sevis_batch WHERE batch_id = $1;

-- name: file_of_batch
-- Its bytes.
SELECT content, state FROM sevis_batch WHERE batch_id = $1;

-- name: note_download
-- The first download counts.
UPDATE sevis_batch SET downloaded_at = coalesce(downloaded_at, $2) WHERE batch_id = $1;

-- name: records_of_batch
-- In the order of the file, with where each case stands now.
SELECT r.*, c.state AS case_state, c.completion ->> 'reference' AS reference, c.completion -> 'recipient' ->> 'name' AS student
  FROM sevis_record r JOIN case_file c USING (request_id) WHERE r.batch_id = $1 ORDER BY r.place;

-- name: move_batch
-- A new state, SEVIS's last word on it, and when it was first uploaded and answered.
UPDATE sevis_batch SET state = $2, result_code = coalesce($3, result_code),
       uploaded_at = CASE WHEN $2 IN ('uploaded', 'answered') THEN coalesce(uploaded_at, $4) ELSE uploaded_at END,
       answered_at = CASE WHEN $2 = 'answered' THEN coalesce(answered_at, $4) ELSE answered_at END
 WHERE batch_id = $1;

-- name: move_records
-- All records of an answer at once; what is settled keeps its first answer.
UPDATE sevis_record r
   SET state = a.state, code = a.code, message = a.message,
       answered_at = CASE WHEN a.state IN ('succeeded', 'failed') THEN $5::timestamptz END
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS a (record_id, state, code, message)
 WHERE r.record_id = a.record_id AND r.state NOT IN ('succeeded', 'failed', 'discarded')
   AND (r.state, r.code) IS DISTINCT FROM (a.state, a.code)
RETURNING r.record_id, r.request_id, r.kind, r.state, r.code, r.message, r.start_date, r.end_date;

-- name: discard_records
-- Of a batch that was never uploaded.
UPDATE sevis_record SET state = 'discarded' WHERE batch_id = $1 AND state IN ('in_batch', 'uploaded', 'unknown') RETURNING request_id;

-- name: known_answer
-- Whether this very log was given back before.
SELECT EXISTS (SELECT FROM sevis_answer WHERE batch_id = $1 AND sha256 = $2 AND reading = $3);

-- name: add_answer
-- A log as it came.
INSERT INTO sevis_answer (batch_id, received_at, received_by, sha256, reading, result_code, faults, log)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: answers_of_batch
-- Every log that was given back, oldest first.
SELECT id, received_at, received_by, sha256, reading, result_code, faults FROM sevis_answer WHERE batch_id = $1 ORDER BY id;

-- name: add_paper
-- A PDF of the zip, once.
INSERT INTO sevis_paper (batch_id, number, record_id, name, sha256, content)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 FROM sevis_paper WHERE batch_id = $1
ON CONFLICT (batch_id, sha256) DO NOTHING;

-- name: papers_of_batch
-- Without their bytes.
SELECT number, record_id, name, sha256, length(content) AS size FROM sevis_paper WHERE batch_id = $1 ORDER BY number;

-- name: find_paper
-- One PDF with its bytes.
SELECT p.name, p.sha256, p.content, r.request_id FROM sevis_paper p LEFT JOIN sevis_record r USING (record_id)
 WHERE p.batch_id = $1 AND p.number = $2::bigint;

-- name: paper_of_case
-- The newest PDF that came back for an Add of the case.
SELECT p.batch_id, p.number, p.name, p.sha256 FROM sevis_paper p JOIN sevis_record r USING (record_id) JOIN sevis_batch b ON b.batch_id = r.batch_id
 WHERE r.request_id = $1 AND r.kind = 'add' AND r.state = 'succeeded' ORDER BY b.drawn_up_at DESC, p.number DESC LIMIT 1;
