-- The statements of the alerts.

-- name: insert_alert
-- Once per loss; later copies add nothing (P25).
INSERT INTO alert (alert_id, loss_id, kind, state, severity, held, loss, request_ids, effective_on, report_by, born_overdue,
                   settles_at, raised_at, confirmed_at, replacement)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (loss_id) DO NOTHING RETURNING alert_id;

-- name: treat_as_loss
-- No DSO confirms the replacement: the clock of a loss counts, from the effective date on.
UPDATE alert SET kind = 'loss', state = CASE WHEN state = 'acknowledged' THEN state ELSE 'confirmed' END, severity = $2,
       born_overdue = report_by < ($3::timestamptz AT TIME ZONE 'America/New_York')::date, version = version + 1
 WHERE alert_id = $1 RETURNING version;

-- name: lock_replacements_of
-- Open alerts that a replaced course of this request waits for a DSO.
SELECT * FROM alert WHERE kind = 'notice' AND state <> 'closed' AND $1 = ANY (request_ids) ORDER BY alert_id FOR UPDATE;

-- name: lock_alert
-- One alert, locked.
SELECT * FROM alert WHERE alert_id = $1 FOR UPDATE;

-- name: lock_alert_of_loss
-- The alert of a loss, locked.
SELECT * FROM alert WHERE loss_id = $1 FOR UPDATE;

-- name: find_alert
-- One alert; an adviser sees those of their cases, those entrusted to them, and those that need a second person.
SELECT * FROM alerts_shown_to(NULL, $2) WHERE alert_id = $1;

-- name: surroundings_of
-- SPIRE's record of the student, who holds the case, and who stands in.
SELECT a.alert_id, k.answer -> 'student' AS profile, c.holder AS adviser,
       ARRAY(SELECT adviser FROM alert_delegate d WHERE d.alert_id = a.alert_id ORDER BY at) AS delegates
  FROM alert a LEFT JOIN enrollment_check k ON k.request_id = a.request_ids[1]
  LEFT JOIN case_file c ON c.request_id = a.request_ids[1]
 WHERE a.alert_id = ANY ($1::text[]);

