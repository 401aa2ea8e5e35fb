-- Tamper evidence: each row's chain is the hash of the one before and of this row (server/archive
-- chain.hpp). Null in rows of older files until the program has filled them in.
ALTER TABLE events ADD COLUMN chain BLOB;
INSERT INTO counter(name, value) SELECT 'chain_fill', 0 WHERE EXISTS(SELECT 1 FROM events);
INSERT OR IGNORE INTO counter(name, value) VALUES('restored', 0);

-- What became of a parked fact: it waits, or it was applied later (at this position of the log).
ALTER TABLE parked ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE parked ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
ALTER TABLE parked ADD COLUMN tried_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE parked ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
CREATE INDEX parked_waiting ON parked(site, station) WHERE state = 'waiting';

-- Segments of the log beside this file. A row of `events` up to `cut` has an empty body: its bytes
-- are in the segment, everything else of it stays here.
CREATE TABLE archive(
  number INTEGER PRIMARY KEY,
  file TEXT NOT NULL,             -- name in the archive folder
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  cut INTEGER NOT NULL,           -- bodies emptied up to this position
  chain BLOB NOT NULL,            -- of the row at `last`
  sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, made_ms INTEGER NOT NULL
) STRICT;

-- Verified copies of this file, newest last.
CREATE TABLE backup(
  made_ms INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  position INTEGER NOT NULL,      -- last event in it
  bytes INTEGER NOT NULL, took_ms INTEGER NOT NULL,
  state TEXT NOT NULL,            -- verified, failed
  problem TEXT NOT NULL
) STRICT;

-- Short texts the server keeps about itself: the program that ran last.
CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
