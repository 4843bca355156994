-- +goose Up
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
    customer  TEXT    NOT NULL,
    closes    INTEGER NOT NULL,
    due       INTEGER NOT NULL, -- since when it is to be told
    told      INTEGER,
    confirmed INTEGER,
    seen      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (recipient, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_told_id ON consent_told (id, recipient);
CREATE INDEX consent_told_customer ON consent_told (customer, id);
CREATE INDEX consent_told_open ON consent_told (recipient, closes, n) WHERE confirmed IS NULL;

-- One signed sum over the ends of all ledgers for each day.
CREATE TABLE consent_root (
    day TEXT NOT NULL PRIMARY KEY, -- 2026-05-03, UTC
    doc TEXT NOT NULL
) STRICT;
CREATE INDEX consent_recorded ON consent (recorded);
