-- The signed I-20 that a DSO uploaded for the student (A28); the file lies in the document store.
CREATE TABLE i20_file (
    request_id  text NOT NULL,
    version     int  NOT NULL,
    file        jsonb NOT NULL,            -- kind, key, hash, size, type, name
    added_by    text NOT NULL,
    added_at    timestamptz NOT NULL,
    fetched_at  timestamptz,               -- the download is the receipt
    reminded_at timestamptz,
    PRIMARY KEY (request_id, version),
    FOREIGN KEY (request_id, version) REFERENCES authorization_issued
);
CREATE INDEX i20_file_unfetched ON i20_file (added_at) WHERE fetched_at IS NULL AND reminded_at IS NULL;

-- What else a student has asked for, and whose case it is (A30, A31).
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX case_file_student ON case_file ((completion -> 'facts' ->> 'emplid'));
