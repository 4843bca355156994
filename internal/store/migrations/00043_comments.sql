-- What people write beside a call, for each other. The words are sealed as the
-- call is, and go with it.
CREATE TABLE comment (
    id      TEXT    NOT NULL PRIMARY KEY,
    call    TEXT    NOT NULL REFERENCES call (id),
    at      INTEGER NOT NULL,
    removed INTEGER, -- null: not; it can be brought back for a while
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX comment_call ON comment (call, at, id);
CREATE INDEX comment_removed ON comment (removed) WHERE removed IS NOT NULL;
