-- Sessions say where from and how somebody signed in, so that they know which
-- to end. Those that are open stay open.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;  -- to the minute
ALTER TABLE session ADD COLUMN idle INTEGER NOT NULL DEFAULT 0;  -- ends so long after it was seen; 0: does not
ALTER TABLE session ADD COLUMN how TEXT NOT NULL DEFAULT 'link'; -- link, password, passkey or oidc
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE session SET id = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_user ON session (user, made, id);
CREATE INDEX login_link_user ON login_link (user);
