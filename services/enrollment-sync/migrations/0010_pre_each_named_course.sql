-- Several courses of one term: each is lost, and comes back, by itself (A23). Empty: the term's one.
ALTER TABLE loss_hit ADD COLUMN course text NOT NULL DEFAULT '';
ALTER TABLE loss_hit DROP CONSTRAINT loss_hit_pkey, ADD PRIMARY KEY (loss_id, request_id, strm, course);
