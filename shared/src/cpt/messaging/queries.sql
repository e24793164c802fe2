-- The statements of the messaging machinery; the same in every service's schema.

-- name: append_to_outbox
-- One event, as it will be sent.
INSERT INTO outbox (event_id, topic, key, headers, payload) VALUES ($1, $2, $3, $4, $5);

-- name: accept_campus_event
-- One campus event that came over HTTP, as it will be sent; sent again, it is on its way again.
WITH accepted AS (
  INSERT INTO accepted_event (source, event_id) VALUES ($6, $1)
  ON CONFLICT (source, event_id) DO UPDATE
     SET accepted_at = now(), sent_at = NULL, partition = NULL, kafka_offset = NULL)
INSERT INTO outbox (event_id, topic, key, headers, payload) VALUES ($1, $2, $3, $4, $5);

-- name: accept_campus_events
-- Several that extracts and messages of a campus system became, in their order; each under an id of its own.
WITH told AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::text[])
  WITH ORDINALITY AS told (topic, key, event_id, headers, payload, source, place)),
accepted AS (INSERT INTO accepted_event (source, event_id) SELECT source, event_id FROM told)
INSERT INTO outbox (event_id, topic, key, headers, payload)
SELECT event_id, topic, key, headers, payload FROM told ORDER BY place;

-- name: note_sent
-- Where the broker put campus events that came over HTTP.
UPDATE accepted_event a SET sent_at = now(), partition = s.partition, kafka_offset = s.kafka_offset
  FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS s (source, event_id, partition, kafka_offset)
 WHERE a.source = s.source AND a.event_id = s.event_id;

-- name: trace_event
-- All that is known of one campus event: its effects, where it waits, its way here; its place in Kafka may be given.
SELECT i.received_at, p.state, p.reason, p.error_class, p.first_at, p.decided_at, a.accepted_at, a.sent_at,
       q.reason AS held_because, q.at AS held_at,
       (SELECT f.headers ->> 'ce_id' FROM parked f
         WHERE f.consumer = $1 AND f.topic = $2 AND f.key = p.key AND f.state = 'parked' ORDER BY f.id LIMIT 1) AS behind,
       EXISTS (SELECT FROM outbox o
                WHERE o.topic = $2 AND o.event_id = $4 AND o.headers ->> 'ce_source' = $3) AS leaving,
       EXISTS (SELECT FROM progress g
                WHERE g.consumer = $1 AND g.topic = $2 AND g.partition = coalesce($5::int, a.partition)
                  AND g.reached >= coalesce($6::bigint, a.kafka_offset)) AS passed
  FROM (SELECT) AS one
  LEFT JOIN inbox i ON i.consumer = $1 AND i.source = $3 AND i.event_id = $4
  LEFT JOIN accepted_event a ON a.source = $3 AND a.event_id = $4
  LEFT JOIN LATERAL (
       SELECT * FROM parked
        WHERE consumer = $1 AND topic = $2 AND headers ->> 'ce_id' = $4 AND headers ->> 'ce_source' = $3
        ORDER BY state = 'parked' DESC, id DESC LIMIT 1) p ON true
  LEFT JOIN LATERAL (
       SELECT reason, at FROM outbox_quarantine
        WHERE topic = $2 AND event_id = $4 AND headers ->> 'ce_source' = $3 ORDER BY seq LIMIT 1) q ON true;

-- name: something_to_relay
-- Whether any row waits at all.
SELECT EXISTS (SELECT FROM outbox);

-- name: try_relay_lock
-- One active relay per schema and round; another one finds it taken and waits.
SELECT true FROM lock_row WHERE name = 'outbox' FOR UPDATE SKIP LOCKED;

-- name: wait_for_relay_lock
-- A person's act on the outbox waits for the relay's round to end.
SELECT true FROM lock_row WHERE name = 'outbox' FOR UPDATE;

-- name: next_to_relay
-- The lowest row of each key among the oldest rows (P32): order per key needs no more.
WITH head AS (SELECT seq, topic, key FROM outbox ORDER BY seq LIMIT 1000),
     first AS (SELECT min(seq) AS seq FROM head GROUP BY topic, key ORDER BY 1 LIMIT $1)
SELECT seq, event_id, topic, key, headers, payload, occurred_at FROM outbox JOIN first USING (seq) ORDER BY seq;

-- name: delete_relayed
-- What the broker acknowledged.
DELETE FROM outbox WHERE seq = ANY ($1::bigint[]);

-- name: quarantine
-- A row the broker refused for good.
WITH refused AS (DELETE FROM outbox WHERE seq = $1 RETURNING *)
INSERT INTO outbox_quarantine (seq, event_id, topic, key, headers, payload, occurred_at, reason)
SELECT seq, event_id, topic, key, headers, payload, occurred_at, $2 FROM refused;

-- name: follow_into_quarantine
-- Later rows of a quarantined key wait there, in order.
WITH later AS (
  DELETE FROM outbox o USING (SELECT DISTINCT topic, key FROM outbox_quarantine) q
   WHERE o.topic = q.topic AND o.key = q.key RETURNING o.*)
