-- What the other services tell of their messages.

-- name: keep_waiting
-- As it was told last: of one service it comes in order, whatever the clocks of its processes say.
INSERT INTO service_waiting (service, at, parked, parked_in_all, rejected) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (service) DO UPDATE SET at = excluded.at, parked = excluded.parked, parked_in_all = excluded.parked_in_all,
  rejected = excluded.rejected;

-- name: waiting_by_service
-- Each service that has told anything.
SELECT service, at, parked, parked_in_all, rejected FROM service_waiting;
