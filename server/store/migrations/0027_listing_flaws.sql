-- Listings that a channel shows without a SKU, with one that nobody here knows, or two with one SKU,
-- as its stock was read last (publish/listings.hpp); sound ones have no row. State of the channel,
-- not a projection: the next reading makes it anew.
CREATE TABLE listing_flaw(
  channel TEXT NOT NULL,
  listing TEXT NOT NULL,          -- the channel's id of it, '' where it gives none
  location TEXT NOT NULL,         -- '': one listing for all places of the channel
  sku TEXT NOT NULL,              -- as it is written there
  title TEXT NOT NULL,
  flaw TEXT NOT NULL CHECK(flaw IN ('no_sku', 'unknown_sku', 'shared_sku')),
  seen_ms INTEGER NOT NULL,       -- wall clock: shown so since
  PRIMARY KEY(channel, listing, location, sku)
) STRICT, WITHOUT ROWID;
