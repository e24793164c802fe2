-- When each person last marked the alert board as read, for "what changed since".
CREATE TABLE board_look (
    person text PRIMARY KEY,
    at     timestamptz NOT NULL
);
