-- A notice goes on with the trace of the event that deserved it.
ALTER TABLE notice ADD COLUMN traceparent text;
