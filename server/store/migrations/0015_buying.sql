-- From whom goods are bought, and what was proposed and ordered.
CREATE TABLE p_supplier(
  supplier TEXT PRIMARY KEY, title TEXT NOT NULL, email TEXT NOT NULL, webhook TEXT NOT NULL,
  lead_days INTEGER NOT NULL, review_days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE p_supply(
  sku TEXT NOT NULL, supplier TEXT NOT NULL, rank INTEGER NOT NULL, supplier_sku TEXT NOT NULL,
  pack INTEGER NOT NULL, minimum INTEGER NOT NULL, price_minor INTEGER NOT NULL,
  currency TEXT NOT NULL, safety_days INTEGER NOT NULL, PRIMARY KEY(sku, supplier)
) STRICT, WITHOUT ROWID;
-- state: proposed, sent, dropped
CREATE TABLE p_purchase(
  purchase TEXT PRIMARY KEY, position INTEGER NOT NULL, supplier TEXT NOT NULL, site TEXT NOT NULL,
  currency TEXT NOT NULL, state TEXT NOT NULL, proposed_ms INTEGER NOT NULL,
  decided_ms INTEGER NOT NULL, expect_ms INTEGER NOT NULL, why TEXT NOT NULL, by_whom TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX p_purchase_position ON p_purchase(position);
CREATE TABLE p_purchase_line(
  purchase TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, supplier_sku TEXT NOT NULL,
  quantity INTEGER NOT NULL, price_minor INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY(purchase, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX p_purchase_line_sku ON p_purchase_line(sku);

-- The server's own, made anew by its daily look at the shelves: which of them the books may be
-- wrong about, and what one site could send another.
CREATE TABLE count_suspect(
  sku TEXT NOT NULL, site TEXT NOT NULL, odds_pm INTEGER NOT NULL, milli_bits INTEGER NOT NULL,
  evidence TEXT NOT NULL, at_ms INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY(sku, site)
) STRICT, WITHOUT ROWID;
CREATE TABLE transfer_proposal(
  sku TEXT NOT NULL, from_site TEXT NOT NULL, to_site TEXT NOT NULL, quantity INTEGER NOT NULL,
  why TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(sku, from_site, to_site)
) STRICT, WITHOUT ROWID;
