-- Who has called from a number that several people use, by the number's sum:
-- they are proposed when it calls again.
CREATE TABLE caller (
    number   TEXT    NOT NULL,
    customer TEXT    NOT NULL REFERENCES customer (id),
    at       INTEGER NOT NULL, -- the last time
    PRIMARY KEY (number, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX caller_customer ON caller (customer);

-- What a ledger says of one cell is read without the rest of it.
CREATE INDEX consent_cell ON consent (customer, purpose, channel, n);
