-- Boxes that stand aside to be emptied, longest there first: the page lists them.
CREATE INDEX work_aside ON work(changed_ms, lease) WHERE state = 'revoked';
