-- +goose Up
CREATE TABLE summary (
    call TEXT NOT NULL PRIMARY KEY REFERENCES call (id),
    doc  TEXT NOT NULL
) STRICT;
