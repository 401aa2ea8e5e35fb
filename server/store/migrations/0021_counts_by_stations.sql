-- The newest count of a shelf by a station whose clock is behind: when it says it was, which is
-- before it was asked. 0: it is taken as it was said.
ALTER TABLE p_counted ADD COLUMN said_hlc INTEGER NOT NULL DEFAULT 0;
