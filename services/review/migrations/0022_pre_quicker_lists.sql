-- What each list counts and looks for at a hundred thousand rows is counted and found through an index alone.
-- A migration is one transaction: each lock is a moment.

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alert_closed_severity ON alert (severity) WHERE state = 'closed';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_counted ON case_file (state) WHERE completion IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_in_hand ON case_file ((holder ->> 'sub'), receipt_number) WHERE state IN ('assigned', 'approved');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX authorization_starts ON authorization_issued ((issued -> 'segments' -> 0 ->> 'start_date'));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX authorization_ends ON authorization_issued ((issued -> 'segments' -> -1 ->> 'end_date'));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX authorization_cut ON authorization_change (until) WHERE until IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX task_request ON task (request_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX task_by_due_day ON task ((coalesce(due_on, (raised_at AT TIME ZONE 'America/New_York')::date + 2)), id) WHERE done_at IS NULL;
