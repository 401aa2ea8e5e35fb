-- Lists of orders by channel, newest first, and how many there are of each kind without counting.
CREATE INDEX p_order_channel_ord ON p_order(channel, ord);
CREATE TABLE p_order_count(
  channel TEXT NOT NULL, state TEXT NOT NULL, orders INTEGER NOT NULL, PRIMARY KEY(channel, state)
) STRICT, WITHOUT ROWID;
INSERT INTO p_order_count SELECT channel, state, count(*) FROM p_order GROUP BY channel, state;
CREATE TRIGGER p_order_comes AFTER INSERT ON p_order BEGIN
  INSERT INTO p_order_count VALUES(new.channel, new.state, 1)
    ON CONFLICT(channel, state) DO UPDATE SET orders = orders + 1;
END;
CREATE TRIGGER p_order_moves AFTER UPDATE OF state ON p_order WHEN old.state <> new.state BEGIN
  UPDATE p_order_count SET orders = orders - 1 WHERE channel = old.channel AND state = old.state;
  INSERT INTO p_order_count VALUES(new.channel, new.state, 1)
    ON CONFLICT(channel, state) DO UPDATE SET orders = orders + 1;
END;
CREATE TRIGGER p_order_goes AFTER DELETE ON p_order BEGIN
  UPDATE p_order_count SET orders = orders - 1 WHERE channel = old.channel AND state = old.state;
END;
