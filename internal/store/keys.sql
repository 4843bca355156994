-- The file of keys. A person whose key was destroyed keeps a row without it.
CREATE TABLE IF NOT EXISTS data_key (
    person  TEXT    NOT NULL PRIMARY KEY,
    wrapped BLOB,
    made    INTEGER NOT NULL,
    erased  INTEGER,
    CHECK (wrapped IS NOT NULL OR erased IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Secrets of this installation, wrapped by the master key, and its id.
CREATE TABLE IF NOT EXISTS secret (
    name    TEXT NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
) STRICT;

-- Erasures, with what each destroyed: ids and counts, nothing of the person.
CREATE TABLE IF NOT EXISTS erasure (
    n     INTEGER PRIMARY KEY,
    id    TEXT    NOT NULL UNIQUE,
    state TEXT    NOT NULL,
    done  INTEGER UNIQUE, -- in which order they were finished
    doc   TEXT    NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS erasure_state ON erasure (state, n);
CREATE TABLE IF NOT EXISTS erased_person (
    person  TEXT NOT NULL PRIMARY KEY,
    erasure TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Keyed sums of identifiers that must not bring anybody back.
CREATE TABLE IF NOT EXISTS suppressed (
    mark    BLOB    NOT NULL PRIMARY KEY,
    erasure TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
