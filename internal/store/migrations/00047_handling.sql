-- How an agent handled a call: whether suggestions were muted on it, and how it
-- was wrapped up. The document is sealed; whether it was ever muted is not, so
-- that it can be counted.
CREATE TABLE handling (
    call  TEXT    NOT NULL PRIMARY KEY REFERENCES call (id),
    muted INTEGER NOT NULL, -- 1: for a part of it at least
    doc   TEXT    NOT NULL
) STRICT;
