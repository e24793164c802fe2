-- The courses a CPT rests on, and losses of other kinds than theirs (A23 to A25, A32, A33, P17, P25).

-- What a DSO confirmed or was assumed beside the facts, and which section is followed; empty: the facts count.
ALTER TABLE watch ADD COLUMN basis jsonb NOT NULL DEFAULT '{}';

-- `replaced`: another course was added in the same act; `unnamed`: nobody has named the course, so each drop counts.
ALTER TABLE loss ADD COLUMN kind text NOT NULL DEFAULT 'enrollment';

-- `annotated_at`: an event showed it met again, and only a read begun later ends it (P25); `replacement`: the class that
-- took the place of the lost one.
ALTER TABLE loss_hit ADD COLUMN annotated_at timestamptz;
ALTER TABLE loss_hit ADD COLUMN replacement text;

-- Ends the rows of its session with a lower source_seq.
CREATE TABLE session_withdrawal (
    emplid        text   NOT NULL REFERENCES student,
    strm          text   NOT NULL,
    session_code  text   NOT NULL,
    withdraw_code text   NOT NULL,
    effective_dt  date   NOT NULL,
    source_seq    bigint NOT NULL,
    origin        jsonb  NOT NULL,
    PRIMARY KEY (emplid, strm, session_code)
);

-- When the last reads began that lay below what was told; three begun after an event outlive it (P17).
ALTER TABLE student ADD COLUMN stale_reads timestamptz[] NOT NULL DEFAULT '{}';
ALTER TABLE student ADD COLUMN sequence_at timestamptz;

-- Since when a message about the student is parked, as it was said to review (P29).
ALTER TABLE student ADD COLUMN blind_since timestamptz;
