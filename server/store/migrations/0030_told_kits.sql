-- Kits that a channel was told of, or is being told of, with a parcel. Not a projection: which
-- parcel made a kit whole depends on when its channel hears, at the closing or at the hand-over.
CREATE TABLE told_kit(
  ord INTEGER NOT NULL, line INTEGER NOT NULL,  -- of p_kit_line
  tracking TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY(ord, line, tracking)
) STRICT, WITHOUT ROWID;
-- Orders whose channel has heard of a parcel: of all kits that their parcels make whole so far.
INSERT INTO told_kit(ord, line, tracking, quantity)
  SELECT k.ord, k.line, '', min(k.quantity, min(whole.kits)) FROM p_kit_line k
  JOIN (SELECT p.ord, p.kit_line, coalesce((SELECT sum(n.quantity) FROM p_notice n
          WHERE n.ord = p.ord AND n.line = p.line), 0) / p.pieces AS kits FROM p_kit_part p) whole
    ON whole.ord = k.ord AND whole.kit_line = k.line
  WHERE EXISTS (SELECT 1 FROM p_notice n WHERE n.ord = k.ord AND n.told = 1)
  GROUP BY k.ord, k.line HAVING min(k.quantity, min(whole.kits)) > 0;
