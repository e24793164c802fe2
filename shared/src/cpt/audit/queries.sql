-- The statements of the audit record; the same in every service's schema.

-- name: try_sealing_lock
-- One sealing loop per schema and round; no writer of an audit row waits for it.
SELECT true FROM lock_row WHERE name = 'audit_seal' FOR UPDATE SKIP LOCKED;

-- name: last_seal
-- Where the chain ends.
SELECT position, row_id, row_digest, previous, sealed_at, (SELECT max(row_id) FROM audit_seal) AS highest_row
  FROM audit_seal ORDER BY position DESC LIMIT 1;

-- name: find_unsealed
-- Committed rows without a seal, whenever they committed: a gap in the ids may still fill.
SELECT id, at, actor, action, subject, detail FROM audit
 WHERE id > $1 AND NOT EXISTS (SELECT FROM audit_seal WHERE row_id = audit.id) ORDER BY id LIMIT $2;

-- name: add_seals
-- The next links of the chain.
INSERT INTO audit_seal (position, row_id, row_digest, previous, sealed_at)
SELECT position, row_id, row_digest, previous, $5
  FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS link (position, row_id, row_digest, previous);

-- name: list_chain
-- Every link with the row it seals, as far as it is still there.
SELECT s.position, s.row_id, s.row_digest, s.previous, s.sealed_at,
       a.id, a.at, a.actor, a.action, a.subject, a.detail
  FROM audit_seal s LEFT JOIN audit a ON a.id = s.row_id ORDER BY s.position;

-- name: list_removals
-- What retention has removed, as it wrote it down.
SELECT id, at, actor, detail ->> 'rows' AS rows, (detail ->> 'count')::bigint AS count
  FROM audit WHERE action = 'audit_rows_removed' ORDER BY id;

-- name: is_removed
-- Which of these rows a removal names.
SELECT row_id FROM unnest($1::bigint[]) AS row_id
 WHERE EXISTS (SELECT FROM audit WHERE action = 'audit_rows_removed' AND row_id <@ (detail ->> 'rows')::int8multirange);

-- name: choose_expired
-- Sealed rows from before that time, as ranges of ids; what was written down about earlier removals stays.
SELECT range_agg(int8range(id, id, '[]'))::text AS rows, count(*) AS count
  FROM (SELECT id FROM audit JOIN audit_seal ON row_id = id
         WHERE at < $1 AND action <> 'audit_rows_removed' ORDER BY id LIMIT $2) expired;

-- name: write_removal
-- The tombstone: an audit row like any other, sealed like any other.
INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'audit_rows_removed', 'audit', $3);

-- name: allow_removal
-- For this transaction only; the owner holds no right to delete outside of it.
GRANT DELETE ON audit TO CURRENT_USER;

-- name: remove_rows
-- What the tombstone names.
DELETE FROM audit WHERE id <@ $1::text::int8multirange;

-- name: forbid_removal
-- As it was.
REVOKE DELETE ON audit FROM CURRENT_USER;
