-- How people sign in. A login is what somebody types in front of the password,
-- an e-mail address or a name; login_key is the same as it is compared.
ALTER TABLE "user" ADD COLUMN login TEXT NOT NULL DEFAULT '';
ALTER TABLE "user" ADD COLUMN login_key TEXT; -- null: none was given
ALTER TABLE "user" ADD COLUMN password TEXT NOT NULL DEFAULT ''; -- argon2id in PHC form, sealed
ALTER TABLE "user" ADD COLUMN suspended INTEGER; -- since when; null: not
ALTER TABLE "user" ADD COLUMN signed_in INTEGER; -- when last; null: never
CREATE UNIQUE INDEX user_login ON "user" (login_key);

-- The public half of a key that a person's device or password manager holds.
CREATE TABLE passkey (
    id      TEXT    NOT NULL PRIMARY KEY, -- base64url, given by the device
    user    TEXT    NOT NULL REFERENCES "user" (id),
    name    TEXT    NOT NULL,
    created INTEGER NOT NULL,
    used    INTEGER, -- when last; null: never
    doc     TEXT    NOT NULL -- sealed
) STRICT;
CREATE INDEX passkey_user ON passkey (user, created, id);

-- Who somebody is at a provider of identities: never by a name or an address,
-- which providers let people change.
CREATE TABLE user_identity (
    issuer  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    user    TEXT    NOT NULL REFERENCES "user" (id),
    created INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_identity_user ON user_identity (user);
