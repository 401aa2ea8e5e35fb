-- The log: every fact, byte for byte, in the order the server kept it.
CREATE TABLE events(
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,        -- the second net against applying twice; never trimmed
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  subject TEXT NOT NULL,
  correlation TEXT NOT NULL,
  time_ms INTEGER NOT NULL,       -- the origin's clock, corrected by the offset it knew
  heard_ms INTEGER NOT NULL,      -- when the server kept it
  body BLOB NOT NULL
) STRICT;

-- What came and could not be digested: kept, raised, tried again by a person.
CREATE TABLE parked(
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL, station TEXT NOT NULL,
  inc TEXT NOT NULL, seq INTEGER NOT NULL,
  heard_ms INTEGER NOT NULL,
  why TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX parked_of ON parked(site, station);

-- ------------------------------------------------------------------ streams (shared/sync)
CREATE TABLE stream_in(
  site TEXT NOT NULL, station TEXT NOT NULL, inc TEXT NOT NULL,
  place INTEGER NOT NULL,         -- order in which incarnations were first put
  through INTEGER NOT NULL, chain BLOB NOT NULL,
  boot INTEGER NOT NULL, nonce INTEGER NOT NULL,
  gap_through INTEGER NOT NULL, safe INTEGER NOT NULL, closed INTEGER NOT NULL,
  PRIMARY KEY(site, station, inc)
) STRICT, WITHOUT ROWID;

CREATE TABLE stream_out(
  site TEXT NOT NULL, station TEXT NOT NULL,
  inc TEXT NOT NULL,
  base INTEGER NOT NULL, base_chain BLOB NOT NULL,
  last INTEGER NOT NULL, last_chain BLOB NOT NULL,
  gone TEXT NOT NULL,             -- "inc through" pairs, newest first
  peer_boot INTEGER NOT NULL,
  PRIMARY KEY(site, station)
) STRICT, WITHOUT ROWID;

CREATE TABLE stream_out_row(
  site TEXT NOT NULL, station TEXT NOT NULL, seq INTEGER NOT NULL,
  id TEXT NOT NULL, bytes BLOB NOT NULL, chain BLOB NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(site, station, seq)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ the server's own state
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter(name, value) VALUES
  ('boot', 0), ('generation', 1), ('epoch', 0), ('tracking', 0), ('sscc', 0);

-- What was last heard of each station; not a fact, so not in the log.
CREATE TABLE station(
  site TEXT NOT NULL, station TEXT NOT NULL,
  status TEXT NOT NULL, heard_ms INTEGER NOT NULL,
  program TEXT NOT NULL, computer TEXT NOT NULL,
  last INTEGER NOT NULL, acked INTEGER NOT NULL, oldest_ms INTEGER NOT NULL,
  down_through INTEGER NOT NULL, clock_offset_ms INTEGER NOT NULL,
  configured INTEGER NOT NULL,
  PRIMARY KEY(site, station)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox(
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, subject TEXT NOT NULL,
  payload TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL,
  express INTEGER NOT NULL, caused_ms INTEGER NOT NULL, last_error TEXT NOT NULL
) STRICT;
CREATE TABLE cursor(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Orders to be routed again because stock was found.
CREATE TABLE reroute(ord INTEGER PRIMARY KEY) STRICT;

CREATE TABLE import_job(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL, file TEXT NOT NULL, fingerprint TEXT NOT NULL,
  channel TEXT NOT NULL, site TEXT NOT NULL, currency TEXT NOT NULL,
  state TEXT NOT NULL, problem TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  lines INTEGER NOT NULL, done INTEGER NOT NULL,
  unit INTEGER NOT NULL,          -- next piece of work
  changes INTEGER NOT NULL,
  bytes BLOB                      -- the file while it is worked on
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ projections
-- Everything below is folded from the log by the projector and from nothing else.
CREATE TABLE p_item(
  sku TEXT PRIMARY KEY, title TEXT NOT NULL, detail TEXT, weight_g INTEGER,
  origin TEXT NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE p_barcode(
  sku TEXT NOT NULL, code TEXT NOT NULL, pieces INTEGER NOT NULL, PRIMARY KEY(sku, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE p_bin(
  sku TEXT NOT NULL, site TEXT NOT NULL, bin TEXT NOT NULL, PRIMARY KEY(sku, site)
) STRICT, WITHOUT ROWID;

CREATE TABLE p_move(
  position INTEGER NOT NULL, n INTEGER NOT NULL,
  sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  from_place TEXT NOT NULL, to_place TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(position, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_move_sku ON p_move(sku, position);
CREATE TABLE p_balance(
  sku TEXT NOT NULL, place TEXT NOT NULL,
  quantity INTEGER NOT NULL, as_of_ms INTEGER NOT NULL, PRIMARY KEY(sku, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE p_order(
  ord INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, number TEXT NOT NULL, external_id TEXT NOT NULL,
  customer TEXT NOT NULL, currency TEXT NOT NULL, ship_to TEXT NOT NULL, charges TEXT NOT NULL,
  placed_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
  state TEXT NOT NULL, site TEXT NOT NULL, station TEXT NOT NULL,
  tracking TEXT NOT NULL, carrier TEXT NOT NULL, sscc TEXT NOT NULL,
  pieces INTEGER NOT NULL, packed INTEGER NOT NULL, fulfilled_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX p_order_state ON p_order(state, ord);
CREATE INDEX p_order_channel ON p_order(channel, number);

-- Each piece of a line is in exactly one state.
CREATE TABLE p_line(
  ord INTEGER NOT NULL, line INTEGER NOT NULL,
  sku TEXT NOT NULL, title TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit_price_minor INTEGER, external_id TEXT,
  open INTEGER NOT NULL, backordered INTEGER NOT NULL, allocated INTEGER NOT NULL,
  released INTEGER NOT NULL, packed INTEGER NOT NULL, shipped INTEGER NOT NULL,
  delivered INTEGER NOT NULL, cancelled INTEGER NOT NULL, returned INTEGER NOT NULL,
  site TEXT NOT NULL, counted INTEGER NOT NULL, missing INTEGER NOT NULL,
  PRIMARY KEY(ord, line),
  CHECK(open >= 0 AND backordered >= 0 AND allocated >= 0 AND released >= 0 AND packed >= 0
    AND shipped >= 0 AND delivered >= 0 AND cancelled >= 0 AND returned >= 0
    AND open + backordered + allocated + released + packed + shipped + delivered + cancelled
      + returned = quantity)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_line_sku ON p_line(sku, ord);

-- Pieces promised to an order at a site; lease is empty until they are released to a station.
CREATE TABLE p_reservation(
  ord INTEGER NOT NULL, line INTEGER NOT NULL, site TEXT NOT NULL, lease TEXT NOT NULL,
  sku TEXT NOT NULL, quantity INTEGER NOT NULL CHECK(quantity > 0),
  PRIMARY KEY(ord, line, site, lease)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_reservation_sku ON p_reservation(sku, site);

-- state: held, revoking, done, free
CREATE TABLE p_lease(
  lease TEXT PRIMARY KEY, ord INTEGER NOT NULL, epoch INTEGER NOT NULL,
  site TEXT NOT NULL, station TEXT NOT NULL, state TEXT NOT NULL, touched INTEGER NOT NULL,
  told INTEGER NOT NULL,
  granted_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  tracking TEXT NOT NULL, sscc TEXT NOT NULL, carrier TEXT NOT NULL, service TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_lease_ord ON p_lease(ord);
CREATE INDEX p_lease_station ON p_lease(site, station, state);
-- What is in a closed box.
CREATE TABLE p_parcel(
  lease TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  accepted INTEGER NOT NULL,      -- pieces that count for the order; the rest is too much
  PRIMARY KEY(lease, line)
) STRICT, WITHOUT ROWID;

-- Pieces a channel still holds stock for: neither cancelled nor confirmed as fulfilled there.
CREATE TABLE p_held(
  channel TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL, PRIMARY KEY(channel, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE p_told(
  channel TEXT NOT NULL, sku TEXT NOT NULL, location TEXT NOT NULL, listing TEXT NOT NULL,
  quantity INTEGER NOT NULL, caused_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL,
  confirmed_ms INTEGER NOT NULL, PRIMARY KEY(channel, sku, location)
) STRICT, WITHOUT ROWID;

CREATE TABLE p_timeline(
  ord INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(ord, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE p_decision(
  position INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  rule TEXT NOT NULL, version INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE INDEX p_decision_subject ON p_decision(subject, position);

CREATE TABLE p_exception(
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, subject TEXT NOT NULL,
  what TEXT NOT NULL, context TEXT NOT NULL, proposed TEXT NOT NULL,
  raised_ms INTEGER NOT NULL, resolved_ms INTEGER, action TEXT NOT NULL, by_whom TEXT NOT NULL
) STRICT;
CREATE INDEX p_exception_open ON p_exception(kind, subject) WHERE resolved_ms IS NULL;

CREATE TABLE p_device(
  site TEXT NOT NULL, station TEXT NOT NULL, device TEXT NOT NULL,
  kind TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(site, station, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE p_import_row(
  fingerprint TEXT NOT NULL, row INTEGER NOT NULL,
  outcome TEXT NOT NULL, subject TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY(fingerprint, row)
) STRICT, WITHOUT ROWID;
