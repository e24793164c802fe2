-- Either the registrar's messages about the student cannot be read, or Handshake's, or both (P29). The old key falls after
-- the deployment.
ALTER TABLE student_blind ADD COLUMN source text NOT NULL DEFAULT 'SPIRE';
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX student_blind_of_source ON student_blind (request_id, source);
