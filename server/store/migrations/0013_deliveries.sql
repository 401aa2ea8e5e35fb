-- Goods that are to come, what came of them, and goods between two sites.
CREATE TABLE p_delivery(
  delivery TEXT PRIMARY KEY, position INTEGER NOT NULL,
  supplier TEXT NOT NULL, site TEXT NOT NULL, expected_ms INTEGER, purchase TEXT NOT NULL,
  origin TEXT NOT NULL, announced_ms INTEGER NOT NULL,
  closed_ms INTEGER, why TEXT NOT NULL, by_whom TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_delivery_position ON p_delivery(position);
CREATE INDEX p_delivery_open ON p_delivery(expected_ms) WHERE closed_ms IS NULL;
CREATE TABLE p_delivery_line(
  delivery TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY(delivery, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_delivery_line_sku ON p_delivery_line(sku);
-- delivery is empty for goods that nobody had announced, sku for a code that nobody knows.
CREATE TABLE p_receipt(
  position INTEGER PRIMARY KEY, delivery TEXT NOT NULL, site TEXT NOT NULL, sku TEXT NOT NULL,
  code TEXT NOT NULL, quantity INTEGER NOT NULL, damaged INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, by_whom TEXT NOT NULL
) STRICT;
CREATE INDEX p_receipt_delivery ON p_receipt(delivery, position);

CREATE TABLE p_transfer(
  transfer TEXT PRIMARY KEY, position INTEGER NOT NULL,
  sku TEXT NOT NULL, from_site TEXT NOT NULL, to_site TEXT NOT NULL, quantity INTEGER NOT NULL,
  sent INTEGER NOT NULL, received INTEGER NOT NULL, damaged INTEGER NOT NULL,
  settled INTEGER NOT NULL,       -- given up, or found too many (negative), when it was closed
  expected_ms INTEGER NOT NULL,   -- 0: no date
  ordered_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, closed INTEGER NOT NULL,
  why TEXT NOT NULL, by_whom TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_transfer_position ON p_transfer(position);
CREATE INDEX p_transfer_open ON p_transfer(sku) WHERE closed = 0;
