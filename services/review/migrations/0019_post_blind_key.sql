-- squawk-ignore ban-drop-constraint
ALTER TABLE student_blind DROP CONSTRAINT student_blind_pkey,
    ADD CONSTRAINT student_blind_pkey PRIMARY KEY USING INDEX student_blind_of_source;
