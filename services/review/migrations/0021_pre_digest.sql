-- Whose digest of a day was told: once each.
CREATE TABLE digest (
    day date NOT NULL,
    sub text NOT NULL,
    PRIMARY KEY (day, sub)
);
