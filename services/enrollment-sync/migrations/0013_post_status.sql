-- Authorizations from before the status was read each day: their first read, spread over a day.
INSERT INTO due_check (emplid, why, not_before)
SELECT emplid, 'status', now() + random() * interval '1 day' FROM (SELECT DISTINCT emplid FROM watch WHERE state = 'open' AND issued IS NOT NULL) watched
ON CONFLICT DO NOTHING;
