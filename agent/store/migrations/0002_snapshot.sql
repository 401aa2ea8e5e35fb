-- Pieces of a snapshot of the server's state that is under way. The last one swaps and empties it.
CREATE TABLE snapshot_piece(
  part INTEGER PRIMARY KEY,
  snap TEXT NOT NULL,
  sum BLOB NOT NULL,            -- SHA-256 through this piece
  bytes BLOB NOT NULL
) STRICT;
