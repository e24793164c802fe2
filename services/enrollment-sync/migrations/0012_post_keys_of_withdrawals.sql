-- One for each career. Until here a second career's withdrawal of the same term is refused and tried again.
-- squawk-ignore ban-drop-constraint
ALTER TABLE term_withdrawal DROP CONSTRAINT term_withdrawal_pkey,
    ADD CONSTRAINT term_withdrawal_pkey PRIMARY KEY USING INDEX term_withdrawal_of_career;
-- squawk-ignore ban-drop-constraint
ALTER TABLE session_withdrawal DROP CONSTRAINT session_withdrawal_pkey,
    ADD CONSTRAINT session_withdrawal_pkey PRIMARY KEY USING INDEX session_withdrawal_of_career;
