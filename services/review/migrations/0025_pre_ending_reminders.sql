-- That the student of an I-20 was reminded of its last day: once for each, whatever becomes of that day afterwards.
CREATE TABLE ending_reminder (
    request_id text NOT NULL,
    version    int  NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, version),
    FOREIGN KEY (request_id, version) REFERENCES authorization_issued
);
