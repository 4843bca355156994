CREATE TABLE decision (
    id      TEXT    NOT NULL PRIMARY KEY,
    call    TEXT    REFERENCES call (id), -- null: not made in a call
    subject TEXT    NOT NULL,
    slot    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX decision_call ON decision (call, at, id);
CREATE INDEX decision_subject ON decision (subject, at, id);

CREATE TABLE outcome (
    id       TEXT    NOT NULL PRIMARY KEY,
    decision TEXT    NOT NULL REFERENCES decision (id),
    call     TEXT    REFERENCES call (id),
    subject  TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX outcome_key ON outcome (key) WHERE key <> '';
CREATE INDEX outcome_call ON outcome (call, at, id);
CREATE INDEX outcome_decision ON outcome (decision, at, id);
CREATE INDEX outcome_subject ON outcome (subject, at, id);
