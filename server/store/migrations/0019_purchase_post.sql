-- How the supplier of an ordered purchase heard of it: taken, refused, otherwise; '': not known.
ALTER TABLE p_purchase ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE p_purchase ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE p_purchase ADD COLUMN told_why TEXT NOT NULL DEFAULT '';
ALTER TABLE p_purchase ADD COLUMN told_by TEXT NOT NULL DEFAULT '';

-- The server's own: orders that wait for their suppliers' addresses, as they are sent.
CREATE TABLE purchase_post(
  purchase TEXT PRIMARY KEY, supplier TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
  sent INTEGER NOT NULL, late INTEGER NOT NULL, attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;
