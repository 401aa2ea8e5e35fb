-- What is kept back, and for whom: one row for a site or channel, and one of it for a SKU. Absent
-- values are not set here; the row without a SKU says them, or nothing does.
CREATE TABLE p_policy(
  sku TEXT NOT NULL,              -- empty: of the whole site or channel
  site TEXT NOT NULL,             -- empty: of a channel
  channel TEXT NOT NULL,          -- empty: of a site
  safety INTEGER, quota INTEGER, share_pm INTEGER, buffer INTEGER, cap INTEGER,
  why TEXT NOT NULL, by_whom TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY(sku, site, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_policy_place ON p_policy(site, channel, sku);
-- Pieces that were bought and have no site yet, by SKU: of a history of any length only these.
CREATE INDEX p_line_unrouted ON p_line(sku, open, backordered) WHERE open + backordered > 0;

-- Kits by their parts, as they are defined now.
CREATE TABLE p_kit(
  kit TEXT NOT NULL, part TEXT NOT NULL, pieces INTEGER NOT NULL CHECK(pieces > 0),
  position INTEGER NOT NULL, PRIMARY KEY(kit, part)
) STRICT, WITHOUT ROWID;
-- A sold line that was a kit: its parts are lines of their own (p_line), made when it came.
CREATE TABLE p_kit_line(
  ord INTEGER NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, title TEXT NOT NULL,
  quantity INTEGER NOT NULL, unit_price_minor INTEGER, external_id TEXT,
  PRIMARY KEY(ord, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE p_kit_part(
  ord INTEGER NOT NULL, line INTEGER NOT NULL,  -- of p_line
  kit_line INTEGER NOT NULL,                    -- of p_kit_line
  pieces INTEGER NOT NULL CHECK(pieces > 0),    -- in one kit
  PRIMARY KEY(ord, line)
) STRICT, WITHOUT ROWID;

-- What a channel showed otherwise than it was told, the newest by listing.
CREATE TABLE p_drift(
  channel TEXT NOT NULL, sku TEXT NOT NULL, location TEXT NOT NULL,
  told INTEGER NOT NULL, shown INTEGER NOT NULL, cause TEXT NOT NULL, why TEXT NOT NULL,
  at_ms INTEGER NOT NULL, times INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY(channel, sku, location)
) STRICT, WITHOUT ROWID;
