-- +goose Up
-- What is deleted for its age goes in two steps: the rows, with this one, and
-- then files and what is derived. Null is that the second one is still owed.
ALTER TABLE aged ADD COLUMN settled INTEGER;
UPDATE aged SET settled = at;
