-- What people want to be told of. The document says it and where to; the other
-- columns from checked on are how it stands, written by who keeps watch alone.
CREATE TABLE subscription (
    id      TEXT    NOT NULL PRIMARY KEY,
    owner   TEXT    NOT NULL,
    search  TEXT    REFERENCES saved_search (id), -- null: of a theme, or a digest
    theme   TEXT    NOT NULL,                     -- '' for none, '*' for any
    state   TEXT    NOT NULL,                     -- active, paused or deleted
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    checked INTEGER NOT NULL, -- up to when it was looked at
    above   INTEGER NOT NULL, -- 1: it was told and did not end yet
    alerted INTEGER NOT NULL, -- when it was last told, 0: never
    note    TEXT    NOT NULL, -- what the last look came to
    doc     TEXT    NOT NULL  -- sealed: an address is in it
) STRICT;
CREATE INDEX subscription_owner ON subscription (owner, created, id);
CREATE INDEX subscription_search ON subscription (search);

CREATE TABLE alert (
    id           TEXT    NOT NULL PRIMARY KEY,
    subscription TEXT    NOT NULL REFERENCES subscription (id),
    owner        TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    doc          TEXT    NOT NULL -- sealed
) STRICT;
CREATE INDEX alert_at ON alert (at, id);
CREATE INDEX alert_subscription ON alert (subscription, at);

-- What is on its way out: written with the alert, sent afterwards. The message
-- is the same in every attempt, and so is its id.
CREATE TABLE post (
    message      TEXT    NOT NULL,
    by           TEXT    NOT NULL, -- mail or webhook
    subscription TEXT    NOT NULL REFERENCES subscription (id),
    state        TEXT    NOT NULL, -- waiting, sent or failed
    due          INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    why          TEXT    NOT NULL, -- the last attempt failed
    doc          TEXT    NOT NULL, -- sealed; '' once it is sent
    PRIMARY KEY (message, by)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_due ON post (due) WHERE state = 'waiting';
CREATE INDEX post_subscription ON post (subscription, message);
