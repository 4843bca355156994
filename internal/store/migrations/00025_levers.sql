-- What the levers of the business changed, counted from the log as decisions
-- are made. Nobody is in it. Days are those of the operator's time zone.
CREATE TABLE decided_day (
    day       TEXT    NOT NULL PRIMARY KEY, -- 2026-03-01
    decisions INTEGER NOT NULL,
    flipped   INTEGER NOT NULL,
    given_up  REAL    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lever_day (
    day      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    owner    TEXT    NOT NULL,
    since    INTEGER NOT NULL, -- when the lever began
    percent  REAL    NOT NULL,
    flipped  INTEGER NOT NULL,
    given_up REAL    NOT NULL,
    PRIMARY KEY (day, scope, name, owner, since)
) STRICT, WITHOUT ROWID;
