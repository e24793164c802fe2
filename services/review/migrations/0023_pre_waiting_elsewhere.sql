-- What the other services told last of their messages that wait for a person: operations see all of them in one place.
CREATE TABLE service_waiting (
    service       text PRIMARY KEY,          -- the source of its events
    at            timestamptz NOT NULL,      -- by its own clock
    parked        jsonb NOT NULL,            -- the oldest ones
    parked_in_all int NOT NULL,
    rejected      int NOT NULL
);
