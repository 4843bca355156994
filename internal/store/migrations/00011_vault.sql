-- To which file of keys these tables belong. The file has the same id.
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
) STRICT;

-- The lower-case names of people, to search in, apart from all else of them, so
-- that erasing one can write all of this anew.
CREATE TABLE customer_name (
    customer TEXT NOT NULL PRIMARY KEY REFERENCES customer (id),
    name     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO customer_name (customer, name) SELECT id, name FROM customer WHERE name <> '';
UPDATE customer SET name = '';

-- Tables that an older version may have written without sealing them, and up
-- to which row they were sealed since. A table that is done has no row.
CREATE TABLE sealing (
    name TEXT    NOT NULL PRIMARY KEY,
    done INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealing (name, done) VALUES
    ('customer', 0), ('consent', 0), ('call', 0), ('utterance', 0), ('insight', 0), ('correction', 0),
    ('summary', 0), ('decision', 0), ('outcome', 0), ('turn', 0), ('theme_episode', 0), ('event', 0), ('idempotency', 0),
    ('theme_model', 0);

