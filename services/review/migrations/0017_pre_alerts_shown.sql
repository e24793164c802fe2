-- Which alerts a person is shown: one rule for the board, its counts, the search and what is done to several at once.
-- The planner puts the body in place of the call, so that every index serves as before.
CREATE FUNCTION alerts_shown_to(reader text, adviser text) RETURNS SETOF alert STABLE LANGUAGE sql
BEGIN ATOMIC
    SELECT a.* FROM alert a
     WHERE a.alert_id <> ALL (ARRAY(SELECT own.alert_id FROM alert own WHERE own.loss ->> 'emplid' = reader)) -- A31
       AND (adviser IS NULL                              -- whose role is shown all of them
            OR a.proposed_outcome IS NOT NULL            -- waits for a second person
            OR EXISTS (SELECT FROM alert_delegate d WHERE d.alert_id = a.alert_id AND d.adviser = alerts_shown_to.adviser)
            OR coalesce((SELECT bool_or(c.holder ->> 'sub' = alerts_shown_to.adviser) FROM case_file c
                          WHERE c.request_id = ANY (a.request_ids) AND c.holder IS NOT NULL), true)); -- or nobody holds a case
END;
