-- Only SHA-256 sums of secrets are kept.
CREATE TABLE "user" (
    id      TEXT    NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE login_link (
    hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    user    TEXT    NOT NULL REFERENCES "user" (id),
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_link_expires ON login_link (expires);

CREATE TABLE session (
    hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    user    TEXT    NOT NULL REFERENCES "user" (id),
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expires ON session (expires);

CREATE TABLE api_key (
    id      TEXT    NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    hash    BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    created INTEGER NOT NULL
) STRICT;
