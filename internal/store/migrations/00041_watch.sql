-- Of what supervisors want to be told while a call goes on. What a rule listens
-- for may name a person, so the document is sealed.
CREATE TABLE watch_rule (
    id      TEXT    NOT NULL PRIMARY KEY,
    owner   TEXT    NOT NULL, -- id of the user or the key
    created INTEGER NOT NULL,
    deleted INTEGER,          -- null: not; it can be brought back for a while
    doc     TEXT    NOT NULL
) STRICT;

-- What was told: of each rule once a call, so that reading the log again tells
-- nothing twice.
CREATE TABLE watch_alert (
    id    TEXT    NOT NULL PRIMARY KEY,
    rule  TEXT    NOT NULL REFERENCES watch_rule (id),
    call  TEXT    NOT NULL REFERENCES call (id),
    at    INTEGER NOT NULL,
    acked INTEGER,            -- null: nobody has seen to it
    doc   TEXT    NOT NULL,   -- sealed
    UNIQUE (rule, call)
) STRICT;
CREATE INDEX watch_alert_at ON watch_alert (at, id);
CREATE INDEX watch_alert_call ON watch_alert (call);

-- Messages go out for rules too, so they refer to no subscription any more.
CREATE TABLE post_any (
    message      TEXT    NOT NULL,
    by           TEXT    NOT NULL, -- mail or webhook
    subscription TEXT    NOT NULL, -- or a rule of watch_rule
    state        TEXT    NOT NULL, -- waiting, sent or failed
    due          INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    why          TEXT    NOT NULL, -- the last attempt failed
    doc          TEXT    NOT NULL, -- sealed; '' once it is sent
    PRIMARY KEY (message, by)
) STRICT, WITHOUT ROWID;
INSERT INTO post_any SELECT message, by, subscription, state, due, tries, why, doc FROM post;
DROP TABLE post;
ALTER TABLE post_any RENAME TO post;
CREATE INDEX post_due ON post (due) WHERE state = 'waiting';
CREATE INDEX post_subscription ON post (subscription, message);
