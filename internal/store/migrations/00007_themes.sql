-- What people and discovery say a theme is. These rows are facts; the tables
-- behind them are derived from the log and can be built again.
CREATE TABLE theme (
    id      TEXT    NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    scanned INTEGER NOT NULL, -- history was read up to this turn
    until   INTEGER NOT NULL, -- and is to be read up to this one
    doc     TEXT    NOT NULL
) STRICT;

CREATE TABLE theme_change (
    n     INTEGER PRIMARY KEY,
    theme TEXT    NOT NULL REFERENCES theme (id),
    at    INTEGER NOT NULL,
    doc   TEXT    NOT NULL
) STRICT;
CREATE INDEX theme_change_theme ON theme_change (theme, n);

-- One row: what discovery has learned, and a number that grows whenever what
-- the themes match can have changed.
CREATE TABLE theme_model (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    turns   INTEGER NOT NULL, -- how many turns discovery had read
    doc     BLOB    NOT NULL
) STRICT;
INSERT INTO theme_model (one, version, turns, doc) VALUES (1, 0, 0, x'');

-- An episode is a time in which a theme was new or growing; one open at most.
CREATE TABLE theme_episode (
    n     INTEGER PRIMARY KEY,
    theme TEXT    NOT NULL REFERENCES theme (id),
    began INTEGER NOT NULL,
    seen  INTEGER NOT NULL, -- when it was last found so
    ended INTEGER,          -- null: open
    doc   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX theme_episode_open ON theme_episode (theme) WHERE ended IS NULL;
CREATE INDEX theme_episode_began ON theme_episode (began, n);

-- What customers said, as it now reads. There is no cascade on purpose: to
-- erase a call its turns must be dropped first, which mends the counters.
CREATE TABLE turn (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    utterance TEXT    NOT NULL UNIQUE,
    call      TEXT    NOT NULL REFERENCES call (id),
    slot      INTEGER NOT NULL, -- quarter of an hour in which the call began
    at        INTEGER NOT NULL, -- when it was said
    rev       INTEGER NOT NULL, -- number of the event that it reads from
    language  TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    labels    TEXT    NOT NULL  -- what was understood of it, as "kind:name", spaces between
) STRICT;
CREATE INDEX turn_call ON turn (call);

CREATE TABLE theme_turn (
    theme    TEXT    NOT NULL REFERENCES theme (id),
    call     TEXT    NOT NULL,
    turn     INTEGER NOT NULL REFERENCES turn (n),
    slot     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    score    REAL    NOT NULL,
    evidence TEXT    NOT NULL,
    PRIMARY KEY (theme, call, turn)
) STRICT, WITHOUT ROWID;
CREATE INDEX theme_turn_turn ON theme_turn (turn, theme);
CREATE INDEX theme_turn_at ON theme_turn (theme, at, turn);

-- Counters. A call counts in the quarter of an hour in which it began, with
-- all its turns, so that sums over any hours, days or weeks are exact in every
-- time zone. The theme '' is the volume: all calls with a customer's words.
CREATE TABLE theme_count (
    theme TEXT    NOT NULL,
    slot  INTEGER NOT NULL,
    turns INTEGER NOT NULL CHECK (turns >= 0),
    calls INTEGER NOT NULL CHECK (calls >= 0),
    PRIMARY KEY (theme, slot)
) STRICT, WITHOUT ROWID;
