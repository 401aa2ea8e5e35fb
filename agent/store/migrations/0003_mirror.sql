-- What this station believes it moved and holds, compared with the server's books (PROTOCOL.md
-- section 14): shelf and packed pieces since its up stream began, pieces of leases now.
CREATE TABLE mirror(
  bucket INTEGER NOT NULL, sku TEXT NOT NULL, place TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY(bucket, sku, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirror_sum(bucket INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;
-- Up incarnation that the rows are of; empty: not begun.
CREATE TABLE mirror_of(id INTEGER PRIMARY KEY CHECK(id = 1), inc TEXT NOT NULL) STRICT;
INSERT INTO mirror_of(id, inc) VALUES(1, '');

-- 0: not among the leased pieces, 1: counted, 2: was counted when its box was closed
ALTER TABLE work ADD COLUMN leased INTEGER NOT NULL DEFAULT 0;
