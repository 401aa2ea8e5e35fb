-- Counts that this bench was asked for, oldest question first. One that is answered stays until the
-- server says that it has the answer: asked again it would be counted twice.
CREATE TABLE count_task(
  id INTEGER PRIMARY KEY, task TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK(state IN ('open', 'answered')), document BLOB NOT NULL
) STRICT;
