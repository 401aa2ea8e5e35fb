-- What a channel is told of each parcel, by its label: kept when the label is taken from the order's
-- lease, and when the channel has heard of it. (p_telling went by the lease, which may get another
-- label while the channel still hears of the first.)
CREATE TABLE p_notice(
  ord INTEGER NOT NULL, tracking TEXT NOT NULL, line INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0),  -- its contents when it was first closed
  told INTEGER NOT NULL,                          -- 1: the channel has confirmed it
  PRIMARY KEY(ord, tracking, line)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO p_notice(ord, tracking, line, quantity, told)
  SELECT l.ord, l.tracking, t.line, t.quantity, 0 FROM p_telling t JOIN p_lease l USING(lease);
INSERT OR IGNORE INTO p_notice(ord, tracking, line, quantity, told)
  SELECT l.ord, l.tracking, p.line, p.accepted, 1 FROM p_parcel p JOIN p_lease l USING(lease)
  WHERE l.told = 1 AND p.accepted > 0;
DROP TABLE p_telling;
