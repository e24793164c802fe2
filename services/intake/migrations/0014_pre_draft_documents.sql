-- Papers that a student uploads before the form is sent: they become the request's when it is.
CREATE TABLE draft_document (
    emplid      text   NOT NULL,
    key         text   NOT NULL,               -- of the draft
    kind        text   NOT NULL,
    strm        text,
    object_key  text   PRIMARY KEY,
    sha256      text   NOT NULL,
    size        bigint NOT NULL CHECK (size > 0),
    media_type  text   NOT NULL,
    name        text   NOT NULL,
    scan        text   NOT NULL,
    text        jsonb,                         -- of an offer letter
    received_at timestamptz NOT NULL,
    current     boolean NOT NULL DEFAULT true  -- a replaced one is kept for a day, because it was an upload
);
CREATE UNIQUE INDEX draft_document_current ON draft_document (emplid, key, kind, coalesce(strm, '')) WHERE current;
CREATE INDEX draft_document_age ON draft_document (received_at);
