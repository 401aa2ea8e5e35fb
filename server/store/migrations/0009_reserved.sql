-- What is reserved of a SKU at a site is a sum over its open orders, asked for at each decision:
-- read from the index alone, not from the rows behind it.
DROP INDEX p_reservation_sku;
CREATE INDEX p_reservation_sku ON p_reservation(sku, site, quantity);
