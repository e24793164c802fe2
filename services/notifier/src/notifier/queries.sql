-- The statements of notifier.

-- name: reserve_notice
-- Once for each event and recipient, once for each issued I-20 (case 61); no row comes back for a second time. An event
-- that names no request is about those of an earlier notice on the same subject.
INSERT INTO notice (id, kind, subject_id, event_source, event_id, authorization_version, recipient, copies,
                    message_id, message, reserved_at, due_at, state, last_answer, finished_at, traceparent, request_ids, emplid)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, CASE WHEN $12 = 'failed' THEN $11::timestamptz END, $14,
        coalesce($15, (SELECT b.request_ids FROM notice b WHERE b.subject_id = $3 AND b.request_ids IS NOT NULL LIMIT 1)), $16)
ON CONFLICT DO NOTHING
RETURNING version;

-- name: give_up_leases
-- A lease that ran out: nobody knows what the mail server did, and the record says so (P37).
UPDATE notice SET state = 'due', due_at = $1, version = version + 1, unknown_outcomes = unknown_outcomes + 1,
                  last_answer = $2, lease_token = NULL, lease_until = NULL
 WHERE state = 'sending' AND lease_until < now()
RETURNING id;

-- name: claim_notices
-- Due notices, oldest first, at most one for each subject and recipient: an earlier unfinished one goes first (P38).
UPDATE notice SET state = 'sending', version = version + 1, attempts = attempts + 1,
                  first_tried_at = coalesce(first_tried_at, $1), lease_token = gen_random_uuid(),
                  lease_until = now() + $2
 WHERE id IN (
   SELECT id FROM notice candidate
    WHERE state = 'due' AND due_at <= $1
      AND NOT EXISTS (SELECT FROM notice earlier
                       WHERE earlier.subject_id = candidate.subject_id AND earlier.recipient = candidate.recipient
                         AND earlier.state IN ('due', 'sending') AND earlier.seq < candidate.seq)
    ORDER BY due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, seq, kind, subject_id, event_id, recipient, copies, message_id, message, lease_token,
          attempts, unknown_outcomes, first_tried_at, reserved_at, traceparent;

-- name: record_outcome
-- The result of an attempt, only by the holder of its lease (P37).
UPDATE notice SET state = $3, version = version + 1, due_at = coalesce($4, due_at), last_answer = $5,
                  unknown_outcomes = unknown_outcomes + $6, lease_token = NULL, lease_until = NULL,
                  finished_at = CASE WHEN $3 IN ('sent', 'failed') THEN $7::timestamptz END
 WHERE id = $1 AND lease_token = $2 AND state = 'sending'
RETURNING version;

-- name: record_bounce
-- What a server had accepted came back; only a notice that was sent.
UPDATE notice SET state = 'failed', version = version + 1, last_answer = $2, finished_at = $3
 WHERE id = $1 AND state = 'sent'
RETURNING version, subject_id, kind, event_id, attempts;

-- name: standing_of
-- Where a notice stands, why, and whether it came back.
SELECT state, last_answer, EXISTS (SELECT FROM audit WHERE subject = notice.id AND action = 'notice_bounced') AS bounced
  FROM notice WHERE notice.id = $1;

-- name: is_own
-- Whether the notice is about a request of this very person, by any notice that names them (A31).
SELECT EXISTS (SELECT FROM notice n WHERE id = $1 AND (emplid = $2
   OR request_ids && ARRAY(SELECT unnest(o.request_ids) FROM notice o WHERE o.emplid = $2)));

-- name: list_notices
-- Notices in order of reservation, of one subject and in one state where asked for; never about the reader's own request
-- (A31).
SELECT id AS notice_id, kind, subject_id, event_id AS caused_by, recipient, copies, message_id, state, reserved_at,
       due_at, attempts, unknown_outcomes, last_answer, finished_at
  FROM notice
 WHERE ($1::text IS NULL OR subject_id = $1) AND ($2::text IS NULL OR state = $2) AND emplid IS DISTINCT FROM $4
   AND NOT coalesce(request_ids && ARRAY(SELECT unnest(o.request_ids) FROM notice o WHERE o.emplid = $4), false)
 ORDER BY seq DESC LIMIT $3;

-- name: show_message
-- The mail as it was written.
SELECT kind, subject_id, message FROM notice WHERE id = $1;

-- name: count_notices
-- How many are in each state, and since when the oldest has waited.
SELECT state, count(*) AS notices, min(reserved_at) AS oldest FROM notice GROUP BY state;

-- name: notice_figures
-- What has not left, and what never will; the sent ones are many, and nobody counts them every few seconds.
SELECT state, count(*) AS notices, min(reserved_at) AS oldest FROM notice WHERE state IN ('due', 'sending') GROUP BY state
UNION ALL SELECT 'failed', count(*), NULL FROM notice WHERE state = 'failed';

-- name: append_to_audit
-- One act or change.
INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5);

-- name: lock_holds
-- Legal holds change, or retention looks at them: one at a time.
SELECT true FROM lock_row WHERE name = 'legal_hold' FOR UPDATE;

-- name: place_hold
-- Retention passes over its notices from now on (case 70).
INSERT INTO legal_hold (request_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: lift_hold
-- Retention may delete them again.
DELETE FROM legal_hold WHERE request_id = $1;

-- name: notices_past_retention
-- Finished ones about no request on hold; where nobody knows which requests a notice is about, any hold keeps it.
SELECT n.id FROM notice n
 WHERE n.reserved_at < $1::timestamptz - make_interval(years => $2) AND n.state IN ('sent', 'failed')
   AND NOT EXISTS (SELECT FROM legal_hold h WHERE n.request_ids IS NULL OR h.request_id = ANY (n.request_ids))
 ORDER BY n.reserved_at LIMIT 100 FOR UPDATE OF n SKIP LOCKED;

-- name: purge_notices
-- The mails go with their rows.
DELETE FROM notice WHERE id = ANY ($1::text[]);

-- name: put_office_text
-- As the office wrote it; an older version changes nothing.
INSERT INTO office_text AS o (name, version, text) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, text = excluded.text WHERE o.version < excluded.version;

-- name: office_texts
-- Those of these names that are not the default.
SELECT name, text FROM office_text WHERE name = ANY ($1::text[]) AND text <> '';

-- name: is_about
-- Whether a notice that names this person is about the request, alert or task (A31).
SELECT EXISTS (SELECT FROM notice WHERE emplid = $2 AND (subject_id = $1 OR $1 = ANY (request_ids)));
