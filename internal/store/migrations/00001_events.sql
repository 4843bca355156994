-- The log. Times are integer milliseconds UTC here and in every other table.
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice, so a cursor stays true
    id      TEXT    NOT NULL UNIQUE,
    type    TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    call    TEXT    NOT NULL,
    time    INTEGER NOT NULL,
    data    TEXT    NOT NULL
) STRICT;
CREATE INDEX event_call ON event (call, seq);
CREATE INDEX event_type ON event (type, seq);

CREATE TABLE cursor (
    consumer TEXT    NOT NULL PRIMARY KEY,
    seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    key      TEXT    NOT NULL PRIMARY KEY,
    hash     TEXT    NOT NULL,
    status   INTEGER NOT NULL,
    response BLOB    NOT NULL,
    expires  INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_expires ON idempotency (expires);
