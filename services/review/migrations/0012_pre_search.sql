-- Whatever staff look for: every request by name, EMPLID, reference, receipt number and employer, incomplete ones too.

-- The words of a text as people type them: lower case, without accents. Punctuation parts words.
CREATE FUNCTION search_words(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_remove(regexp_split_to_array(translate(
    lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđðı', 'olddi'), '[^[:alnum:]]+'), ''))
$$;

-- How each request stands, as intake told last; a case knows its own state better.
CREATE TABLE request_summary (
    request_id     text PRIMARY KEY,
    reference      text NOT NULL,
    emplid         text NOT NULL,
    student_name   text NOT NULL,
    employer       text NOT NULL,
    receipt_number bigint,
    status         text NOT NULL CHECK (status IN ('incomplete', 'returned', 'not_required', 'complete')),
    missing        jsonb NOT NULL DEFAULT '[]',
    at             timestamptz NOT NULL,
    words          tsvector NOT NULL GENERATED ALWAYS AS (search_words(
                     student_name || ' ' || employer || ' ' || reference || ' ' || emplid)) STORED
);
CREATE INDEX request_summary_words ON request_summary USING gin (words);
CREATE INDEX request_summary_student ON request_summary (emplid);
CREATE INDEX request_summary_number ON request_summary (receipt_number);
CREATE INDEX request_summary_age ON request_summary (at) WHERE status <> 'complete';

INSERT INTO request_summary (request_id, reference, emplid, student_name, employer, receipt_number, status, at)
SELECT request_id, completion ->> 'reference', completion -> 'facts' ->> 'emplid', completion -> 'recipient' ->> 'name',
       completion -> 'form' ->> 'employer', receipt_number, 'complete', (completion ->> 'received_at')::timestamptz
  FROM case_file WHERE completion IS NOT NULL;

-- What left by mail about a request or an alert, as notifier tells; the text stays there.
CREATE TABLE notice (
    notice_id  text PRIMARY KEY,
    subject_id text NOT NULL,
    kind       text NOT NULL,
    sent       boolean NOT NULL,           -- else it failed for good
    at         timestamptz NOT NULL
);
CREATE INDEX notice_subject ON notice (subject_id, at);

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alert_requests ON alert USING gin (request_ids);
