-- Orders that go in one parcel: each keeps its lines, its channel and its lease; the label is one.
CREATE TABLE p_merge(
  ord INTEGER PRIMARY KEY,
  parcel INTEGER NOT NULL,        -- position of the fact that merged the first two
  apart INTEGER NOT NULL          -- 1: it got another address meanwhile and goes alone
) STRICT;
CREATE INDEX p_merge_parcel ON p_merge(parcel, ord);
