-- What is deleted for its age goes in two steps: the rows, with this one, and
-- then files and what is derived. Null is that the second one is still owed.
ALTER TABLE aged ADD COLUMN settled INTEGER;
UPDATE aged SET settled = at;

-- A hold that was lifted stays as a trace of who did it; null is that it stands.
ALTER TABLE legal_hold ADD COLUMN lifted INTEGER;
ALTER TABLE legal_hold ADD COLUMN lifted_by TEXT NOT NULL DEFAULT '';
