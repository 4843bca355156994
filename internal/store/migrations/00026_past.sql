-- Who was on a do-not-call list and is not any more, as keyed hashes, for the
-- questions about past moments.
CREATE TABLE do_not_call_past (
    number BLOB    NOT NULL,
    list   INTEGER NOT NULL REFERENCES do_not_call_list (n),
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (number, list, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX do_not_call_past_until ON do_not_call_past (until);

-- What a list said of itself before it said something else.
CREATE TABLE do_not_call_list_past (
    list     INTEGER NOT NULL REFERENCES do_not_call_list (n),
    until    INTEGER NOT NULL,
    national INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    PRIMARY KEY (list, until)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER do_not_call_list_changes AFTER UPDATE ON do_not_call_list
WHEN OLD.national <> NEW.national OR OLD.source <> NEW.source BEGIN
    INSERT OR IGNORE INTO do_not_call_list_past (list, until, national, source)
    VALUES (OLD.n, NEW.changed, OLD.national, OLD.source);
END;

-- The times for which a row of a ledger waited for a system, where consent_told
-- does not tell them any more: it was put on its way again, or the system went.
CREATE TABLE consent_waited (
    customer TEXT    NOT NULL,
    id       TEXT    NOT NULL, -- the row
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (customer, id, since, until)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER consent_waits_again AFTER UPDATE OF due, confirmed ON consent_told
WHEN (OLD.due <> NEW.due OR (OLD.confirmed IS NOT NULL AND NEW.confirmed IS NULL))
    AND EXISTS (SELECT 1 FROM customer WHERE id = OLD.person) BEGIN
    INSERT OR IGNORE INTO consent_waited (customer, id, since, until)
    VALUES (OLD.person, OLD.id, OLD.due, COALESCE(OLD.confirmed, NEW.due));
END;
CREATE TRIGGER consent_waits_no_more BEFORE DELETE ON consent_told
WHEN OLD.confirmed IS NOT NULL AND EXISTS (SELECT 1 FROM customer WHERE id = OLD.person) BEGIN
    INSERT OR IGNORE INTO consent_waited (customer, id, since, until)
    VALUES (OLD.person, OLD.id, OLD.due, OLD.confirmed);
END;
