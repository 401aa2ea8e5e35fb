-- Pieces by lot, serial, expiry and owner, at each place of a site; what no fact says a lot of is in
-- p_balance alone. expires_ms 0: none.
CREATE TABLE p_lot(
  sku TEXT NOT NULL, place TEXT NOT NULL, lot TEXT NOT NULL, serial TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, ownership TEXT NOT NULL, owner TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0), received_ms INTEGER NOT NULL,
  PRIMARY KEY(sku, place, lot, serial, expires_ms, ownership, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_lot_expires ON p_lot(expires_ms) WHERE expires_ms > 0;
