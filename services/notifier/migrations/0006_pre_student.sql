-- Whom a notice concerns, where its event says so: nobody reads or writes about notices of their own request (A31).
ALTER TABLE notice ADD COLUMN emplid text;
-- A migration is one transaction: the lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX notice_student ON notice (emplid) WHERE emplid IS NOT NULL;
