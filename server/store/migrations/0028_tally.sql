-- What left the shelves per day (UTC), counted by the daily look from p_move up to where its counters
-- say (tally_position, tally_n). Not a projection: it can be counted again, and what is older than
-- the days that demand is read from goes.
CREATE TABLE tally_sold(           -- for buyers, less what came back before it left the house
  sku TEXT NOT NULL, site TEXT NOT NULL,
  country TEXT NOT NULL, region TEXT NOT NULL,
  code TEXT NOT NULL,              -- the beginning of the postal code
  day INTEGER NOT NULL,            -- since 1970-01-01
  pieces INTEGER NOT NULL,
  PRIMARY KEY(sku, site, country, region, code, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_used(           -- beside orders, by the station that said so
  site TEXT NOT NULL, sku TEXT NOT NULL, station TEXT NOT NULL,
  day INTEGER NOT NULL, pieces INTEGER NOT NULL,
  PRIMARY KEY(site, sku, station, day)
) STRICT, WITHOUT ROWID;
