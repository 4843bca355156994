-- Recordings made elsewhere, on their way to become calls. What is told of
-- their calls is sealed, and goes when they are done; hash and source stay, so
-- that none becomes a call twice.
CREATE TABLE recording (
    id       TEXT    NOT NULL PRIMARY KEY,
    state    TEXT    NOT NULL,
    platform TEXT    NOT NULL,
    source   TEXT,
    hash     TEXT,
    urgency  INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    came     INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX recording_source ON recording (platform, source) WHERE source IS NOT NULL;
CREATE UNIQUE INDEX recording_hash ON recording (hash) WHERE hash IS NOT NULL;
CREATE INDEX recording_waiting ON recording (state, urgency, due, id) WHERE state IN ('wanted', 'fetched', 'hearing');
CREATE INDEX recording_came ON recording (came, id);
CREATE INDEX recording_state ON recording (state, came, id);
