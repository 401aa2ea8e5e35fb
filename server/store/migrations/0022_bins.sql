-- Bins of a shelf beside the SKU's home bin (p_bin): what was put into them. The home bin holds the
-- rest of the shelf's balance, so a movement that names no bin is of it.
CREATE TABLE p_bin_stock(
  sku TEXT NOT NULL, site TEXT NOT NULL, bin TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0), PRIMARY KEY(sku, site, bin)
) STRICT, WITHOUT ROWID;
-- p_count.counts is 2 for a count of one of several bins: nothing later corrects it.
-- Empty: the home bin, or no shelf.
ALTER TABLE p_move ADD COLUMN from_bin TEXT NOT NULL DEFAULT '';
ALTER TABLE p_move ADD COLUMN to_bin TEXT NOT NULL DEFAULT '';
