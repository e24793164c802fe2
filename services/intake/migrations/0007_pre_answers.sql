-- Whether the student wrote it, as an answer to the office.
ALTER TABLE message ADD COLUMN own boolean NOT NULL DEFAULT false;
