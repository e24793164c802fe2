-- The statements of the director's overview.

-- name: load_by_adviser
-- What each adviser holds, what of it is late, and since when the oldest is complete.
SELECT holder ->> 'sub' AS sub, max(holder ->> 'name') AS name, count(*) FILTER (WHERE state = 'assigned') AS to_decide,
       count(*) FILTER (WHERE state = 'approved') AS to_issue, count(*) FILTER (WHERE due_on < $1) AS late,
       count(*) FILTER (WHERE due_on = $1) AS today, min((completion ->> 'received_at')::timestamptz) AS oldest
  FROM case_file WHERE state IN ('assigned', 'approved') GROUP BY 1 ORDER BY late DESC, 3 DESC, 2;

-- name: at_risk
-- Undecided cases by how their due day stands; `next_day` is the next business day.
SELECT count(*) FILTER (WHERE due_on < $1) AS late, count(*) FILTER (WHERE due_on = $1) AS today,
       count(*) FILTER (WHERE due_on > $1 AND due_on <= $2) AS next_day, count(*) FILTER (WHERE due_on > $2) AS later,
       count(*) FILTER (WHERE state IN ('pending', 'waiting')) AS in_line
  FROM case_file WHERE state IN ('pending', 'waiting', 'assigned', 'approved');

-- name: arrivals
-- By week, from Monday, Eastern time: how many requests became complete.
SELECT date_trunc('week', arrived_at AT TIME ZONE 'America/New_York')::date AS monday, count(*) AS completed
  FROM number WHERE arrived_at >= $1::timestamp AT TIME ZONE 'America/New_York' AND state <> 'passed_over' GROUP BY 1;

-- name: decisions
-- What was decided since a day, and the median days from complete to issued: once for each week, from Monday, Eastern time,
-- once for each college and once for each program as SPIRE named them (empty where it named none); the most first.
WITH decided AS (
  SELECT date_trunc('week', d.at AT TIME ZONE 'America/New_York')::date AS monday, d.decision,
         coalesce(k.answer -> 'student' ->> 'college', '') AS college, coalesce(k.answer -> 'student' ->> 'program', '') AS program,
         CASE WHEN d.decision = 'issued' THEN extract(epoch FROM d.at - (SELECT (c.completion ->> 'received_at')::timestamptz
           FROM case_file c WHERE c.request_id = d.request_id)) / 86400 END AS days
    FROM decision d LEFT JOIN enrollment_check k USING (request_id) WHERE d.at >= $1::timestamp AT TIME ZONE 'America/New_York')
SELECT monday, college, program, count(*) FILTER (WHERE decision = 'approved') AS approved,
       count(*) FILTER (WHERE decision = 'issued') AS issued, count(*) FILTER (WHERE decision = 'returned') AS returned,
       count(*) FILTER (WHERE decision = 'denied') AS denied,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE decision = 'issued') AS days_to_i20
  FROM decided GROUP BY GROUPING SETS ((monday), (college), (program)) ORDER BY count(*) DESC, college, program;

-- name: return_reasons
-- What was sent back for, by the item where the adviser named one.
SELECT coalesce(reason ->> 'item', 'in words only') AS item, count(*) AS times
  FROM decision d CROSS JOIN jsonb_array_elements(d.inputs -> 'said' -> 'reasons') AS reason
 WHERE d.decision = 'returned' AND d.at >= $1::timestamp AT TIME ZONE 'America/New_York' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20;

-- name: coming
-- Authorized training that begins or ends in these days, by day.
WITH near AS (
  SELECT request_id, version FROM authorization_issued WHERE issued -> 'segments' -> 0 ->> 'start_date' BETWEEN $1::date::text AND $2::date::text
  UNION SELECT request_id, version FROM authorization_issued WHERE issued -> 'segments' -> -1 ->> 'end_date' BETWEEN $1::date::text AND $2::date::text
  UNION SELECT request_id, version FROM authorization_change WHERE until BETWEEN $1 AND $2),
standing AS (
  SELECT a.request_id, a.version, a.issued FROM near JOIN authorization_issued a USING (request_id, version)
   WHERE NOT EXISTS (SELECT FROM authorization_issued later WHERE later.request_id = a.request_id AND later.version > a.version))
SELECT s.request_id, s.issued ->> 'reference' AS reference, s.issued -> 'recipient' ->> 'name' AS student, s.issued ->> 'employer' AS employer,
       (s.issued -> 'segments' -> 0 ->> 'start_date')::date AS starts,
       coalesce(c.until, (s.issued -> 'segments' -> -1 ->> 'end_date')::date) AS ends
  FROM standing s LEFT JOIN LATERAL (SELECT canceled, until FROM authorization_change x
    WHERE x.request_id = s.request_id AND x.version = s.version ORDER BY x.id DESC LIMIT 1) c ON true
 WHERE NOT coalesce(c.canceled, false) AND s.issued -> 'facts' ->> 'emplid' <> $3
   AND ((s.issued -> 'segments' -> 0 ->> 'start_date')::date BETWEEN $1 AND $2
     OR coalesce(c.until, (s.issued -> 'segments' -> -1 ->> 'end_date')::date) BETWEEN $1 AND $2)
 ORDER BY least(CASE WHEN (s.issued -> 'segments' -> 0 ->> 'start_date')::date >= $1
                     THEN (s.issued -> 'segments' -> 0 ->> 'start_date')::date END,
                coalesce(c.until, (s.issued -> 'segments' -> -1 ->> 'end_date')::date)), s.request_id LIMIT 40;

