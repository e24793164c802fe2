-- Rows are changed in place. A batch may change every row of a page once before the old ones can be cleared away:
-- with half of it free, such a change touches no index and moves no row.
ALTER TABLE student SET (fillfactor = 50);
ALTER TABLE enrollment_row SET (fillfactor = 50);
