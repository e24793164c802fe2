-- Several courses of one term: each is lost, and comes back, by itself (A23). Empty: the term's one. The code of before names
-- no key where it inserts, so that the wider one is nothing to it.
ALTER TABLE loss_hit ADD COLUMN course text NOT NULL DEFAULT '';
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX loss_hit_of_course ON loss_hit (loss_id, request_id, strm, course);
-- squawk-ignore ban-drop-constraint
ALTER TABLE loss_hit DROP CONSTRAINT loss_hit_pkey,
    ADD CONSTRAINT loss_hit_pkey PRIMARY KEY USING INDEX loss_hit_of_course;
