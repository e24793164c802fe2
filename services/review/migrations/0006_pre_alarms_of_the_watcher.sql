-- What the watcher last said that operations must mend there.
ALTER TABLE monitoring ADD COLUMN alarms jsonb NOT NULL DEFAULT '[]';
