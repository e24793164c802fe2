-- What happens to a request after its I-20 was issued (P23, A28, case 83).

-- What was told of the agreement last: verdict, version and dates; absent while it holds.
ALTER TABLE request ADD COLUMN loss_told jsonb;

-- The signed I-20 that the office uploaded, and when the student fetched it first.
ALTER TABLE request ADD COLUMN i20_file jsonb;

-- Why the student shall contact the office before working again: by alert, until it is closed.
CREATE TABLE concern (
    alert_id   text NOT NULL,
    request_id text NOT NULL REFERENCES request,
    since      timestamptz NOT NULL,
    closed_at  timestamptz,
    PRIMARY KEY (request_id, alert_id)
);
