-- Counts as observations. Moments are hybrid logical clock stamps with the fact's source.
CREATE TABLE p_count(
  position INTEGER PRIMARY KEY, sku TEXT NOT NULL, site TEXT NOT NULL,
  hlc INTEGER NOT NULL, source TEXT NOT NULL, counted INTEGER NOT NULL,
  difference INTEGER NOT NULL,    -- to the books at that moment, as they are known now
  counts INTEGER NOT NULL,        -- 0: nobody waited for it any more, it changed nothing
  task TEXT NOT NULL, bin TEXT NOT NULL, by_whom TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX p_count_place ON p_count(sku, site, hlc, source);
-- state: open, counted, dropped
CREATE TABLE p_count_task(
  task TEXT PRIMARY KEY, position INTEGER NOT NULL, sku TEXT NOT NULL, site TEXT NOT NULL,
  station TEXT NOT NULL, bin TEXT NOT NULL, why TEXT NOT NULL, asked_ms INTEGER NOT NULL,
  state TEXT NOT NULL, ended_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_count_task_open ON p_count_task(sku, site) WHERE state = 'open';
CREATE INDEX p_count_task_position ON p_count_task(position);
-- A shelf that was counted, or is to be: its newest count, and how many tasks wait.
CREATE TABLE p_counted(
  sku TEXT NOT NULL, site TEXT NOT NULL, hlc INTEGER NOT NULL, source TEXT NOT NULL,
  open INTEGER NOT NULL, PRIMARY KEY(sku, site)
) STRICT, WITHOUT ROWID;
-- What moved at a shelf while a count of it is asked for: the count may come late.
CREATE TABLE p_count_trace(
  sku TEXT NOT NULL, site TEXT NOT NULL, hlc INTEGER NOT NULL, source TEXT NOT NULL,
  position INTEGER NOT NULL, n INTEGER NOT NULL, change INTEGER NOT NULL,
  PRIMARY KEY(sku, site, hlc, source, position, n)
) STRICT, WITHOUT ROWID;
