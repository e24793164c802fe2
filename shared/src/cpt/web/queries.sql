-- The sessions of signed-in browsers; the same in every service's schema.

-- name: start_session
-- Somebody signed in.
INSERT INTO browser_session (id, sub, roles, tokens, ask_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: end_oldest_sessions
-- Of one person all but the newest so many.
DELETE FROM browser_session WHERE id IN (SELECT id FROM browser_session WHERE sub = $1 ORDER BY ends_at DESC, id OFFSET $2);

-- name: find_session
-- The row of a cookie, while it lasts.
SELECT sub, roles, ask_at, unanswered_since FROM browser_session WHERE id = $1 AND ends_at > $2;

-- name: claim_revalidation
-- One request at a time asks the issuer; the others go on with what is known.
UPDATE browser_session SET ask_at = $3 WHERE id = $1 AND ask_at <= $2 RETURNING tokens;

-- name: keep_answer
-- What the issuer said, unless the session ended meanwhile.
UPDATE browser_session SET roles = $2, tokens = $3, ask_at = $4, unanswered_since = NULL WHERE id = $1;

-- name: record_issuer_outage
-- Since when the issuer has not answered about this session.
UPDATE browser_session SET unanswered_since = coalesce(unanswered_since, $2) WHERE id = $1 RETURNING unanswered_since;

-- name: sessions_of_person
-- Every browser of one person, the first to end first, and whether it is the one of this id.
SELECT ends_at, id = $3 AS here FROM browser_session WHERE sub = $1 AND ends_at > $2 ORDER BY ends_at;

-- name: end_session
-- With it every copy of the cookie.
DELETE FROM browser_session WHERE id = $1;

-- name: end_sessions_of
-- Every browser of one person, or of everybody.
DELETE FROM browser_session WHERE sub = $1 OR $1 IS NULL;

-- name: forget_ended_sessions
-- What ended by itself.
DELETE FROM browser_session WHERE ends_at <= $1;

-- name: keep_form
-- What was typed last in this session and not taken.
INSERT INTO kept_form (session, sealed, at) VALUES ($1, $2, $3)
ON CONFLICT (session) DO UPDATE SET sealed = excluded.sealed, at = excluded.at;

-- name: find_kept_form
-- What this session keeps.
SELECT sealed FROM kept_form WHERE session = $1;

-- name: move_kept_form
-- The same person signed in again, in the same browser.
UPDATE kept_form SET session = $2 WHERE session = $1 RETURNING sealed;

-- name: forget_kept_forms
-- Nobody came back for them.
DELETE FROM kept_form WHERE at <= $1;
