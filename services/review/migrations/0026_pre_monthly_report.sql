-- Of which months the director was told: once each.
CREATE TABLE monthly_report (
    month date PRIMARY KEY,
    at    timestamptz NOT NULL
);
