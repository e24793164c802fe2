-- The courses a CPT rests on (A23, A24).

-- What is supposed for a request of before courses were named: the only class that looks like training.
ALTER TABLE case_file ADD COLUMN assumed_courses jsonb;

-- After issuance a DSO said which courses an authorization rests on; the last row of a version counts, none ever changes.
CREATE TABLE course_confirmation (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id   text NOT NULL,
    version      int  NOT NULL,
    courses      jsonb NOT NULL,
    previous     jsonb NOT NULL,
    comment      text NOT NULL,
    loss_id      text,                     -- the replacement that was confirmed
    confirmed_by jsonb NOT NULL,
    at           timestamptz NOT NULL,
    FOREIGN KEY (request_id, version) REFERENCES authorization_issued
);
CREATE INDEX course_confirmation_of ON course_confirmation (request_id, version, id);
CREATE TRIGGER confirmation_never_changes BEFORE UPDATE ON course_confirmation
  FOR EACH STATEMENT EXECUTE FUNCTION row_never_changes();

-- What took the place of the course in the same act, where the alert is about a replacement.
ALTER TABLE alert ADD COLUMN replacement jsonb;

-- What could not be read about a watched student (P29).
CREATE TABLE student_blind (
    request_id text PRIMARY KEY,
    emplid     text NOT NULL,
    since      timestamptz NOT NULL,
    unread     text[] NOT NULL
);