-- name: add_delegate
-- Who stands in for the adviser.
INSERT INTO alert_delegate (alert_id, adviser, named_by, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING adviser;

-- name: reference_of_case
-- What a letter to the student about the request must name.
SELECT completion, round, receipt_number, version FROM case_file WHERE request_id = $1 AND completion IS NOT NULL FOR UPDATE;

-- name: list_alerts
-- What burns first: overdue, then severity, then the days that are left; nothing about the reader (A31).
SELECT * FROM alerts_shown_to($5, $3) WHERE ($1::text IS NULL OR state = $1)
 ORDER BY (state <> 'closed' AND kind = 'loss' AND report_by < $4::date) DESC,
       array_position('{CRITICAL,HIGH,MEDIUM,LOW}', severity), report_by, alert_id LIMIT $2;

-- name: page_of_open_alerts
-- What burns first: overdue, then severity, then the days that are left; nothing about the reader (A31).
SELECT a.* FROM alerts_shown_to($3, $2) a
 WHERE a.state <> 'closed'
   AND ($1 = 'open' OR ($1 = 'unseen' AND a.state = 'confirmed') OR ($1 = 'suspected' AND a.state = 'suspected')
        OR ($1 = 'overdue' AND a.kind = 'loss' AND a.report_by < $10::date))
   AND ($4::text IS NULL OR a.severity = $4) AND ($5::text IS NULL OR a.loss ->> 'strm' = $5)
   AND ($6::text IS NULL OR EXISTS (SELECT FROM case_file c WHERE c.request_id = ANY (a.request_ids) AND c.holder ->> 'sub' = $6)
        OR EXISTS (SELECT FROM alert_delegate d WHERE d.alert_id = a.alert_id AND d.adviser = $6))
 ORDER BY CASE WHEN $9 = 'newest' THEN a.raised_at END DESC, CASE WHEN $9 = 'due' THEN a.report_by END,
       (a.kind = 'loss' AND a.report_by < $10::date) DESC, array_position('{CRITICAL,HIGH,MEDIUM,LOW}', a.severity), a.report_by, a.alert_id
 LIMIT $7 OFFSET $8;

-- name: page_of_past_alerts
-- Closed ones, or all of them, the newest first; nothing about the reader (A31).
SELECT a.* FROM alerts_shown_to($3, $2) a
 WHERE ($1 = 'all' OR a.state = 'closed')
   AND ($4::text IS NULL OR a.severity = $4) AND ($5::text IS NULL OR a.loss ->> 'strm' = $5)
   AND ($6::text IS NULL OR EXISTS (SELECT FROM case_file c WHERE c.request_id = ANY (a.request_ids) AND c.holder ->> 'sub' = $6)
        OR EXISTS (SELECT FROM alert_delegate d WHERE d.alert_id = a.alert_id AND d.adviser = $6))
 ORDER BY a.raised_at DESC, a.alert_id LIMIT $7 OFFSET $8;

-- name: count_alerts
-- Open ones by filter and severity, those that only others are shown, and what changed since a look; none about the reader (A31).
-- `closed` by severity for whoever is shown all of them: an index is counted through, however many there are.
WITH shown AS MATERIALIZED (SELECT * FROM alerts_shown_to($2, $1) WHERE state <> 'closed')
SELECT count(*) AS open, count(*) FILTER (WHERE state = 'confirmed') AS unseen,
       count(*) FILTER (WHERE state = 'suspected') AS suspected,
       count(*) FILTER (WHERE kind = 'loss' AND report_by < $3::date) AS overdue,
       count(*) FILTER (WHERE held AND state = 'suspected') AS held,
       (SELECT count(*) FROM alerts_shown_to($2, NULL) WHERE state <> 'closed') - count(*) AS others,
       count(*) FILTER (WHERE severity = 'CRITICAL') AS "CRITICAL", count(*) FILTER (WHERE severity = 'HIGH') AS "HIGH",
       count(*) FILTER (WHERE severity = 'MEDIUM') AS "MEDIUM", count(*) FILTER (WHERE severity = 'LOW') AS "LOW",
       count(*) FILTER (WHERE greatest((loss ->> 'detected_at')::timestamptz, confirmed_at, acknowledged_at) > $4)
         + (SELECT count(*) FROM alerts_shown_to($2, $1) WHERE state = 'closed' AND closed_at > $4) AS fresh,
       CASE WHEN $1::text IS NULL THEN (SELECT jsonb_object_agg(severity, alerts) FROM (
         SELECT severity, sum(alerts)::bigint AS alerts FROM (
           SELECT severity, count(*) AS alerts FROM alert WHERE state = 'closed' GROUP BY severity
           UNION ALL SELECT severity, -count(*) FROM alert WHERE state = 'closed' AND loss ->> 'emplid' = $2 GROUP BY severity
         ) AS counted GROUP BY severity) AS by_severity) END AS closed
  FROM shown;

-- name: note_regained
-- Which authorizations are met again.
UPDATE alert SET regained = (SELECT array_agg(DISTINCT id) FROM unnest(regained || $2::text[]) AS id), version = version + 1
 WHERE alert_id = $1 RETURNING request_ids <@ regained AS all_regained;

-- name: add_note
-- A line in the alert's own story.
UPDATE alert SET notes = notes || $2::jsonb, version = version + 1 WHERE alert_id = $1;

-- name: close_suspicion
-- Never hidden: closed with the reason, listed and counted.
UPDATE alert SET state = 'closed', closed_reason = $2, closed_at = $3, version = version + 1 WHERE alert_id = $1;

-- name: join_reports
-- Suspicions by a student's word alone, which the evidence of another alert replaces.
UPDATE alert SET state = 'closed', outcome = 'duplicate', closed_at = $3, version = version + 1
 WHERE state = 'suspected' AND loss ->> 'cause' = 'reported' AND loss ->> 'strm' = $2 AND request_ids <@ $1::text[]
RETURNING alert_id;

-- name: due_to_settle
-- Suspicions whose window has passed, to ask SPIRE about or to confirm without it.
SELECT * FROM alert WHERE state = 'suspected' AND NOT held AND settles_at <= $1
   AND (confirmation_id IS NULL OR confirmation_asked_at <= $2) ORDER BY settles_at LIMIT 50 FOR UPDATE SKIP LOCKED;

-- name: name_confirmation
-- The event that asks SPIRE.
UPDATE alert SET confirmation_id = $2, confirmation_asked_at = $3, version = version + 1 WHERE alert_id = $1;

-- name: lock_suspicions_asked
-- The suspicions that these questions settle for this request.
SELECT * FROM alert WHERE state = 'suspected' AND confirmation_id = ANY ($1::text[]) AND $2 = ANY (request_ids)
 ORDER BY alert_id FOR UPDATE;

-- name: confirm_alert
-- A possible loss that people must look at.
UPDATE alert SET state = 'confirmed', confirmed_at = $2, confirmed_without_spire = $3, version = version + 1
 WHERE alert_id = $1 RETURNING version;

-- name: lock_alerts_to_escalate
-- Confirmed losses without an outcome of which a rung by days ($2 after $3 days each) may be due and is not taken, that nobody
-- has acknowledged, or whose training has begun; two workers never wait for each other here.
SELECT a.* FROM alert a
 WHERE a.state IN ('confirmed', 'acknowledged') AND a.kind = 'loss' AND (
       (SELECT count(*) FROM unnest($3::int[]) AS days WHERE $1::date - a.effective_on >= days)
         > (SELECT count(*) FROM alert_step s WHERE s.alert_id = a.alert_id AND s.step = ANY ($2::text[]))
    OR (a.severity = 'CRITICAL' AND a.state = 'confirmed'
        AND (SELECT count(*) FROM alert_step s WHERE s.alert_id = a.alert_id AND s.step <> ALL ($2::text[])) < $4)
    OR (a.severity = 'HIGH' AND EXISTS (SELECT FROM authorization_issued i
          WHERE i.request_id = ANY (a.request_ids) AND (i.issued -> 'segments' -> 0 ->> 'start_date')::date <= $1)))
 ORDER BY a.alert_id FOR UPDATE OF a SKIP LOCKED;

-- name: worsen_alert
-- The training began while it was open (A25).
UPDATE alert SET severity = 'CRITICAL', version = version + 1 WHERE alert_id = $1;

-- name: take_step
-- Each rung once.
INSERT INTO alert_step (alert_id, step, taken_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING step;

-- name: acknowledge_alert
-- Somebody has seen it; the clock runs on.
UPDATE alert SET state = 'acknowledged', acknowledged_at = coalesce(acknowledged_at, $2),
       acknowledged_by = coalesce(acknowledged_by, $3), version = version + 1
 WHERE alert_id = $1 RETURNING version;

-- name: close_alert
-- The outcome stops the clock.
UPDATE alert SET state = 'closed', outcome = $2, outcome_on = $3, closed_at = $4, closed_by = $5, outcome_comment = $6,
       proposed_outcome = NULL, proposed_by = NULL, version = version + 1
 WHERE alert_id = $1 RETURNING version;

-- name: propose_outcome
-- Waits for a second person.
UPDATE alert SET proposed_outcome = $2, proposed_by = $3, version = version + 1 WHERE alert_id = $1;

-- name: lock_held_alerts
-- What the mass guard holds (P27).
SELECT * FROM alert WHERE held AND state = 'suspected' AND loss ->> 'emplid' IS DISTINCT FROM $1 ORDER BY alert_id FOR UPDATE;

-- name: release_held
-- A director has looked: they settle like any other.
UPDATE alert SET held = false, version = version + 1 WHERE alert_id = ANY ($1::text[]);

-- name: reject_held
-- A director has looked: a fault of the data; still listed.
UPDATE alert SET held = false, state = 'closed', closed_reason = 'rejected', closed_at = $2, closed_by = $3, version = version + 1
 WHERE alert_id = ANY ($1::text[]);

-- name: month_figures
-- Counts, median delays in seconds, breaches; by the Eastern month in which the alerts were raised.
SELECT count(*) FILTER (WHERE confirmed_at IS NOT NULL AND kind = 'loss') AS alerts,
       count(*) FILTER (WHERE state = 'closed' AND confirmed_at IS NULL AND kind = 'loss') AS suppressed,
       round(count(*) FILTER (WHERE state = 'closed' AND confirmed_at IS NULL AND kind = 'loss')::numeric
         / nullif(count(*) FILTER (WHERE kind = 'loss'), 0), 3)::float8 AS share_suppressed,
       count(*) FILTER (WHERE kind = 'notice') AS replaced_courses,
       count(*) FILTER (WHERE born_overdue AND kind = 'loss') AS overdue_at_birth,
       count(*) FILTER (WHERE EXISTS (SELECT FROM alert_step s WHERE s.alert_id = a.alert_id AND s.step = 'breach')) AS breaches,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM (loss ->> 'detected_at')::timestamptz
         - (loss ->> 'received_at')::timestamptz)) AS received_to_detected,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM (loss ->> 'detected_at')::timestamptz
         - effective_on::timestamp AT TIME ZONE 'America/New_York')) AS effective_to_detected,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY ((loss ->> 'detected_at')::timestamptz
         AT TIME ZONE 'America/New_York')::date - effective_on) AS effective_to_detected_days,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - confirmed_at)) AS to_acknowledgement,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - confirmed_at)) AS to_outcome
  FROM alert a
 WHERE date_trunc('month', raised_at AT TIME ZONE 'America/New_York') = $1::date;

