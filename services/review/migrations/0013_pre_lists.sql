-- Lists that stay quick at a hundred thousand rows. A migration is one transaction: each lock is a moment.

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_newest ON case_file (receipt_number DESC NULLS LAST, request_id) WHERE completion IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_newest_of_state ON case_file (state, receipt_number DESC NULLS LAST, request_id) WHERE completion IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_adviser ON case_file ((holder ->> 'sub'), receipt_number) WHERE holder IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_due ON case_file (due_on) WHERE state IN ('pending', 'waiting', 'assigned', 'approved');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alert_closed ON alert (closed_at DESC, alert_id) WHERE state = 'closed';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alert_newest ON alert (raised_at DESC, alert_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alert_student ON alert ((loss ->> 'emplid'));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX task_done ON task (done_at DESC, id) WHERE done_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX number_state ON number (state) WHERE state IN ('pending', 'waiting', 'unreadable', 'set_aside');
