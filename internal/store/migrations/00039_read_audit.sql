-- Who read what of whom: a row for each person, thing and ten minutes. A row
-- counts until its ten minutes are over; then it is sealed, its sum holding that
-- of the row before, and from there on only what names the customer can go.
CREATE TABLE read_audit (
    n      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    slot   INTEGER NOT NULL, -- number of the ten minutes
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    times  INTEGER NOT NULL,
    who    TEXT    NOT NULL, -- id of a user or a key
    name   TEXT    NOT NULL,
    role   TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    origin TEXT    NOT NULL, -- class of the address
    call   TEXT    NOT NULL, -- '' for none
    -- What an erasure takes away. It is named so that no column is "customer":
    -- rows of tables that have one go with the person, these stay.
    about  TEXT    NOT NULL, -- the customer; '' for none
    why    TEXT    NOT NULL, -- sealed; '' when nothing was said
    salt   BLOB,             -- of the sum of the two above
    hidden BLOB,             -- that sum
    sum    BLOB              -- null until it is sealed
) STRICT;
CREATE INDEX read_audit_open ON read_audit (slot, who, kind, call, about) WHERE sum IS NULL;
CREATE INDEX read_audit_call ON read_audit (call, n) WHERE call <> '';
CREATE INDEX read_audit_about ON read_audit (about, n) WHERE about <> '';
CREATE INDEX read_audit_who ON read_audit (who, n);
CREATE TRIGGER read_audit_stays BEFORE DELETE ON read_audit
BEGIN
    SELECT raise(ABORT, 'the audit of reads is only added to');
END;
CREATE TRIGGER read_audit_sealed BEFORE UPDATE ON read_audit
WHEN old.sum IS NOT NULL AND (new.about <> '' OR new.why <> '' OR new.salt IS NOT NULL
    OR (old.n, old.slot, old.first, old.last, old.times, old.who, old.name, old.role, old.kind, old.origin, old.call, old.hidden, old.sum)
    IS NOT (new.n, new.slot, new.first, new.last, new.times, new.who, new.name, new.role, new.kind, new.origin, new.call, new.hidden, new.sum))
BEGIN
    SELECT raise(ABORT, 'the audit of reads is only added to');
END;

-- What a key may do of what its role may, until when, and when it last did.
ALTER TABLE api_key ADD COLUMN scopes  TEXT    NOT NULL DEFAULT ''; -- with a space between; '' is all of the role
ALTER TABLE api_key ADD COLUMN hint    TEXT    NOT NULL DEFAULT ''; -- how the secret begins
ALTER TABLE api_key ADD COLUMN maker   TEXT    NOT NULL DEFAULT ''; -- who made it, by name
ALTER TABLE api_key ADD COLUMN expires INTEGER;                     -- null: never
ALTER TABLE api_key ADD COLUMN used    INTEGER;                     -- the minute, null: never
ALTER TABLE api_key ADD COLUMN revoked INTEGER;                     -- null: not
