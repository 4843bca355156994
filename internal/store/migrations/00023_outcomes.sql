-- Suggestions that were shown and not answered, and until when an answer is
-- waited for.
CREATE TABLE awaited (
    decision TEXT    NOT NULL REFERENCES decision (id),
    action   TEXT    NOT NULL,
    customer TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    due      INTEGER NOT NULL,
    PRIMARY KEY (decision, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_due ON awaited (due);
CREATE INDEX awaited_customer ON awaited (customer);

-- Outcomes of decisions that are not known: they may come yet.
CREATE TABLE parked_outcome (
    key      TEXT    NOT NULL PRIMARY KEY,
    decision TEXT    NOT NULL,
    at       INTEGER NOT NULL, -- when it came
    doc      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_outcome_at ON parked_outcome (at);
