-- After a restore a box may come before its order is known again: it belongs to the order's story.
INSERT OR IGNORE INTO p_timeline(ord, position)
  SELECT o.ord, f.position FROM p_fenced f JOIN p_order o ON o.id = f.order_id
  WHERE f.state = 'accepted';
