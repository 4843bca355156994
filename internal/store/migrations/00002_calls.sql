CREATE TABLE call (
    id            TEXT    NOT NULL PRIMARY KEY,
    platform      TEXT    NOT NULL,
    platform_call TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    customer      TEXT    NOT NULL,
    started       INTEGER NOT NULL,
    doc           TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX call_platform ON call (platform, platform_call) WHERE platform_call <> '';
CREATE INDEX call_platform_call ON call (platform_call, started, id);
CREATE INDEX call_started ON call (started, id);
CREATE INDEX call_status ON call (status, started, id);
CREATE INDEX call_customer ON call (customer, started, id);

CREATE TABLE utterance (
    id       TEXT    NOT NULL PRIMARY KEY,
    call     TEXT    NOT NULL REFERENCES call (id),
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    speaker  TEXT    NOT NULL,
    start_ms INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;
-- Somebody says one thing at a time: the same side and second twice is a repeat.
CREATE UNIQUE INDEX utterance_said ON utterance (call, speaker, start_ms);
CREATE UNIQUE INDEX utterance_seq ON utterance (call, seq);

CREATE TABLE insight (
    n         INTEGER PRIMARY KEY,
    call      TEXT    NOT NULL REFERENCES call (id),
    utterance TEXT    NOT NULL, -- empty: about the whole call
    kind      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    speaker   TEXT    NOT NULL,
    start_ms  INTEGER NOT NULL,
    doc       TEXT    NOT NULL
) STRICT;
CREATE INDEX insight_call ON insight (call, n);
CREATE INDEX insight_name ON insight (kind, name, n);
-- Measuring a call again replaces the figures instead of adding to them.
CREATE UNIQUE INDEX insight_whole ON insight (call, kind, name, speaker, start_ms) WHERE utterance = '';
