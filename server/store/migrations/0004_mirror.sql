-- What the server believes each station moved and holds, beside the log: the comparison with the
-- station's own digest (PROTOCOL.md section 14) is the check of these rows.
CREATE TABLE mirror(
  site TEXT NOT NULL, station TEXT NOT NULL, bucket INTEGER NOT NULL,
  sku TEXT NOT NULL, place TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY(site, station, bucket, sku, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirror_sum(
  site TEXT NOT NULL, station TEXT NOT NULL, bucket INTEGER NOT NULL,
  sum INTEGER NOT NULL,           -- modulo 2^64
  touched INTEGER NOT NULL,       -- newest down fact that changed it
  skips INTEGER NOT NULL,         -- digests in a row that could not be compared
  PRIMARY KEY(site, station, bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirror_state(
  site TEXT NOT NULL, station TEXT NOT NULL,
  inc TEXT NOT NULL,              -- up incarnation that the rows are of
  begun INTEGER NOT NULL,         -- log position where they began
  down_inc TEXT NOT NULL,         -- down incarnation that `touched` counts in
  compared_ms INTEGER NOT NULL, differed_ms INTEGER NOT NULL,
  PRIMARY KEY(site, station)
) STRICT, WITHOUT ROWID;
-- Leases told to a station; counted: they are among its leased pieces.
CREATE TABLE mirror_lease(
  site TEXT NOT NULL, station TEXT NOT NULL, lease TEXT NOT NULL,
  epoch INTEGER NOT NULL, holder TEXT NOT NULL, seq INTEGER NOT NULL, counted INTEGER NOT NULL,
  PRIMARY KEY(site, station, lease)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirror_lease_line(
  site TEXT NOT NULL, station TEXT NOT NULL, lease TEXT NOT NULL, sku TEXT NOT NULL,
  leased INTEGER NOT NULL, packed INTEGER NOT NULL,   -- packed: by its last box
  PRIMARY KEY(site, station, lease, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirror_query(
  query TEXT PRIMARY KEY, site TEXT NOT NULL, station TEXT NOT NULL, bucket INTEGER NOT NULL,
  asked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mirror_query_of ON mirror_query(site, station, bucket);
