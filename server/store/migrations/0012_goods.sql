-- What carriers and sites must know of goods, what is asked for at each move, what they were bought
-- for, and what a bar code stands on: a case, a pallet. Null: nobody said.
ALTER TABLE p_item ADD COLUMN hazardous INTEGER;
ALTER TABLE p_item ADD COLUMN cold_chain INTEGER;
ALTER TABLE p_item ADD COLUMN tracked TEXT;
ALTER TABLE p_item ADD COLUMN cost_minor INTEGER;
ALTER TABLE p_barcode ADD COLUMN unit TEXT;

-- What a site has packed since its midnight: its load, where routing asks for it.
CREATE INDEX p_lease_ended ON p_lease(site, ended_ms) WHERE state = 'done';

-- One decision by its id.
CREATE INDEX p_decision_id ON p_decision(id);
