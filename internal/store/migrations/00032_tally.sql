-- Where calls come from, as counters tell it apart. The first is that of calls
-- of which nobody told.
CREATE TABLE origin (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL COLLATE NOCASE,
    campaign TEXT NOT NULL COLLATE NOCASE,
    queue    TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (source, campaign, queue)
) STRICT;
INSERT INTO origin (id, source, campaign, queue) VALUES (1, '', '', '');

ALTER TABLE call_origin ADD COLUMN origin INTEGER NOT NULL DEFAULT 1 REFERENCES origin (id);
DELETE FROM cursor WHERE consumer = 'origins';

-- What was counted of a call beside its turns and themes, so that it can be
-- counted again.
CREATE TABLE call_tally (
    call  TEXT    NOT NULL REFERENCES call (id),
    kind  TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    turns INTEGER NOT NULL CHECK (turns > 0),
    sum   INTEGER NOT NULL,
    PRIMARY KEY (call, kind, name)
) STRICT, WITHOUT ROWID;

-- All counters. A call counts in the quarter of an hour in which it began, with
-- all its turns, so that sums over any hours, days or weeks are exact in every
-- time zone. Origin 0 holds the sums over all origins: totals are read from few
-- rows, and the course of one campaign from those that are its own.
CREATE TABLE tally (
    kind   TEXT    NOT NULL, -- theme, intent, outcome, sentiment, volume
    name   TEXT    NOT NULL,
    origin INTEGER NOT NULL,
    slot   INTEGER NOT NULL,
    turns  INTEGER NOT NULL CHECK (turns >= 0),
    calls  INTEGER NOT NULL CHECK (calls >= 0),
    sum    INTEGER NOT NULL, -- of moods, in thousandths
    PRIMARY KEY (kind, name, origin, slot)
) STRICT, WITHOUT ROWID;
-- Until the log was read for it, nobody told where a call came from.
INSERT INTO tally (kind, name, origin, slot, turns, calls, sum)
    SELECT CASE theme WHEN '' THEN 'volume' ELSE 'theme' END, theme, o.id, slot, turns, calls, 0
    FROM theme_count, (SELECT 0 AS id UNION ALL SELECT 1) o;
DROP TABLE theme_count;
