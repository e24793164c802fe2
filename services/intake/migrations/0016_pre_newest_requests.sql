-- The list of all requests, a page at a time. A migration is one transaction: the lock is a moment.

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX request_newest ON request (submitted_at DESC, request_id DESC);
