-- Searches that people keep by a name. What one asks for may name a person, so
-- the document is sealed.
CREATE TABLE saved_search (
    id      TEXT    NOT NULL PRIMARY KEY,
    owner   TEXT    NOT NULL, -- id of the user or the key
    shared  INTEGER NOT NULL, -- 1: all who may search see it
    created INTEGER NOT NULL,
    deleted INTEGER,          -- null: not; it can be brought back for a while
    doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX saved_search_created ON saved_search (created, id);
CREATE INDEX saved_search_owner ON saved_search (owner);
