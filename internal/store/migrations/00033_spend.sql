-- What advertising cost, as it was uploaded. Nobody is in it. An upload counts
-- once it is done, all of it at once; of a day, source and campaign the latest
-- done upload that names them counts, and a row without a cost takes it back.
CREATE TABLE spend_upload (
    n     INTEGER PRIMARY KEY AUTOINCREMENT,
    id    TEXT    NOT NULL UNIQUE,
    at    INTEGER NOT NULL,
    by    TEXT    NOT NULL,  -- who uploaded it
    kind  TEXT    NOT NULL,  -- file, rows or delete
    key   TEXT    UNIQUE,    -- caller and idempotency key
    hash  TEXT    NOT NULL,  -- of what was sent
    done  INTEGER NOT NULL,
    rows  INTEGER NOT NULL,
    total INTEGER NOT NULL   -- of the costs, in the currency's smallest unit
) STRICT;

CREATE TABLE spend (
    day      TEXT    NOT NULL,               -- 2026-03-01
    source   TEXT    NOT NULL COLLATE NOCASE,
    campaign TEXT    NOT NULL COLLATE NOCASE,
    upload   INTEGER NOT NULL REFERENCES spend_upload (n),
    line     INTEGER NOT NULL,
    cost     INTEGER,                        -- in the currency's smallest unit
    PRIMARY KEY (day, source, campaign, upload)
) STRICT, WITHOUT ROWID;
CREATE INDEX spend_of_upload ON spend (upload);
