-- The statements of the search.

-- name: put_summary
-- How a request stands now.
INSERT INTO request_summary AS s (request_id, reference, emplid, student_name, employer, receipt_number, status, missing, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (request_id) DO UPDATE
   SET reference = excluded.reference, emplid = excluded.emplid, student_name = excluded.student_name,
       employer = excluded.employer, receipt_number = coalesce(excluded.receipt_number, s.receipt_number),
       status = excluded.status, missing = excluded.missing, at = excluded.at;

-- name: find_requests
-- Best first: the very number, then whole words, then beginnings of words, of each at most a thousand; then the newest.
-- Never the reader's own (A31).
WITH asked AS (
  SELECT string_agg(quote_literal(word), ' & ')::tsquery AS whole, string_agg(quote_literal(word) || ':*', ' & ')::tsquery AS begun
    FROM unnest(tsvector_to_array(search_words($1))) AS word),
hit AS (
  SELECT request_id, 0 AS rank FROM request_summary WHERE emplid = $2
  UNION ALL SELECT request_id, 0 FROM request_summary WHERE receipt_number = $3
  UNION ALL (SELECT request_id, 1 FROM request_summary WHERE words @@ (SELECT whole FROM asked) LIMIT 1000)
  UNION ALL (SELECT request_id, 2 FROM request_summary WHERE words @@ (SELECT begun FROM asked) LIMIT 1000)),
best AS (SELECT request_id, min(rank) AS rank FROM hit GROUP BY request_id)
SELECT s.request_id, s.reference, s.emplid, s.student_name, s.employer, s.receipt_number, s.at, b.rank,
       c.completion IS NOT NULL AS is_case, CASE WHEN c.completion IS NULL THEN coalesce(c.state, s.status) ELSE c.state END AS state
  FROM best b JOIN request_summary s USING (request_id) LEFT JOIN case_file c USING (request_id)
 WHERE s.emplid <> $4
 ORDER BY b.rank, s.at DESC, s.request_id LIMIT $5;

-- name: find_alerts_about
-- Alerts that name any of these requests, open ones first; an adviser sees those that are theirs to see.
SELECT a.alert_id, a.request_ids, a.state, a.severity, a.raised_at AS at, a.loss ->> 'emplid' AS emplid,
       a.loss ->> 'student_name' AS student_name, a.loss ->> 'course' AS course
  FROM alerts_shown_to($4, $2) a
 WHERE a.request_ids && $1::text[]
 ORDER BY a.state = 'closed', a.raised_at DESC, a.alert_id LIMIT $3;

-- name: find_summary
-- One request, complete or not.
SELECT s.*, c.completion IS NOT NULL AS is_case, coalesce(c.state, s.status) AS state
  FROM request_summary s LEFT JOIN case_file c USING (request_id) WHERE s.request_id = $1;

-- name: requests_of_student
-- All of them, the newest first, with what SPIRE last said of the student.
SELECT s.request_id, s.reference, s.employer, s.receipt_number, s.missing, s.status, s.at, c.completion IS NOT NULL AS is_case,
       CASE WHEN c.completion IS NULL THEN coalesce(c.state, s.status) ELSE c.state END AS state, c.due_on,
       c.holder, k.answer -> 'student' AS profile, k.checked_at
  FROM request_summary s LEFT JOIN case_file c USING (request_id) LEFT JOIN enrollment_check k USING (request_id)
 WHERE s.emplid = $1 ORDER BY s.at DESC, s.request_id LIMIT 200;

-- name: requests_beside
-- The student's other requests, in short, the newest first.
SELECT s.request_id, s.reference, s.employer, s.at, c.completion IS NOT NULL AS is_case,
       CASE WHEN c.completion IS NULL THEN coalesce(c.state, s.status) ELSE c.state END AS state,
       (c.completion -> 'facts' ->> 'start_date')::date AS start_date, (c.completion -> 'facts' ->> 'end_date')::date AS end_date
  FROM request_summary s LEFT JOIN case_file c USING (request_id)
 WHERE s.emplid = (SELECT emplid FROM request_summary WHERE request_id = $1) AND s.request_id <> $1
 ORDER BY s.at DESC, s.request_id LIMIT 20;

-- name: authorizations_of_requests
-- Every version of each, the newest first, with what became of it.
SELECT a.request_id, a.version, a.issued, c.canceled, c.until
  FROM authorization_issued a
  LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change x
    WHERE x.request_id = a.request_id AND x.version = a.version ORDER BY x.id DESC LIMIT 1) c ON true
 WHERE a.request_id = ANY ($1::text[]) ORDER BY a.issued ->> 'issued_at' DESC, a.version DESC;

-- name: tasks_of_requests
-- Open ones first.
SELECT t.request_id, t.code, t.detail, t.raised_at, t.done_at,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) AS due_on
  FROM task t WHERE t.request_id = ANY ($1::text[]) ORDER BY t.done_at IS NOT NULL, due_on, t.id LIMIT 200;

-- name: notices_about
-- What left by mail about any of these requests and alerts, the newest first.
SELECT subject_id, kind, sent, at FROM notice WHERE subject_id = ANY ($1::text[]) ORDER BY at DESC, notice_id LIMIT 200;

-- name: keep_notice
-- Once; told again it is the same.
INSERT INTO notice (notice_id, subject_id, kind, sent, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: purge_unfinished
-- Requests that were never completed, and mails about nothing that is kept any more.
WITH old AS (
  DELETE FROM request_summary s WHERE s.status <> 'complete' AND s.at + make_interval(years => $2) < $1::timestamptz
     AND NOT EXISTS (SELECT FROM case_file c WHERE c.request_id = s.request_id) RETURNING s.request_id),
mails AS (DELETE FROM notice WHERE subject_id IN (SELECT request_id FROM old))
SELECT count(*) FROM old;
