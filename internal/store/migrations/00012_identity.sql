-- What happened to a person, by when it happened.
CREATE INDEX event_subject ON event (subject, time, id, type);

-- An identifier that more than one person uses joins nobody.
ALTER TABLE identifier ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;

-- People who are one: an edge, which ends when they are parted.
CREATE TABLE link (
    id       TEXT    NOT NULL PRIMARY KEY,
    customer TEXT    NOT NULL REFERENCES customer (id),
    other    TEXT    NOT NULL, -- may be erased: then nobody is joined by it
    active   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    doc      TEXT    NOT NULL,
    CHECK (customer <> other)
) STRICT;
CREATE INDEX link_customer ON link (customer, active);
CREATE INDEX link_other ON link (other, active);

-- What people shall decide about identities. One of a key is kept.
CREATE TABLE review (
    id       TEXT    NOT NULL PRIMARY KEY,
    key      TEXT    NOT NULL UNIQUE,
    customer TEXT    NOT NULL REFERENCES customer (id),
    state    TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;
CREATE INDEX review_state ON review (state, at, id);
CREATE INDEX review_customer ON review (customer, at, id);

-- Which user ids a device was seen with, as sums: they are counted only.
CREATE TABLE sighting (
    device   TEXT NOT NULL,
    user     TEXT NOT NULL,
    customer TEXT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (device, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_customer ON sighting (customer);

-- What a profile is folded from was not all kept before: it is carried over whole.
INSERT INTO event (id, type, source, subject, call, time, data)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8'
            || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        'profile.carried', '/heed', id, '', 1000 * CAST(strftime('%s', 'now') AS INTEGER), doc
    FROM customer WHERE doc LIKE '{%' ORDER BY created, id;