INSERT INTO outbox_quarantine (seq, event_id, topic, key, headers, payload, occurred_at, reason)
SELECT seq, event_id, topic, key, headers, payload, occurred_at, 'waits behind an earlier row of its key' FROM later;

-- name: list_quarantine
-- Every row held back, oldest first.
SELECT seq, event_id, topic, key, headers ->> 'ce_type' AS type, reason, at FROM outbox_quarantine ORDER BY seq;

-- name: find_quarantined
-- One event that is held back.
SELECT key, payload FROM outbox_quarantine WHERE seq = $1;

-- name: release_quarantined_key
-- Back to the outbox under the old numbers, so that they go out before anything newer of their key.
WITH released AS (
  DELETE FROM outbox_quarantine q USING outbox_quarantine chosen
   WHERE chosen.seq = $1 AND q.topic = chosen.topic AND q.key = chosen.key RETURNING q.*)
INSERT INTO outbox (seq, event_id, topic, key, headers, payload, occurred_at) OVERRIDING SYSTEM VALUE
SELECT seq, event_id, topic, key, headers, payload, occurred_at FROM released;

-- name: discard_quarantined
-- A person decided that this row shall never be sent.
DELETE FROM outbox_quarantine WHERE seq = $1 RETURNING event_id;

-- name: outbox_state
-- Rows not yet sent, the age of the oldest in seconds, rows in quarantine.
SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 AS age,
       (SELECT count(*) FROM outbox_quarantine) AS quarantined
  FROM outbox;

-- name: claim
-- The ids seen for the first time, sorted so that two batches never wait for each other in a circle (P31).
INSERT INTO inbox (consumer, source, event_id)
SELECT $1, source, event_id FROM unnest($2::text[], $3::text[]) AS seen (source, event_id) ORDER BY source, event_id
ON CONFLICT DO NOTHING RETURNING source, event_id;

-- name: prune_inbox
-- In small bites; kept longer than the topics and the longest replay.
DELETE FROM inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbox WHERE received_at < now() - $1::interval LIMIT 5000));

-- name: prune_accepted
-- As the inbox.
DELETE FROM accepted_event
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM accepted_event WHERE accepted_at < now() - $1::interval LIMIT 5000));

-- name: prune_parked
-- As the inbox: what a person has decided holds people's data; what waits for one stays however old.
DELETE FROM parked
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM parked WHERE state <> 'parked' AND decided_at < now() - $1::interval LIMIT 5000));

-- name: lock_parked_keys
-- Which of these keys have an unhandled message.
SELECT topic, key FROM parked_key
 WHERE consumer = $1 AND (topic, key) IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY topic, key FOR UPDATE;

-- name: lock_parked_key
-- Makes the key parked, or takes the lock of the one that is.
INSERT INTO parked_key (consumer, topic, key) VALUES ($1, $2, $3)
ON CONFLICT (consumer, topic, key) DO UPDATE SET parked_at = parked_key.parked_at;

-- name: park
-- A message that waits for a person, or behind one that does.
INSERT INTO parked (consumer, topic, key, partition, kafka_offset, kafka_timestamp, headers, payload, reason, error_class, attempts, first_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, now())) ON CONFLICT DO NOTHING RETURNING id;

-- name: count_recently_parked
-- For the bound: first causes in the window that nobody has decided yet, so that a decision frees the consumer at once.
SELECT count(*) FROM parked
 WHERE consumer = $1 AND error_class <> 'Waiting' AND first_at > coalesce($3::timestamptz, now()) - $2::interval AND state = 'parked';

-- name: count_recently_handled
-- At most that many: what was handled in the window, to compare with what was parked.
SELECT count(*) FROM (SELECT FROM inbox WHERE consumer = $1 AND received_at > now() - $2::interval LIMIT $3) recent;

-- name: write_operator_audit
-- Who decided about a message, and why; the time is the act's, which no rule counts.
INSERT INTO audit (at, actor, action, subject, detail) VALUES (now(), $1, $2, $3, $4);

-- name: list_parked
-- The first open message of every key, with how many wait behind it; messages without a key stand alone.
SELECT id, topic, key, headers ->> 'ce_id' AS event_id, headers ->> 'ce_source' AS source, headers ->> 'ce_type' AS type,
       reason, first_at, attempts, behind - 1 AS waiting_behind
  FROM (SELECT p.*, row_number() OVER key_order AS place,
               count(*) OVER (PARTITION BY topic, coalesce(key, 'no key ' || id)) AS behind
          FROM parked p WHERE consumer = $1 AND state = 'parked'
        WINDOW key_order AS (PARTITION BY topic, coalesce(key, 'no key ' || id) ORDER BY id)) open
 WHERE place = 1 ORDER BY first_at, id;

-- name: find_parked
-- One open message.
SELECT * FROM parked WHERE consumer = $1 AND id = $2 AND state = 'parked' FOR UPDATE;

-- name: show_parked
-- One open message, to be read.
SELECT * FROM parked WHERE consumer = $1 AND id = $2 AND state = 'parked';

-- name: next_parked
-- The first open message of a key.
SELECT * FROM parked WHERE consumer = $1 AND topic = $2 AND key = $3 AND state = 'parked' ORDER BY id LIMIT 1 FOR UPDATE;

