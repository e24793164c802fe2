-- Texts of the office as review told them last; an empty one is the default.
CREATE TABLE office_text (
    name    text PRIMARY KEY,
    version int  NOT NULL,
    text    text NOT NULL
);
