-- The overview looks at the decisions of some weeks. A migration is one transaction: each lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX decision_at ON decision (at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX number_arrived ON number (arrived_at);
