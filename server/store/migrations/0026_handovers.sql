-- Closed boxes on their way: waiting for the carrier, handed over, delivered. One row each, by the
-- lease under which it was closed.
CREATE TABLE p_handover(
  box TEXT PRIMARY KEY, ord INTEGER NOT NULL, site TEXT NOT NULL, carrier TEXT NOT NULL,
  tracking TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'handed_over', 'delivered', 'reopened')),
  closed_ms INTEGER NOT NULL, manifest TEXT NOT NULL DEFAULT '',
  handed_ms INTEGER NOT NULL DEFAULT 0, delivered_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO p_handover(box, ord, site, carrier, tracking, state, closed_ms)
  SELECT lease, ord, site, carrier, tracking, 'waiting', ended_ms FROM p_lease l
  WHERE state = 'done'
    AND EXISTS (SELECT 1 FROM p_parcel p WHERE p.lease = l.lease AND p.quantity > 0);
-- What stands at a site is a short list, however many parcels have left.
CREATE INDEX p_handover_waiting ON p_handover(site, carrier, closed_ms, box)
  WHERE state = 'waiting';
CREATE INDEX p_handover_gone ON p_handover(handed_ms, box) WHERE handed_ms > 0;
CREATE INDEX p_handover_gone_from ON p_handover(site, handed_ms, box) WHERE handed_ms > 0;
CREATE INDEX p_handover_tracking ON p_handover(tracking);
CREATE INDEX p_handover_ord ON p_handover(ord);
CREATE INDEX p_handover_manifest ON p_handover(manifest) WHERE manifest <> '';
-- Pieces of a box that count as shipped for their lines: those that were still wanted.
CREATE TABLE p_handed(
  box TEXT NOT NULL, line INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY(box, line)
) STRICT, WITHOUT ROWID;
-- What people said of a site, instead of the routing file.
CREATE TABLE p_site(
  site TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(site, key)
) STRICT, WITHOUT ROWID;
