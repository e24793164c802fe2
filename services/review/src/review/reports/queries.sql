-- What became of the requests of a month, in numbers.

-- name: figures
-- Of the days from $1 to before $2, Eastern: of all programs together (`program` is null), and of each. Of a request that was
-- issued again the first I-20 counts; days run from when it was complete last.
WITH span AS (SELECT $1::timestamp AT TIME ZONE 'America/New_York' AS since, $2::timestamp AT TIME ZONE 'America/New_York' AS until),
happened AS (
  SELECT n.request_id, 'completed' AS what, NULL::float8 AS days, NULL::boolean AS in_time
    FROM number n, span WHERE n.arrived_at >= since AND n.arrived_at < until AND n.state <> 'passed_over'
  UNION ALL
  SELECT d.request_id, d.decision, extract(epoch FROM d.at - (c.completion ->> 'received_at')::timestamptz) / 86400,
         (d.at AT TIME ZONE 'America/New_York')::date <= c.due_on
    FROM span, decision d LEFT JOIN case_file c USING (request_id)
   WHERE d.at >= since AND d.at < until AND d.decision IN ('approved', 'issued', 'returned', 'denied')
     AND NOT (d.decision = 'issued' AND EXISTS (SELECT FROM decision e WHERE e.request_id = d.request_id
                AND e.decision = 'issued' AND e.id < d.id))
), named AS (
  SELECT h.what, h.days, h.in_time, coalesce(k.answer -> 'student' ->> 'program', 'not known') AS program
    FROM happened h LEFT JOIN enrollment_check k USING (request_id))
SELECT program, count(*) FILTER (WHERE what = 'completed') AS completed, count(*) FILTER (WHERE what = 'approved') AS approved,
       count(*) FILTER (WHERE what = 'issued') AS issued, count(*) FILTER (WHERE what = 'issued' AND in_time) AS in_time,
       count(*) FILTER (WHERE what = 'returned') AS returned, count(*) FILTER (WHERE what = 'denied') AS denied,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE what = 'issued') AS median_days,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY days) FILTER (WHERE what = 'issued') AS most_days
  FROM named GROUP BY GROUPING SETS ((), (program)) ORDER BY program IS NOT NULL, count(*) DESC, program;

-- name: reasons
-- What was sent back for in these days, by the item where the adviser named one.
SELECT coalesce(reason ->> 'item', 'in words only') AS item, count(*) AS times
  FROM decision d CROSS JOIN jsonb_array_elements(d.inputs -> 'said' -> 'reasons') AS reason
 WHERE d.decision = 'returned' AND d.at >= $1::timestamp AT TIME ZONE 'America/New_York'
   AND d.at < $2::timestamp AT TIME ZONE 'America/New_York' GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: claim_month
-- Whoever comes first tells of it.
INSERT INTO monthly_report (month, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING month;
