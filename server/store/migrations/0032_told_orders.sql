-- Orders of a channel by when it confirmed that it had been told of a parcel. Those that it was not
-- told of have no entry.
CREATE INDEX p_order_told ON p_order(channel, fulfilled_ms) WHERE fulfilled_ms > 0;
