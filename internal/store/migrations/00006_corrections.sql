CREATE TABLE correction (
    utterance TEXT    NOT NULL PRIMARY KEY REFERENCES utterance (id),
    call      TEXT    NOT NULL REFERENCES call (id),
    at        INTEGER NOT NULL,
    doc       TEXT    NOT NULL
) STRICT;
CREATE INDEX correction_at ON correction (at, utterance);
CREATE INDEX correction_call ON correction (call);
