-- What was said last of the open alarms, so that a change is said at once.
ALTER TABLE monitoring ADD COLUMN alarms text[] NOT NULL DEFAULT '{}';
