-- What a change would have done: runs over the decisions of the past. Their
-- reports hold counts and tell of nobody. At most one is unfinished.
CREATE TABLE simulation (
    id      TEXT    NOT NULL PRIMARY KEY,
    state   TEXT    NOT NULL,
    started INTEGER NOT NULL,
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX simulation_started ON simulation (started, id);
CREATE UNIQUE INDEX simulation_open ON simulation (state) WHERE state = 'running';

-- Whose decisions fall into a stretch of time.
CREATE INDEX decision_at ON decision (at, id, subject);
