-- Pieces of a line that its channel was told have left: it keeps nothing back for them any more,
-- also when their box is opened or put back afterwards.
ALTER TABLE p_line ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE p_line SET told = coalesce((
  SELECT sum(p.accepted) FROM p_lease l JOIN p_parcel p ON p.lease = l.lease
  WHERE l.ord = p_line.ord AND l.told = 1 AND p.line = p_line.line), 0);

-- What a channel is being told of a box: its contents when it was first closed, until confirmed.
CREATE TABLE p_telling(
  lease TEXT NOT NULL, line INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK(quantity > 0),
  PRIMARY KEY(lease, line)
) STRICT, WITHOUT ROWID;
INSERT INTO p_telling(lease, line, quantity)
  SELECT p.lease, p.line, p.accepted FROM p_parcel p JOIN p_lease l ON l.lease = p.lease
  WHERE l.told = 0 AND l.state = 'done' AND p.accepted > 0;
