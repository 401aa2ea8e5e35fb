-- What was scanned into boxes by lot, serial and expiry. box: the lease of an order's box, or the
-- fact that closed one without the right to. Empty, or 0: its code did not say. unknown: so many of
-- them the books had under no such lot on that shelf. other: the order whose box had that serial.
CREATE TABLE p_packed_lot(
  box TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL,
  lot TEXT NOT NULL, serial TEXT NOT NULL, expires_ms INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0), unknown INTEGER NOT NULL,
  order_id TEXT NOT NULL, other TEXT NOT NULL,
  PRIMARY KEY(box, line, sku, lot, serial, expires_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_packed_lot_lot ON p_packed_lot(lot) WHERE lot <> '';
CREATE INDEX p_packed_lot_serial ON p_packed_lot(serial) WHERE serial <> '';
CREATE INDEX p_packed_lot_order ON p_packed_lot(order_id);
