-- A withdrawal is from the term of one career; empty where SPIRE did not say which. Old keys fall after the deployment.
ALTER TABLE term_withdrawal ADD COLUMN acad_career text NOT NULL DEFAULT '';
ALTER TABLE session_withdrawal ADD COLUMN acad_career text NOT NULL DEFAULT '';
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX term_withdrawal_of_career ON term_withdrawal (emplid, strm, acad_career);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX session_withdrawal_of_career ON session_withdrawal (emplid, strm, session_code, acad_career);
