-- Orders, refunds and cancellations that other systems told of, counted from
-- the log. Sealed under the key of the person; the order's id is a keyed sum.
CREATE TABLE purchase (
    event    TEXT    NOT NULL PRIMARY KEY,
    customer TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL, -- placed, refunded or cancelled
    mark     BLOB,             -- of the order; null where the sender names none
    doc      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_at ON purchase (at);
CREATE INDEX purchase_mark ON purchase (mark, at) WHERE mark IS NOT NULL;
CREATE INDEX purchase_customer ON purchase (customer, at);
