-- Systems that are told of changes. Purposes and channels are words with
-- spaces between; empty is all. Nothing here is personal.
CREATE TABLE recipient (
    name     TEXT    NOT NULL PRIMARY KEY,
    key      TEXT    NOT NULL, -- id of its API key
    purposes TEXT    NOT NULL,
    channels TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    asked    INTEGER NOT NULL DEFAULT 0 -- when it last asked
) STRICT;

-- What is to be told to whom, written with the row itself, and what became of
-- it. A row that the recipient sees otherwise has seen but no confirmed.
CREATE TABLE consent_told (
    recipient TEXT    NOT NULL REFERENCES recipient (name),
    n         INTEGER NOT NULL, -- the row's place in the table of consent
    id        TEXT    NOT NULL, -- the row
    person    TEXT    NOT NULL, -- not "customer": that somebody was told outlives their erasure
    closes    INTEGER NOT NULL,
    due       INTEGER NOT NULL, -- since when it is to be told
    told      INTEGER,
    confirmed INTEGER,
    seen      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (recipient, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_told_id ON consent_told (id, recipient);
CREATE INDEX consent_told_person ON consent_told (person, recipient, n);
CREATE INDEX consent_told_open ON consent_told (recipient, closes, n) WHERE confirmed IS NULL;

-- One signed sum over the ends of all ledgers for each day.
CREATE TABLE consent_root (
    day TEXT NOT NULL PRIMARY KEY, -- 2026-05-03, UTC
    doc TEXT NOT NULL
) STRICT;
CREATE INDEX consent_recorded ON consent (recorded);

-- The chains of erased persons: that their rows followed each other, without
-- what they said, so that the signed days can still be checked.
CREATE TABLE consent_gone (
    n         INTEGER NOT NULL PRIMARY KEY,
    id        TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    recorded  INTEGER NOT NULL,
    prev_hash TEXT    NOT NULL,
    hash      TEXT    NOT NULL
) STRICT;
CREATE INDEX consent_gone_person ON consent_gone (person, n);
CREATE TRIGGER consent_leaves_its_link BEFORE DELETE ON consent BEGIN
    INSERT INTO consent_gone (n, id, person, recorded, prev_hash, hash)
    VALUES (OLD.n, OLD.id, OLD.customer, OLD.recorded, OLD.prev_hash, OLD.hash);
END;
