-- What a person may hold in hand finds its order or item at once (reader_search.cpp has the same
-- expressions): number, the channel's id, label, SSCC, name, surname, e-mail, bar code, title.
CREATE INDEX p_order_number ON p_order(number);
CREATE INDEX p_order_external ON p_order(external_id) WHERE external_id <> '';
CREATE INDEX p_order_customer ON p_order(lower(customer));
CREATE INDEX p_order_surname ON p_order(
  lower(replace(customer, rtrim(customer, replace(customer, ' ', '')), '')));
CREATE INDEX p_order_email ON p_order(
  lower(iif(json_valid(ship_to), json_extract(ship_to, '$.email'), NULL)));
CREATE INDEX p_lease_tracking ON p_lease(tracking);
CREATE INDEX p_lease_sscc ON p_lease(sscc) WHERE sscc <> '';
CREATE INDEX p_notice_tracking ON p_notice(tracking);
CREATE INDEX p_barcode_code ON p_barcode(code);
CREATE INDEX p_item_title ON p_item(lower(title));
