-- agent.db: all a packing station remembers. Times are wall-clock milliseconds, annotations only.

-- One row that each turn rewrites: the machine's state and the head of the up stream. Together in
-- one page, so that a scan's commit touches as few pages as possible.
CREATE TABLE live(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  state TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  boot INTEGER NOT NULL,        -- process starts, committed before anything is sent
  probe INTEGER NOT NULL,       -- written to find out whether the disk takes commits again
  up_inc TEXT,                  -- null: no stream yet
  up_base INTEGER, up_base_chain BLOB,
  up_last INTEGER, up_last_chain BLOB,
  up_gone TEXT,                 -- inc:through, newest first
  up_peer_boot INTEGER
) STRICT;
INSERT INTO live(id, state, hlc, boot, probe) VALUES(1, '', 0, 0, 0);

-- Every scan, refused ones too, with what became of it. Bounded: the oldest go.
CREATE TABLE raw_scan(
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  device TEXT NOT NULL,         -- empty: typed at the page
  data BLOB NOT NULL,
  symbology TEXT NOT NULL,
  verdict TEXT NOT NULL,
  order_id TEXT NOT NULL
) STRICT;

-- Orders leased to this station, with their bought labels. An order may come twice: what was short
-- in its first box is a lease of its own.
CREATE TABLE work(
  lease TEXT PRIMARY KEY,
  order_id TEXT NOT NULL COLLATE NOCASE,
  number TEXT NOT NULL COLLATE NOCASE,
  tote TEXT COLLATE NOCASE,
  epoch INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('open', 'held', 'done', 'revoked')),
  counts TEXT NOT NULL,         -- [[line, packed, missing], ...] of a held order
  carrier TEXT NOT NULL,
  due_ms INTEGER NOT NULL,      -- 9e15: no carrier time
  pieces INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  document BLOB NOT NULL        -- the fact that granted it, byte for byte
) STRICT;
CREATE INDEX work_order ON work(order_id);
CREATE INDEX work_number ON work(number);
CREATE INDEX work_tote ON work(tote) WHERE tote IS NOT NULL;
CREATE INDEX work_waiting ON work(due_ms, changed_ms) WHERE state IN ('open', 'held');

CREATE TABLE item(
  sku TEXT PRIMARY KEY COLLATE NOCASE,
  title TEXT NOT NULL,
  bin TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE item_barcode(
  key TEXT NOT NULL,            -- agent/station/barcode.hpp item_key()
  sku TEXT NOT NULL COLLATE NOCASE,
  pieces INTEGER NOT NULL,
  PRIMARY KEY(key, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_barcode_sku ON item_barcode(sku);

-- The print journal: one row per sheet of paper.
CREATE TABLE sheet(
  job TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  order_id TEXT NOT NULL, number TEXT NOT NULL,
  tracking TEXT NOT NULL, sscc TEXT NOT NULL, carrier TEXT NOT NULL, service TEXT NOT NULL,
  state TEXT NOT NULL,
  printer TEXT NOT NULL,
  mark_serial TEXT, mark_odometer INTEGER, mark_uptime_s INTEGER,
  evidence TEXT NOT NULL,
  wanted_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL, confirmed_ms INTEGER NOT NULL,
  applied_ms INTEGER NOT NULL,
  resends INTEGER NOT NULL,
  late INTEGER NOT NULL,
  PRIMARY KEY(job, attempt)
) STRICT;
CREATE INDEX sheet_live ON sheet(state) WHERE state NOT IN ('applied', 'void');

-- Outbox: facts for the server until it has them safe.
CREATE TABLE up_row(
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  bytes BLOB NOT NULL,
  chain BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- Inbox: how far the server's facts were taken.
CREATE TABLE down_cursor(
  place INTEGER PRIMARY KEY,
  inc TEXT NOT NULL UNIQUE,
  through INTEGER NOT NULL, chain BLOB NOT NULL,
  boot INTEGER NOT NULL, nonce INTEGER NOT NULL,
  gap_through INTEGER NOT NULL, safe INTEGER NOT NULL, closed INTEGER NOT NULL
) STRICT;
-- Facts of the server that this program could not digest.
CREATE TABLE down_parked(
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  why TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
