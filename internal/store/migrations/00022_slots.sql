-- Places that stay open for a person: what each shows is decided again while
-- it is open.
CREATE TABLE slot (
    id       TEXT    NOT NULL PRIMARY KEY,
    customer TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    opened   INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;
CREATE INDEX slot_customer ON slot (customer, opened);
CREATE INDEX slot_waiting ON slot (id) WHERE state IN ('open', 'claimed');
