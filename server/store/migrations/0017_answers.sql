-- Answers to requests with an Idempotency-Key, kept in the turn of their effect: the same request
-- again, also after a crash, gets the same answer. Own state, not a projection.
CREATE TABLE answer(
  key TEXT PRIMARY KEY,
  request TEXT NOT NULL,          -- hash of method, path, query and body
  told BLOB NOT NULL,             -- the answer as the API wrote it
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_at ON answer(at_ms);
