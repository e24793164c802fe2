-- What the request said in the round before, so that an adviser sees what changed; none before a second round.
ALTER TABLE case_file ADD COLUMN earlier jsonb;
