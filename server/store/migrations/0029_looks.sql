-- What a person looks for: a lot or a serial that lies somewhere, decisions by their outcome.
CREATE INDEX p_lot_lot ON p_lot(lot) WHERE lot <> '';
CREATE INDEX p_lot_serial ON p_lot(serial) WHERE serial <> '';
CREATE INDEX p_decision_outcome ON p_decision(outcome, position);
