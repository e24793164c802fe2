-- A check goes on with the trace of the latest event that asked for it.
ALTER TABLE due_check ADD COLUMN traceparent text;
