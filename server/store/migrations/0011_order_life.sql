-- The life of an order between its receipt and its boxes: holds, amendments, splits, forecasts, and
-- how much may be sold that is not there.
ALTER TABLE p_order ADD COLUMN buyer TEXT NOT NULL DEFAULT '';       -- the channel's id of the customer
ALTER TABLE p_order ADD COLUMN promised_ms INTEGER;                  -- null: nothing was promised
ALTER TABLE p_order ADD COLUMN vip INTEGER NOT NULL DEFAULT 0;
ALTER TABLE p_order ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0;   -- the buyer comes for it
ALTER TABLE p_order ADD COLUMN held INTEGER NOT NULL DEFAULT 0;      -- 1: a hold is open
-- Who goes first among those that wait for a bench: server/orders/priority.hpp.
CREATE INDEX p_order_rank ON p_order(1 - vip, coalesce(promised_ms, 9223372036854775807), placed_ms, id)
  WHERE state = 'allocated' AND held = 0;
CREATE INDEX p_order_held ON p_order(ord) WHERE held = 1;
CREATE INDEX p_order_promised ON p_order(promised_ms, ord) WHERE promised_ms IS NOT NULL
  AND state IN ('open', 'backordered', 'allocated', 'released');

ALTER TABLE p_lease ADD COLUMN part INTEGER NOT NULL DEFAULT 1;      -- of a split order
-- 1: its label names an address that the order no longer has; the next holder gets another one
ALTER TABLE p_lease ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;

CREATE INDEX p_lease_held ON p_lease(site) WHERE state = 'held';

-- state: open, released (by a person), corrected (what was doubtful is gone)
CREATE TABLE p_hold(
  ord INTEGER NOT NULL, position INTEGER NOT NULL,
  reason TEXT NOT NULL, about TEXT NOT NULL, what TEXT NOT NULL, proposal TEXT NOT NULL,
  by_whom TEXT NOT NULL, since_ms INTEGER NOT NULL, state TEXT NOT NULL,
  ended_by TEXT NOT NULL, ended_why TEXT NOT NULL, ended_ms INTEGER NOT NULL,
  PRIMARY KEY(ord, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_hold_stock ON p_hold(about) WHERE state = 'open' AND reason = 'stock';
-- Pieces that travel in a parcel of their own; everything else is part 1.
CREATE TABLE p_part(
  ord INTEGER NOT NULL, part INTEGER NOT NULL, line INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0), PRIMARY KEY(ord, part, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE p_forecast(
  ord INTEGER PRIMARY KEY, outlook TEXT NOT NULL, promised_ms INTEGER NOT NULL,
  predicted_ms INTEGER NOT NULL, worst TEXT NOT NULL, why TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX p_forecast_outlook ON p_forecast(outlook, ord);
CREATE TABLE p_backorder(
  sku TEXT PRIMARY KEY, most INTEGER NOT NULL, preorder INTEGER NOT NULL,
  released_ms INTEGER NOT NULL, preorder_most INTEGER NOT NULL,
  why TEXT NOT NULL, by_whom TEXT NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_backorder_released ON p_backorder(released_ms);

-- ------------------------------------------------------------------ the server's own
-- Orders to be routed again, with their rank: the first goes first.
ALTER TABLE reroute RENAME TO reroute_before;
CREATE TABLE reroute(
  ord INTEGER PRIMARY KEY, after_vip INTEGER NOT NULL, promised_ms INTEGER NOT NULL,
  placed_ms INTEGER NOT NULL, id TEXT NOT NULL
) STRICT;
CREATE INDEX reroute_rank ON reroute(after_vip, promised_ms, placed_ms, id);
INSERT INTO reroute(ord, after_vip, promised_ms, placed_ms, id)
  SELECT o.ord, 1, 9223372036854775807, o.placed_ms, o.id FROM reroute_before
  JOIN p_order o USING(ord);
DROP TABLE reroute_before;
-- How long the last boxes of a site took, opened to closed: a ring of 64 for each.
CREATE TABLE pack_time(
  site TEXT NOT NULL, n INTEGER NOT NULL, took_ms INTEGER NOT NULL, PRIMARY KEY(site, n)
) STRICT, WITHOUT ROWID;
