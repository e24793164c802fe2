-- Texts that a director changes.

-- name: latest_texts
-- Of each the version that counts.
SELECT DISTINCT ON (name) name, version, text, written_by, at FROM office_text ORDER BY name, version DESC;

-- name: text_versions
-- One text's versions, newest first.
SELECT version, text, written_by, at FROM office_text WHERE name = $1 ORDER BY version DESC LIMIT 50;

-- name: lock_texts
-- One change at a time.
SELECT true FROM lock_row WHERE name = 'office_text' FOR UPDATE;

-- name: add_text
-- A new version.
INSERT INTO office_text (name, version, text, written_by, at) VALUES ($1, $2, $3, $4, $5);

-- name: restore_text
-- A version that was told and is not here; nothing where it is.
INSERT INTO office_text (name, version, text, written_by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING version;
