-- Serials in the boxes of orders kept here: a piece goes in one box only.
CREATE TABLE packed_serial(
  serial TEXT NOT NULL, sku TEXT NOT NULL COLLATE NOCASE, lease TEXT NOT NULL,
  PRIMARY KEY(serial, sku, lease)
) STRICT, WITHOUT ROWID;
CREATE INDEX packed_serial_lease ON packed_serial(lease);
