-- What the words on a call tell of a suggestion: one row for each action of a
-- call, the latest.
CREATE TABLE proposal (
    call   TEXT NOT NULL REFERENCES call (id),
    action TEXT NOT NULL,
    doc    TEXT NOT NULL, -- sealed
    PRIMARY KEY (call, action)
) STRICT, WITHOUT ROWID;
