-- For how long what is kept: each change is a row, the latest of a class holds.
CREATE TABLE retention_rule (
    n     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    class TEXT    NOT NULL,
    days  INTEGER NOT NULL, -- 0: for ever
    by    TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;

-- What must not be deleted for its age. One of a customer goes with them when
-- they are erased, for the table has their id as customer.
CREATE TABLE legal_hold (
    id       TEXT    NOT NULL PRIMARY KEY,
    customer TEXT    NOT NULL, -- '' where it is of a call
    call     TEXT    NOT NULL, -- '' where it is of a customer
    why      TEXT    NOT NULL, -- sealed
    by       TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX legal_hold_customer ON legal_hold (customer);
CREATE INDEX legal_hold_call ON legal_hold (call);

-- What was deleted of a call for its age.
CREATE TABLE aged (
    class TEXT    NOT NULL,
    call  TEXT    NOT NULL REFERENCES call (id),
    at    INTEGER NOT NULL,
    PRIMARY KEY (class, call)
) STRICT, WITHOUT ROWID;
CREATE INDEX aged_at ON aged (at);
