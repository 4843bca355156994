-- What people made of the catalogue, every version of it for ever. The files
-- of actions are the base; the row that is live or was retired last counts.
CREATE TABLE catalogue_version (
    kind    TEXT    NOT NULL, -- action or lever
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL, -- 1, 2, 3 ...
    state   TEXT    NOT NULL, -- draft, reviewed, live, retired
    author  TEXT    NOT NULL,
    doc     TEXT    NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

-- One live version of each, whatever happens.
CREATE UNIQUE INDEX catalogue_live ON catalogue_version (kind, id) WHERE state = 'live';

-- How many took an action up, for those of which there is only so much.
CREATE INDEX outcome_action ON outcome (action, outcome, at);

-- Who did what to which version, when and why.
CREATE TABLE catalogue_step (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT    NOT NULL, -- that it went into
    at      INTEGER NOT NULL,
    person  TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    FOREIGN KEY (kind, id, version) REFERENCES catalogue_version (kind, id, version)
) STRICT;
CREATE INDEX catalogue_step_of ON catalogue_step (kind, id, n);
