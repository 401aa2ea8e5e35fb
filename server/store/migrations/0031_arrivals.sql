-- How many parcels of a service arrived on a day (since 1970-01-01, UTC), and how many of them when
-- the routing file had said. Not a projection: what was said stands in that file. A row per service
-- and day of the last four weeks.
CREATE TABLE arrival(
  carrier TEXT NOT NULL, service TEXT NOT NULL, day INTEGER NOT NULL,
  parcels INTEGER NOT NULL, in_time INTEGER NOT NULL,
  PRIMARY KEY(day, carrier, service)
) STRICT, WITHOUT ROWID;