-- name: cases_to_export
-- All cases but the reader's own (A31), in the order of their numbers, a part at a time.
SELECT c.receipt_number, c.request_id, c.state, c.due_on, c.holder ->> 'name' AS adviser, c.holder ->> 'sub' AS adviser_sub,
       c.completion ->> 'reference' AS reference, c.completion -> 'recipient' ->> 'name' AS student,
       c.completion -> 'facts' ->> 'emplid' AS emplid, c.completion -> 'facts' ->> 'route' AS route,
       c.completion -> 'form' ->> 'employer' AS employer, (c.completion ->> 'received_at')::timestamptz AS received_at,
       (c.completion -> 'facts' ->> 'start_date')::date AS start_date, (c.completion -> 'facts' ->> 'end_date')::date AS end_date,
       k.answer -> 'student' ->> 'program' AS program, k.answer -> 'student' ->> 'college' AS college
  FROM case_file c LEFT JOIN enrollment_check k USING (request_id)
 WHERE c.completion IS NOT NULL AND c.completion -> 'facts' ->> 'emplid' <> $1 AND c.request_id > $2
 ORDER BY c.request_id LIMIT 2000;

-- name: claim_digests
-- What is open for each adviser, for compliance and for the director on this day, of whom nobody has been told yet today.
WITH cases AS (
  SELECT holder ->> 'sub' AS sub, min(holder ->> 'name') AS name, min(holder ->> 'email') AS email,
         count(*) FILTER (WHERE state = 'assigned') AS to_decide, count(*) FILTER (WHERE state = 'approved') AS to_issue,
         count(*) FILTER (WHERE due_on < $1::date) AS late
    FROM case_file WHERE holder IS NOT NULL AND state IN ('assigned', 'approved') GROUP BY 1
), tasks AS (
  SELECT c.holder ->> 'sub' AS sub, min(c.holder ->> 'name') AS name, min(c.holder ->> 'email') AS email, count(*) AS tasks
    FROM task t LEFT JOIN case_file c USING (request_id) WHERE t.done_at IS NULL GROUP BY 1
), alerts AS (
  SELECT c.holder ->> 'sub' AS sub, min(c.holder ->> 'name') AS name, min(c.holder ->> 'email') AS email,
         count(DISTINCT a.alert_id) AS alerts, count(DISTINCT a.alert_id) FILTER (WHERE a.kind = 'loss' AND a.report_by < $1::date) AS overdue
    FROM alert a LEFT JOIN case_file c ON c.request_id = ANY (a.request_ids) WHERE a.state IN ('confirmed', 'acknowledged') GROUP BY 1
), open AS (
  SELECT 'adviser' AS audience, sub, coalesce(c.name, t.name, a.name) AS name, coalesce(c.email, t.email, a.email) AS email,
         0::bigint AS waiting, coalesce(to_decide, 0) AS to_decide, coalesce(to_issue, 0) AS to_issue, coalesce(late, 0) AS late,
         coalesce(tasks, 0) AS tasks, coalesce(alerts, 0) AS alerts, coalesce(overdue, 0) AS overdue
    FROM cases c FULL JOIN tasks t USING (sub) FULL JOIN alerts a USING (sub) WHERE sub IS NOT NULL
  UNION ALL
  SELECT audience, audience, NULL, NULL, (SELECT count(*) FROM number WHERE state IN ('pending', 'waiting')),
         (SELECT coalesce(sum(to_decide), 0)::bigint FROM cases), (SELECT coalesce(sum(to_issue), 0)::bigint FROM cases),
         (SELECT coalesce(sum(late), 0)::bigint FROM cases), (SELECT count(*) FROM task WHERE done_at IS NULL),
         (SELECT count(*) FROM alert WHERE state IN ('confirmed', 'acknowledged')),
         (SELECT count(*) FROM alert WHERE state IN ('confirmed', 'acknowledged') AND kind = 'loss' AND report_by < $1::date)
    FROM unnest(ARRAY['compliance', 'director']) AS audience
), claimed AS (
  INSERT INTO digest (day, sub) SELECT $1, sub FROM open
   WHERE CASE audience WHEN 'compliance' THEN tasks + alerts ELSE waiting + to_decide + to_issue + tasks + alerts END > 0
  ON CONFLICT DO NOTHING RETURNING sub
)
SELECT open.* FROM open JOIN claimed USING (sub) ORDER BY audience, sub;

-- name: forget_digests
-- Of days that are long over.
DELETE FROM digest WHERE day < $1::date - 30;