-- name: alert_figures
-- By state, severity and end: how many, how many of them held or overdue, and since when the oldest is confirmed.
SELECT state, severity, coalesce(outcome, closed_reason) AS how, count(*) AS alerts, count(*) FILTER (WHERE held) AS held,
       count(*) FILTER (WHERE report_by < $1) AS overdue, min(confirmed_at) AS oldest
  FROM alert WHERE kind = 'loss' GROUP BY 1, 2, 3;

-- name: detection_figures
-- By clock and limit: losses detected within so many seconds, and all their delays together.
WITH delay (since, seconds) AS MATERIALIZED (
  SELECT clock.since, greatest(0, extract(epoch FROM (loss ->> 'detected_at')::timestamptz - clock.at))::float8
    FROM alert CROSS JOIN LATERAL (VALUES
      ('received', (loss ->> 'received_at')::timestamptz),
      ('effective', effective_on::timestamp AT TIME ZONE 'America/New_York')) AS clock (since, at)
   WHERE kind = 'loss')
SELECT since, array_agg(losses ORDER BY up_to) AS within, max(total) AS total
  FROM (SELECT since, up_to, count(*) FILTER (WHERE seconds <= up_to) AS losses, sum(seconds) AS total
          FROM delay CROSS JOIN unnest($1::float8[]) AS up_to GROUP BY 1, 2) AS by_limit
 GROUP BY since;

