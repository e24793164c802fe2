-- Students of whom a message of Handshake could not be read; staff were told for each of their requests (P29).
CREATE TABLE agreements_unread (
    emplid text PRIMARY KEY,
    since  timestamptz NOT NULL
);
