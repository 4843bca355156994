-- What was understood of one utterance, to be replaced.
CREATE INDEX insight_utterance ON insight (utterance, n);

-- A run of the present analyzers over history. At most one is unfinished.
CREATE TABLE reanalysis (
    id      TEXT    NOT NULL PRIMARY KEY,
    state   TEXT    NOT NULL,
    started INTEGER NOT NULL,
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX reanalysis_started ON reanalysis (started, id);
CREATE UNIQUE INDEX reanalysis_open ON reanalysis (state) WHERE state = 'running';
