-- The statements of the work list.

-- name: add_task
-- Once as long as the same words about the same thing are open: told twice is one task, told otherwise is another.
INSERT INTO task (request_id, code, detail, raised_at, due_on, about)
SELECT $1, $2, $3, $4, $5, $6
 WHERE NOT EXISTS (SELECT FROM task WHERE request_id = $1 AND code = $2 AND detail = $3 AND about = $6 AND done_at IS NULL)
RETURNING id;

-- name: reopen_task
-- Told of before a restore, and not here, neither open nor done.
INSERT INTO task (request_id, code, detail, raised_at, due_on) SELECT $1, $2, $3, $4, $5
 WHERE NOT EXISTS (SELECT FROM task WHERE request_id = $1 AND code = $2 AND detail = $3) RETURNING id;

-- name: list_tasks
-- Open ones by their due day, done ones newest first; never those about the viewer's own request (A31).
SELECT t.id, t.request_id, t.code, t.detail, t.raised_at, t.escalated_at, t.done_at, t.done_by, t.comment,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) AS due_on,
       c.holder, c.completion ->> 'reference' AS reference, c.completion -> 'recipient' ->> 'name' AS student
  FROM task t LEFT JOIN case_file c USING (request_id)
 WHERE ($1::text IS NULL OR ($1 = 'open' AND t.done_at IS NULL) OR ($1 = 'done' AND t.done_at IS NOT NULL))
   AND ($2::text IS NULL OR c.holder ->> 'sub' = $2) AND ($3::text IS NULL OR t.code = $3)
   AND ($4::text IS NULL OR t.request_id = $4)
   AND ($5::text IS NULL OR c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $5)
   AND ($7::date IS NULL OR (t.done_at IS NULL AND coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) <= $7))
 ORDER BY CASE WHEN $1 = 'open' THEN NULL ELSE t.done_at END DESC NULLS FIRST,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2), t.id LIMIT $6 OFFSET $8;

-- name: tasks_of
-- Every task of a request, for its view and the case file.
SELECT t.id, t.request_id, t.code, t.detail, t.raised_at, t.escalated_at, t.done_at, t.done_by, t.comment, t.about,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) AS due_on, c.holder
  FROM task t LEFT JOIN case_file c USING (request_id) WHERE t.request_id = $1 ORDER BY t.id;

-- name: find_task
-- One task.
SELECT t.id, t.request_id, t.code, t.detail, t.raised_at, t.escalated_at, t.done_at, t.done_by, t.comment,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) AS due_on,
       c.holder, c.completion ->> 'reference' AS reference, c.completion -> 'recipient' ->> 'name' AS student
  FROM task t LEFT JOIN case_file c USING (request_id) WHERE t.id = $1;

-- name: greet
-- For the header of every page: what is open for this person, whether the office knows them as they are now, and everybody's name.
SELECT (SELECT count(*) FROM task t LEFT JOIN case_file c USING (request_id)
         WHERE t.done_at IS NULL AND ($1::text IS NULL OR coalesce(c.holder ->> 'sub', $1) = $1)
           AND c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $2) AS tasks,
       (SELECT count(*) FROM alert a WHERE a.state = 'confirmed' AND a.loss ->> 'emplid' IS DISTINCT FROM $2
           AND ($1::text IS NULL OR EXISTS (SELECT FROM alert_delegate d WHERE d.alert_id = a.alert_id AND d.adviser = $1)
             OR coalesce((SELECT bool_or(c.holder ->> 'sub' = $1) FROM case_file c
                           WHERE c.request_id = ANY (a.request_ids) AND c.holder IS NOT NULL), true))) AS alerts,
       EXISTS (SELECT FROM colleague WHERE sub = $2 AND name IS NOT DISTINCT FROM $3 AND email IS NOT DISTINCT FROM $4
                  AND is_dso = $5 AND seen_at > $6::timestamptz - interval '1 day') AS known,
       (SELECT coalesce(jsonb_object_agg(sub, name), '{}') FROM colleague WHERE name IS NOT NULL) AS names;

-- name: names_of_colleagues
-- Of these sign-in names.
SELECT coalesce(jsonb_object_agg(sub, name), '{}') FROM colleague WHERE sub = ANY ($1::text[]) AND name IS NOT NULL;

-- name: put_colleague
-- As the sign-in says.
INSERT INTO colleague (sub, name, email, is_dso, seen_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (sub) DO UPDATE SET name = excluded.name, email = excluded.email, is_dso = excluded.is_dso, seen_at = excluded.seen_at;

-- name: forget_colleagues
-- Who has not been here for so many years and holds nothing; pages then call them by their sign-in name.
DELETE FROM colleague k WHERE seen_at < $1::timestamptz - make_interval(years => $2)
   AND NOT EXISTS (SELECT FROM case_file c WHERE c.holder ->> 'sub' = k.sub AND c.state IN ('assigned', 'approved'))
RETURNING sub;

-- name: count_open_tasks
-- All, those of the viewer's cases, and those that are late; none about their own request (A31).
SELECT count(*) AS open, count(*) FILTER (WHERE c.holder ->> 'sub' = $1) AS mine,
       count(*) FILTER (WHERE coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) < $2) AS late
  FROM task t LEFT JOIN case_file c USING (request_id)
 WHERE t.done_at IS NULL AND c.completion -> 'facts' ->> 'emplid' IS DISTINCT FROM $1;

-- name: finish_task
-- A person has seen to it.
UPDATE task SET done_at = $2, done_by = $3, comment = $4 WHERE id = $1 AND done_at IS NULL RETURNING request_id, code;

-- name: note_on_case
-- What was done stands with the case too, where there is one.
INSERT INTO note (request_id, at, author, text) SELECT request_id, $2, $3, $4 FROM case_file WHERE request_id = $1;

-- name: finish_tasks_of_code
-- What it asked for has happened.
UPDATE task SET done_at = $3, done_by = $4 WHERE request_id = $1 AND code = $2 AND done_at IS NULL;

-- name: finish_tasks_about
-- What they rested on is settled.
UPDATE task SET done_at = $3, done_by = $4 WHERE code = $1 AND about @> $2 AND done_at IS NULL;

-- name: lock_late_tasks
-- Past their due day and not told to the director yet; two workers never wait for each other here.
SELECT t.id, t.request_id, t.code, t.detail, t.raised_at,
       coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) AS due_on
  FROM task t WHERE t.done_at IS NULL AND t.escalated_at IS NULL
   AND coalesce(t.due_on, (t.raised_at AT TIME ZONE 'America/New_York')::date + 2) < $1
 ORDER BY t.id LIMIT 100 FOR UPDATE SKIP LOCKED;

-- name: escalate_task
-- Once.
UPDATE task SET escalated_at = $2 WHERE id = $1;

-- name: case_of_task
-- What an event about a task names; the version rises with it.
UPDATE case_file SET version = version + 1 WHERE request_id = $1
RETURNING round, receipt_number, version, holder, completion ->> 'reference' AS reference,
          completion -> 'recipient' ->> 'name' AS student;
