-- One work list: what a person of the office has to do after issuance has a due day, and is escalated once.
ALTER TABLE task ADD COLUMN due_on date;               -- absent in tasks from before: two days after they were raised
ALTER TABLE task ADD COLUMN escalated_at timestamptz;
ALTER TABLE task ADD COLUMN comment text;              -- of whoever did it
ALTER TABLE task ADD COLUMN about jsonb NOT NULL DEFAULT '{}';  -- what it rests on: a loss, the state of an agreement
-- A migration is one transaction: the lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX task_due ON task (due_on) WHERE done_at IS NULL;
