CREATE TABLE customer (
    id      TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    name    TEXT    NOT NULL, -- lower case, to search in
    created INTEGER NOT NULL,
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX customer_created ON customer (created, id);

CREATE TABLE identifier (
    type     TEXT NOT NULL,
    value    TEXT NOT NULL,
    customer TEXT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (type, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_customer ON identifier (customer);

CREATE TABLE consent (
    n         INTEGER PRIMARY KEY,
    id        TEXT    NOT NULL UNIQUE,
    customer  TEXT    NOT NULL REFERENCES customer (id),
    purpose   TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    recorded  INTEGER NOT NULL,
    prev_hash TEXT    NOT NULL,
    hash      TEXT    NOT NULL CHECK (hash <> ''),
    doc       TEXT    NOT NULL
) STRICT;
CREATE INDEX consent_customer ON consent (customer, n);
-- A chain does not fork.
CREATE UNIQUE INDEX consent_chain ON consent (customer, prev_hash);
