-- Where calls came from. It is derived from what was told of them, and has a row
-- for each call that was heard. Names of campaigns and queues are in clear, as
-- in call_detail; all else is sealed under the key of the person who called.
CREATE TABLE call_origin (
    call     TEXT    NOT NULL PRIMARY KEY REFERENCES call (id),
    started  INTEGER NOT NULL,
    slot     INTEGER NOT NULL, -- quarter of an hour in which the call began
    source   TEXT    NOT NULL,
    medium   TEXT    NOT NULL,
    campaign TEXT    NOT NULL,
    queue    TEXT    NOT NULL,
    doc      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX call_origin_started ON call_origin (started, call);
