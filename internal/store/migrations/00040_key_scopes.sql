-- +goose Up
-- What a key may do of what its role may, until when, and when it last did.
ALTER TABLE api_key ADD COLUMN scopes  TEXT    NOT NULL DEFAULT ''; -- with a space between; '' is all of the role
ALTER TABLE api_key ADD COLUMN hint    TEXT    NOT NULL DEFAULT ''; -- how the secret begins
ALTER TABLE api_key ADD COLUMN maker   TEXT    NOT NULL DEFAULT ''; -- who made it, by name
ALTER TABLE api_key ADD COLUMN expires INTEGER;                     -- null: never
ALTER TABLE api_key ADD COLUMN used    INTEGER;                     -- the minute, null: never
ALTER TABLE api_key ADD COLUMN revoked INTEGER;                     -- null: not
