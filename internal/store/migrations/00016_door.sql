-- What lets a customer through their own door: links, codes and visits. Only
-- sums of the secrets are kept. A code that was asked for an address nobody
-- has is kept without a customer, and behaves as the others do.
CREATE TABLE door_pass (
    hash     BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    kind     TEXT    NOT NULL, -- link, code or visit
    customer TEXT    NOT NULL,
    expires  INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX door_pass_customer ON door_pass (customer, kind);
CREATE INDEX door_pass_expires ON door_pass (expires);

-- Decisions that the person they were about does not agree with.
CREATE TABLE contest (
    decision TEXT    NOT NULL PRIMARY KEY REFERENCES decision (id),
    customer TEXT    NOT NULL REFERENCES customer (id),
    at       INTEGER NOT NULL,
    answered INTEGER NOT NULL, -- 0 or 1
    doc      TEXT    NOT NULL
) STRICT;
CREATE INDEX contest_customer ON contest (customer, at);
CREATE INDEX contest_open ON contest (answered, at, decision);
