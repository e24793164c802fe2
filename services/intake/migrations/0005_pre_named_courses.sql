-- The courses a request rests on (A23): those the student named stand in the form, these a DSO confirmed.
ALTER TABLE request ADD COLUMN confirmed jsonb NOT NULL DEFAULT '[]';
