-- What platforms and call-tracking services told of calls, as it came. A
-- document is emptied once its consequences are committed; the row stays a
-- while, so that a repeat is known.
CREATE TABLE told (
    n        INTEGER PRIMARY KEY,
    event    BLOB    NOT NULL UNIQUE, -- keyed sum of provider and event
    call     BLOB    NOT NULL,        -- keyed sum of provider and call
    received INTEGER NOT NULL,
    due      INTEGER NOT NULL,        -- when its consequences are tried
    doc      TEXT                     -- sealed, under a key of its day
) STRICT;
CREATE INDEX told_due ON told (due, n) WHERE doc IS NOT NULL;
CREATE INDEX told_open ON told (call) WHERE doc IS NOT NULL;
CREATE INDEX told_received ON told (received);

-- All that one provider told of one of its calls. Sealed under the key of the
-- person whose call it is, and under a key of its day while nobody knows.
CREATE TABLE call_detail (
    id       TEXT    NOT NULL PRIMARY KEY,
    key      BLOB    NOT NULL UNIQUE,    -- keyed sum of provider and call
    provider TEXT    NOT NULL,
    tracking INTEGER NOT NULL,           -- 1: of a call-tracking service
    call     TEXT    NOT NULL,           -- empty while no call is known
    state    TEXT    NOT NULL,
    caller   BLOB,                       -- keyed sums of numbers; null where withheld
    line     BLOB,                       -- of the tracking number and the caller
    line_to  BLOB,                       -- of the destination and the caller
    hint     BLOB,                       -- of the service's id of the call
    started  INTEGER NOT NULL,
    made     INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    campaign TEXT    NOT NULL,
    doc      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX call_detail_call ON call_detail (call) WHERE call <> '';
CREATE INDEX call_detail_caller ON call_detail (caller) WHERE caller IS NOT NULL;
CREATE INDEX call_detail_line ON call_detail (line, started) WHERE line IS NOT NULL;
CREATE INDEX call_detail_line_to ON call_detail (line_to, started) WHERE line_to IS NOT NULL;
CREATE INDEX call_detail_hint ON call_detail (hint) WHERE hint IS NOT NULL;
CREATE INDEX call_detail_list ON call_detail (started, id) WHERE tracking = 1;
CREATE INDEX call_detail_alone ON call_detail (made) WHERE call = '';

-- How calls that were heard are recognised in what call-tracking services tell.
CREATE TABLE call_line (
    call    TEXT    NOT NULL PRIMARY KEY,
    started INTEGER NOT NULL,
    line    BLOB, -- keyed sum of our number and the caller; null where withheld
    hint    BLOB  -- keyed sum of the service's id that came with the call
) STRICT, WITHOUT ROWID;
CREATE INDEX call_line_line ON call_line (line, started) WHERE line IS NOT NULL;
CREATE INDEX call_line_hint ON call_line (hint) WHERE hint IS NOT NULL;
CREATE INDEX call_line_started ON call_line (started);
