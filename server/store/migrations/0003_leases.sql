-- Leases in full (PROTOCOL.md section 11): a holder is a station in one incarnation of its up stream.
ALTER TABLE p_lease ADD COLUMN holder TEXT NOT NULL DEFAULT '';   -- empty: granted before; any

-- Boxes closed under a lease that was not in force: booked, and a person (or a census) decides.
-- state: open, accepted, put_back, reopened
CREATE TABLE p_fenced(
  box TEXT PRIMARY KEY,           -- id of the pack.closed fact
  position INTEGER NOT NULL,
  order_id TEXT NOT NULL, lease TEXT NOT NULL, epoch INTEGER NOT NULL,
  site TEXT NOT NULL, station TEXT NOT NULL, holder TEXT NOT NULL,
  tracking TEXT NOT NULL, sscc TEXT NOT NULL, carrier TEXT NOT NULL, service TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_fenced_lease ON p_fenced(lease, epoch);
CREATE INDEX p_fenced_open ON p_fenced(position) WHERE state = 'open';
CREATE TABLE p_fenced_line(
  box TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY(box, line)
) STRICT, WITHOUT ROWID;

-- What a station said last that it holds.
CREATE TABLE p_station_lease(
  site TEXT NOT NULL, station TEXT NOT NULL, lease TEXT NOT NULL, epoch INTEGER NOT NULL,
  order_id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY(site, station, lease)
) STRICT, WITHOUT ROWID;

-- Who was asked after a restore. state: waiting, answered, written_off
CREATE TABLE p_census(
  census TEXT NOT NULL, site TEXT NOT NULL, station TEXT NOT NULL,
  state TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(census, site, station)
) STRICT, WITHOUT ROWID;

-- restored: 1 while no grants are made; restore_boot: process start that began the newest census;
-- census_generation: generation it was begun for.
INSERT OR IGNORE INTO counter(name, value) VALUES
  ('restored', 0), ('restore_boot', 0), ('census_generation', 1);
CREATE TABLE own_text(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
