CREATE TABLE do_not_call_list (
    n        INTEGER PRIMARY KEY,
    name     TEXT    NOT NULL UNIQUE,
    national INTEGER NOT NULL, -- 1: of an authority
    source   TEXT    NOT NULL,
    changed  INTEGER NOT NULL
) STRICT;

-- A number is kept as a keyed hash only: the list cannot be read back.
CREATE TABLE do_not_call (
    number BLOB    NOT NULL,
    list   INTEGER NOT NULL REFERENCES do_not_call_list (n),
    since  INTEGER NOT NULL,
    round  INTEGER NOT NULL, -- of the import that named it last
    PRIMARY KEY (number, list)
) STRICT, WITHOUT ROWID;