-- name: decide_parked
-- Replayed or discarded, by whom.
UPDATE parked SET state = $2, decided_by = $3, decided_at = now() WHERE id = $1;

-- name: fail_replay
-- The replay failed: what is wrong now.
UPDATE parked SET reason = $2, error_class = $3, attempts = attempts + 1 WHERE id = $1;

-- name: open_parked_key
-- Nothing waits any more: the key flows again.
DELETE FROM parked_key WHERE consumer = $1 AND topic = $2 AND key = $3;

-- name: record_progress
-- Counts of one delivery for one partition; a lower offset was counted before (P35).
INSERT INTO progress AS p (consumer, topic, partition, reached, processed, parked, ignored, duplicates, redelivered)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
ON CONFLICT (consumer, topic, partition) DO UPDATE
   SET reached = greatest(p.reached, excluded.reached), processed = p.processed + excluded.processed,
       parked = p.parked + excluded.parked, ignored = p.ignored + excluded.ignored,
       duplicates = p.duplicates + excluded.duplicates, redelivered = p.redelivered + excluded.redelivered;

-- name: lock_progress
-- How far each partition was counted; the lock keeps two owners of a partition from counting at once.
SELECT topic, partition, reached FROM progress
 WHERE consumer = $1 AND (topic, partition) IN (SELECT * FROM unnest($2::text[], $3::int[]))
 ORDER BY topic, partition FOR UPDATE;

-- name: begin_progress
-- Rows of partitions that were never counted, locked as they are made; waits for whoever makes the same.
INSERT INTO progress (consumer, topic, partition, reached)
SELECT $1, place.*, -1 FROM unnest($2::text[], $3::int[]) AS place ON CONFLICT DO NOTHING RETURNING topic, partition;

-- name: lower_progress
-- The partition is read again from after this offset (never raised).
UPDATE progress SET reached = least(reached, $4) WHERE consumer = $1 AND topic = $2 AND partition = $3;

-- name: consumed
-- Totals by topic.
SELECT topic, sum(processed)::bigint AS processed, sum(parked)::bigint AS parked, sum(ignored)::bigint AS ignored,
       sum(duplicates)::bigint AS duplicates, sum(redelivered)::bigint AS redelivered
  FROM progress WHERE consumer = $1 GROUP BY topic ORDER BY topic;

-- name: milliseconds
-- The one clock that all processes of a service share: their own may differ by minutes.
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- name: outbox_waiting
-- How much has not left yet, and for how many seconds the oldest has waited.
SELECT count(*) AS waiting, extract(epoch FROM clock_timestamp() - min(occurred_at))::float AS oldest_seconds FROM outbox;

-- name: record_lag
-- What waits in these partitions; an unchanged number is written twice a minute, so that its age tells a silent worker.
INSERT INTO lag (consumer, topic, partition, records, heard_at)
SELECT $1, heard.topic, heard.partition, heard.records, clock_timestamp()
  FROM unnest($2::text[], $3::int[], $4::bigint[]) AS heard (topic, partition, records)
    ON CONFLICT (consumer, topic, partition) DO UPDATE SET records = excluded.records, heard_at = excluded.heard_at
 WHERE lag.records <> excluded.records OR lag.heard_at < excluded.heard_at - interval '30 seconds';

-- name: lag_by_topic
-- What waits, and for how many seconds nothing was heard of the partition that was silent longest.
SELECT topic, sum(records)::bigint AS lag, extract(epoch FROM clock_timestamp() - min(heard_at))::float AS silent_seconds
  FROM lag WHERE consumer = $1 GROUP BY topic ORDER BY topic;

-- name: note_gaps
-- Records that were gone before they were read; returns what was not known yet.
INSERT INTO gap (consumer, topic, partition, first, last)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[])
ON CONFLICT DO NOTHING RETURNING topic, partition, first, last;

-- name: records_gone
-- By topic, of the last day.
SELECT topic, sum(last - first + 1)::bigint AS records FROM gap
 WHERE consumer = $1 AND noticed_at > clock_timestamp() - interval '1 day' GROUP BY topic;

-- name: see_topics
-- The first id of a name is the one that counts; another one is kept beside it until a person has rewound.
INSERT INTO topic_seen AS t (consumer, topic, id)
SELECT $1, * FROM unnest($2::text[], $3::uuid[])
ON CONFLICT (consumer, topic) DO UPDATE SET made_again = excluded.id, noticed_at = clock_timestamp()
 WHERE t.id <> excluded.id AND t.made_again IS DISTINCT FROM excluded.id
RETURNING topic, made_again IS NOT NULL AS made_again;

-- name: topics_made_again
-- Those whose offsets here belong to a topic that is no more.
SELECT topic FROM topic_seen WHERE consumer = $1 AND made_again IS NOT NULL ORDER BY topic;

-- name: accept_topics
-- From now on the new ones count.
UPDATE topic_seen SET id = made_again, made_again = NULL
 WHERE consumer = $1 AND topic = ANY ($2::text[]) AND made_again IS NOT NULL;