-- name: oldest_hole
-- The first missing number, and since when a higher one is here.
SELECT l.watermark + 1 AS missing, (SELECT min(arrived_at) FROM number WHERE receipt_number > l.watermark) AS since FROM line l;

-- name: reopen_alert
-- Compliance is not satisfied; everything noted stays.
UPDATE alert SET state = 'acknowledged', outcome = NULL, outcome_on = NULL, outcome_comment = NULL, closed_reason = NULL, closed_at = NULL, closed_by = NULL,
       acknowledged_at = coalesce(acknowledged_at, $2), acknowledged_by = coalesce(acknowledged_by, $3),
       confirmed_at = coalesce(confirmed_at, $2), version = version + 1
 WHERE alert_id = $1 RETURNING version;

-- name: record_heartbeat
-- The watcher lives.
UPDATE monitoring SET heard_at = greatest(heard_at, $1), alarms = $2 RETURNING blind_since;

-- name: lock_monitoring
-- When the watcher was last heard; the first look counts as heard.
UPDATE monitoring SET heard_at = coalesce(heard_at, $1) RETURNING heard_at, blind_since, reasons, version;

-- name: set_blind
-- Compliance is told once.
UPDATE monitoring SET blind_since = $1, reasons = $2, version = version + 1 RETURNING version;

-- name: find_monitoring
-- For the banner.
SELECT heard_at, blind_since, reasons, alarms FROM monitoring;

-- name: held_since
-- Since when the mass guard asks a person, and about how many.
SELECT min((loss ->> 'detected_at')::timestamptz) AS since, count(*) AS alerts FROM alert WHERE held AND state = 'suspected';

-- name: own_parked
-- What this service itself could not read, by topic, as long as nobody has decided about it.
SELECT topic, min(first_at) AS since FROM parked
 WHERE state = 'parked' AND error_class <> 'Waiting' GROUP BY topic ORDER BY since;

-- name: find_look
-- When a person last said that the board was read.
SELECT at FROM board_look WHERE person = $1;

-- name: put_look
-- It was read now.
INSERT INTO board_look (person, at) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET at = excluded.at;

-- name: acknowledge_alerts
-- Several at once: somebody has seen them.
UPDATE alert SET state = 'acknowledged', acknowledged_at = $3, acknowledged_by = $4, version = version + 1
 WHERE state = 'confirmed' AND alert_id IN (SELECT alert_id FROM alerts_shown_to($4, $2) WHERE alert_id = ANY ($1::text[]))
RETURNING alert_id;

-- name: undo_acknowledging
-- Of one act of this person, unless something else happened since.
UPDATE alert SET state = 'confirmed', acknowledged_at = NULL, acknowledged_by = NULL, version = version + 1
 WHERE state = 'acknowledged' AND acknowledged_by = $1 AND acknowledged_at = $2 AND proposed_outcome IS NULL RETURNING alert_id;

-- name: add_delegates
-- Who stands in for the adviser, for several at once.
INSERT INTO alert_delegate (alert_id, adviser, named_by, at)
SELECT alert_id, $2, $3, $4 FROM alert WHERE alert_id = ANY ($1::text[]) AND state <> 'closed'
   AND loss ->> 'emplid' IS DISTINCT FROM $2 AND loss ->> 'emplid' IS DISTINCT FROM $3
ON CONFLICT DO NOTHING RETURNING alert_id;

-- name: remove_delegates
-- Of one act of this person.
DELETE FROM alert_delegate WHERE named_by = $1 AND at = $2 RETURNING alert_id;
