-- Names and e-mail addresses by which orders are looked for come in no order: an index of each would
-- touch a page of its own for every order. They are gathered: those of 1,024 orders at a time go in
-- sorted; the newest orders, whose words are not there yet, are looked through (reader_search.cpp).
DROP INDEX p_order_customer;
DROP INDEX p_order_surname;
DROP INDEX p_order_email;
CREATE VIEW p_order_says AS
  SELECT ord, 'customer' AS what, lower(customer) AS word FROM p_order
  UNION ALL
  SELECT ord, 'customer', lower(replace(customer, rtrim(customer, replace(customer, ' ', '')), ''))
    FROM p_order WHERE instr(customer, ' ') > 0
  UNION ALL
  SELECT ord, 'email', lower(iif(json_valid(ship_to), json_extract(ship_to, '$.email'), NULL))
    FROM p_order;
CREATE TABLE p_order_word(
  what TEXT NOT NULL, word TEXT NOT NULL, ord INTEGER NOT NULL, PRIMARY KEY(what, word, ord)
) STRICT, WITHOUT ROWID;
-- The last order whose words are in p_order_word.
CREATE TABLE p_order_worded(one INTEGER PRIMARY KEY CHECK (one = 1), ord INTEGER NOT NULL) STRICT;
INSERT INTO p_order_worded SELECT 1, coalesce(max(ord), 0) FROM p_order;
INSERT OR IGNORE INTO p_order_word
  SELECT what, word, ord FROM p_order_says WHERE word <> '' ORDER BY 1, 2, 3;
CREATE TRIGGER p_order_words_come AFTER INSERT ON p_order WHEN new.ord % 1024 = 0 BEGIN
  INSERT OR IGNORE INTO p_order_word
    SELECT what, word, ord FROM p_order_says
    WHERE ord > (SELECT ord FROM p_order_worded) AND ord <= new.ord AND word <> ''
    ORDER BY 1, 2, 3;
  UPDATE p_order_worded SET ord = new.ord;
END;
CREATE TRIGGER p_order_words_go BEFORE UPDATE OF customer, ship_to ON p_order
  WHEN old.ord <= (SELECT ord FROM p_order_worded) BEGIN
  DELETE FROM p_order_word
    WHERE (what, word, ord) IN (SELECT what, word, ord FROM p_order_says WHERE ord = old.ord);
END;
CREATE TRIGGER p_order_words_change AFTER UPDATE OF customer, ship_to ON p_order
  WHEN new.ord <= (SELECT ord FROM p_order_worded) BEGIN
  INSERT OR IGNORE INTO p_order_word
    SELECT what, word, ord FROM p_order_says WHERE ord = new.ord AND word <> '';
END;
