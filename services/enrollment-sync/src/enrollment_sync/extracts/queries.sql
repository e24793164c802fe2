-- What extracts and Integration Broker messages have told: the rows as they stand, and which files told them.

-- name: lock_extracts
-- One import at a time; the last sequence that was given away.
SELECT last_seq FROM extract_state FOR UPDATE;

-- name: save_last_seq
-- After everything of one import; a read from now on is newer than all of it.
UPDATE extract_state SET last_seq = $1;

-- name: last_seq
-- What a read is answered with as the student's last sequence (P17).
SELECT last_seq FROM extract_state;

-- name: known_rows
-- Those that are known already, of one batch.
SELECT r.* FROM extract_row r JOIN json_populate_recordset(NULL::extract_row, $1) k
  ON (r.record, r.emplid, r.strm, r.acad_career, r.institution, r.class_nbr)
   = (k.record, k.emplid, k.strm, k.acad_career, k.institution, k.class_nbr);

-- name: put_rows
-- As the newest extract or message has them.
INSERT INTO extract_row SELECT * FROM json_populate_recordset(NULL::extract_row, $1)
ON CONFLICT (record, emplid, strm, acad_career, institution, class_nbr) DO UPDATE
   SET data = excluded.data, as_of = excluded.as_of, updated = excluded.updated, source_seq = excluded.source_seq;

-- name: keys_of_scopes
-- Every row that a full extract of these terms must have, unless it is gone.
SELECT r.emplid, r.strm, r.acad_career, r.institution, r.class_nbr, r.as_of FROM extract_row r
  JOIN unnest($2::text[], $3::text[]) AS scope (institution, strm)
 USING (institution, strm) WHERE r.record = $1;

-- name: remove_rows
-- Which a complete extract no longer has, or a message says were deleted.
DELETE FROM extract_row r USING json_populate_recordset(NULL::extract_row, $1) k
 WHERE (r.record, r.emplid, r.strm, r.acad_career, r.institution, r.class_nbr)
     = (k.record, k.emplid, k.strm, k.acad_career, k.institution, k.class_nbr);

-- name: raise_withdrawals
-- A term's withdrawal stands as long as the record says so: above the class rows that are heard of for the first time.
UPDATE extract_row w SET source_seq = $2
  FROM (SELECT DISTINCT emplid, strm, acad_career, institution FROM extract_row
         WHERE record = 'STDNT_ENRL' AND source_seq >= $1) told
 WHERE w.record = 'STDNT_CAR_TERM' AND w.data ->> 'withdraw_code' <> 'NWD' AND w.source_seq < $2
   AND (w.emplid, w.strm, w.acad_career, w.institution) = (told.emplid, told.strm, told.acad_career, told.institution);

-- name: scopes
-- When each term was last told completely.
SELECT institution, strm, taken_at FROM extract_scope WHERE record = $1;

-- name: put_scopes
-- After a full extract.
INSERT INTO extract_scope (record, institution, strm, taken_at)
SELECT $1, institution, strm, $4 FROM unnest($2::text[], $3::text[]) AS scope (institution, strm)
ON CONFLICT (record, institution, strm) DO UPDATE SET taken_at = excluded.taken_at;

-- name: add_import
-- One file and what became of it.
INSERT INTO extract_import (import_id, record, mode, name, size, modified_at, taken_at, outcome, report, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: is_imported
-- A file that had its effect; the same again has none.
SELECT EXISTS (SELECT FROM extract_import WHERE record = $1 AND name = $2 AND size = $3 AND modified_at = $4
                  AND outcome IN ('applied', 'late'));

-- name: classes_of
-- What a class is called, from the rows of anybody who took it: a message about one has its number alone.
SELECT DISTINCT ON (institution, strm, class_nbr) institution, strm, class_nbr,
       data ->> 'subject' AS subject, data ->> 'catalog_nbr' AS catalog_nbr, data ->> 'component' AS component,
       data ->> 'primary_class_nbr' AS primary_class_nbr
  FROM extract_row JOIN unnest($1::text[], $2::text[], $3::text[]) AS class (institution, strm, class_nbr)
 USING (institution, strm, class_nbr) WHERE record = 'STDNT_ENRL';

-- name: rows_of_student
-- All that is known of one student.
SELECT record, strm, acad_career, class_nbr, data, source_seq FROM extract_row
 WHERE emplid = $1 ORDER BY record, strm, class_nbr;

-- name: told_at
-- When a term, or any, was last told completely; null where none ever was.
SELECT max(taken_at) FROM extract_scope WHERE record = 'STDNT_ENRL' AND ($1::text IS NULL OR strm = $1);

-- name: count_of_term
-- The rows of a term's snapshot.
SELECT count(*) FROM extract_row WHERE strm = $1 AND record = 'STDNT_ENRL';

-- name: rows_of_term
-- The next rows of a snapshot, and the withdrawals that stand.
SELECT record, emplid, strm, acad_career, institution, class_nbr, data, source_seq FROM extract_row
 WHERE strm = $1 AND (record = 'STDNT_ENRL' OR (record = 'STDNT_CAR_TERM' AND data ->> 'withdraw_code' <> 'NWD'))
   AND (record, emplid, acad_career, institution, class_nbr) > ($2, $3, $4, $5, $6)
 ORDER BY record, emplid, acad_career, institution, class_nbr LIMIT 1000;

-- name: forget_terms
-- Rows of terms that are over for everybody whom we could be asked about.
WITH forgotten AS (DELETE FROM extract_scope WHERE strm = ANY ($1::text[]))
DELETE FROM extract_row WHERE strm = ANY ($1::text[]);

-- name: look_at_one_moment
-- Whatever is imported while a snapshot is written does not change it.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
