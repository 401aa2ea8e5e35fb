#include "server/store/reader_buying.hpp"

#include <array>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;
using Row = std::vector<std::string>;

#define DOCKLINE_PURCHASE_COLUMNS                                                                  \
  "p.position, p.purchase, p.supplier, coalesce(s.title, ''), coalesce(s.email, ''), "             \
  "coalesce(s.webhook, ''), p.site, p.currency, p.state, p.proposed_ms, p.decided_ms, "            \
  "p.expect_ms, p.why, p.by_whom, p.told, p.told_ms, p.told_why, p.told_by, "                      \
  "q.purchase IS NOT NULL, coalesce(q.url, ''), coalesce(q.attempts, 0), "                         \
  "coalesce(q.last_error, ''), coalesce(q.next_ms, 0), coalesce(q.created_ms, 0) FROM p_purchase " \
  "p LEFT JOIN p_supplier s USING(supplier) "                                                      \
  "LEFT JOIN purchase_post q USING(purchase)"
#define DOCKLINE_PURCHASE_FILTER                                                            \
  "(?1 = '' OR p.state = ?1) AND (?2 = '' OR p.site = ?2) AND (?3 = '' OR EXISTS(SELECT 1 " \
  "FROM p_purchase_line l WHERE l.purchase = p.purchase AND l.sku = ?3))"

PurchaseRow purchase_of(const Statement& s) {
  PurchaseRow row;
  row.position = s.integer(0);
  row.purchase = s.str(1);
  row.supplier = s.str(2);
  row.title = s.str(3);
  row.email = s.str(4);
  row.webhook = s.str(5);
  row.site = s.str(6);
  row.currency = s.str(7);
  row.state = s.str(8);
  row.proposed_ms = s.integer(9);
  row.decided_ms = s.integer(10);
  row.expect_ms = s.integer(11);
  row.why = s.str(12);
  row.by = s.str(13);
  auto& sending = row.sending;
  if (s.integer(18) != 0) {
    sending.state = "waiting";
    sending.url = s.str(19);
    sending.attempts = s.integer(20);
    sending.why = s.str(21);
    sending.next_ms = s.integer(22);
    sending.at_ms = s.integer(23);
    sending.by = "server";
  } else {
    sending.state = s.str(14);
    sending.at_ms = s.integer(15);
    sending.why = s.str(16);
    sending.by = s.str(17);
  }
  return row;
}

void fill(Reader::Impl& in, PurchaseRow& row) {
  row.lines.supplier = row.title.empty() ? row.supplier : row.title;
  row.lines.site = row.site;
  in.query(
        "SELECT l.sku, l.supplier_sku, l.quantity, l.quantity / max(1, coalesce(y.pack, 1)), "
        "l.price_minor, l.why FROM p_purchase_line l JOIN p_purchase p USING(purchase) "
        "LEFT JOIN p_supply y ON y.sku = l.sku AND y.supplier = p.supplier "
        "WHERE l.purchase = ?1 ORDER BY l.line")
      .each(
          [&](const Statement& s) {
            row.lines.lines.push_back(
                {s.str(0), s.str(1), s.integer(2), s.integer(3), s.integer(4), s.str(5)});
          },
          row.purchase);
}

struct Export {
  std::string_view what, sql;
  std::vector<std::string> names;
};

const std::vector<Export>& exports() {
  static const std::vector<Export> all = {
      {"items",
       "SELECT i.sku, i.title, coalesce((SELECT group_concat(code, ' ') FROM (SELECT code FROM "
       "p_barcode b WHERE b.sku = i.sku ORDER BY code)), ''), coalesce(i.weight_g, ''), "
       "CASE i.hazardous WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE '' END, "
       "CASE i.cold_chain WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE '' END, "
       "coalesce(i.tracked, ''), coalesce(i.cost_minor, '') "
       "FROM p_item i ORDER BY i.sku",
       {"sku", "title", "barcode", "weight_g", "hazardous", "cold_chain", "tracked", "cost_minor"}},
      {"barcodes",
       "SELECT sku, code, pieces, coalesce(unit, '') FROM p_barcode ORDER BY sku, code",
       {"sku", "barcode", "pieces", "unit"}},
      {"stock",
       "SELECT b.sku, i.title, coalesce((SELECT group_concat(code, ' ') FROM (SELECT code FROM "
       "p_barcode c WHERE c.sku = b.sku ORDER BY code)), ''), substr(b.place, 1, length(b.place) - "
       "6), coalesce((SELECT bin FROM p_bin n WHERE n.sku = b.sku AND n.site = substr(b.place, 1, "
       "length(b.place) - 6)), ''), b.quantity FROM p_balance b JOIN p_item i USING(sku) "
       "WHERE b.place LIKE '%/shelf' ORDER BY b.sku, b.place",
       {"sku", "title", "barcode", "site", "bin", "quantity"}},
      {"bins",
       "SELECT sku, site, bin, home, quantity FROM (SELECT b.sku, substr(b.place, 1, "
       "length(b.place) - 6) AS site, coalesce(n.bin, '') AS bin, 'yes' AS home, b.quantity - "
       "coalesce((SELECT sum(o.quantity) FROM p_bin_stock o WHERE o.sku = b.sku AND o.site = "
       "substr(b.place, 1, length(b.place) - 6)), 0) AS quantity FROM p_balance b LEFT JOIN p_bin "
       "n ON n.sku = b.sku AND n.site = substr(b.place, 1, length(b.place) - 6) WHERE b.place "
       "LIKE '%/shelf' UNION ALL SELECT sku, site, bin, 'no', quantity FROM p_bin_stock) "
       "ORDER BY sku, site, home DESC, bin",
       {"sku", "site", "bin", "home", "quantity"}},
      {"places",
       "SELECT sku, place, quantity FROM p_balance WHERE place LIKE '%/%' ORDER BY sku, place",
       {"sku", "place", "quantity"}},
      {"sites",
       "SELECT site, count(*), sum(quantity) FROM (SELECT substr(place, 1, length(place) - 6) AS "
       "site, quantity FROM p_balance WHERE place LIKE '%/shelf') GROUP BY site ORDER BY site",
       {"site", "skus", "pieces"}},
      {"suppliers",
       "SELECT supplier, title, email, webhook, lead_days, review_days FROM p_supplier "
       "ORDER BY supplier",
       {"supplier", "title", "email", "webhook", "lead_days", "review_days"}},
      {"supplies",
       "SELECT sku, supplier, rank, supplier_sku, pack, minimum, price_minor, currency, "
       "safety_days FROM p_supply ORDER BY sku, rank, supplier",
       {"sku", "supplier", "rank", "supplier_sku", "pack", "minimum", "price_minor", "currency",
        "safety_days"}},
      {"purchases",
       "SELECT p.purchase, p.supplier, p.site, p.state, l.sku, l.supplier_sku, l.quantity, "
       "l.price_minor, p.currency, l.why FROM p_purchase p JOIN p_purchase_line l USING(purchase) "
       "ORDER BY p.position, l.line",
       {"purchase", "supplier", "site", "state", "sku", "supplier_sku", "quantity", "price_minor",
        "currency", "why"}},
  };
  return all;
}

}  // namespace

base::Result<std::vector<SupplierRow>> suppliers(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<SupplierRow> out;
    in.query(
          "SELECT s.supplier, title, email, webhook, lead_days, review_days, coalesce(y.skus, 0) "
          "FROM p_supplier s LEFT JOIN (SELECT supplier, count(*) AS skus FROM p_supply WHERE "
          "rank > 0 GROUP BY supplier) y USING(supplier) ORDER BY s.supplier LIMIT 1000")
        .each([&](const Statement& s) {
          out.push_back(
              {s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4), s.integer(5), s.integer(6)});
        });
    return out;
  });
}

base::Result<Page<SupplyRow>> supplies(Reader& reader, const SupplyQuery& q) {
  auto& in = reader.impl();
  return in.look([&] {
    Page<SupplyRow> page;
    const auto limit = bounded(q.limit);
    in.query(
          "SELECT sku, supplier, supplier_sku, currency, rank, pack, minimum, price_minor, "
          "safety_days FROM p_supply WHERE (?1 = '' OR sku = ?1) AND (?5 = '' OR supplier = ?5) "
          "AND sku || ' ' || supplier > ?2 ORDER BY sku, supplier LIMIT ?3 OFFSET ?4")
        .each(
            [&](const Statement& s) {
              page.items.push_back({s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4),
                                    s.integer(5), s.integer(6), s.integer(7), s.integer(8)});
            },
            q.sku, q.after, limit, q.skip, q.supplier);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = page.items.back().sku + " " + page.items.back().supplier;
    }
    page.total = in.query(
                       "SELECT count(*) FROM p_supply WHERE (?1 = '' OR sku = ?1) AND "
                       "(?2 = '' OR supplier = ?2)")
                     .integer(q.sku, q.supplier)
                     .value_or(0);
    return page;
  });
}

base::Result<Page<PurchaseRow>> purchases(Reader& reader, const ReceivingQuery& q) {
  const auto before = q.after.empty() ? std::optional(INT64_MAX) : after_number(q.after);
  if (!before) return base::pass(bad_after(q.after));
  auto& in = reader.impl();
  return in.look([&] {
    Page<PurchaseRow> page;
    const auto limit = bounded(q.limit);
    in.query("SELECT " DOCKLINE_PURCHASE_COLUMNS " WHERE " DOCKLINE_PURCHASE_FILTER
             " AND p.position < ?4 ORDER BY p.position DESC LIMIT ?5 OFFSET ?6")
        .each([&](const Statement& s) { page.items.push_back(purchase_of(s)); }, q.state, q.site,
              q.sku, *before, limit, q.skip);
    for (auto& row : page.items) fill(in, row);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().position);
    }
    page.total = in.query("SELECT count(*) FROM p_purchase p WHERE " DOCKLINE_PURCHASE_FILTER)
                     .integer(q.state, q.site, q.sku)
                     .value_or(0);
    return page;
  });
}

base::Result<std::optional<PurchaseRow>> purchase(Reader& reader, const std::string& id) {
  auto& in = reader.impl();
  return in.look([&] {
    auto row =
        in.query("SELECT " DOCKLINE_PURCHASE_COLUMNS " WHERE p.purchase = ?1").one(purchase_of, id);
    if (row) fill(in, *row);
    return row;
  });
}

base::Result<std::vector<SuspectRow>> suspects(Reader& reader, const std::string& site) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<SuspectRow> out;
    in.query(
          "SELECT c.sku, coalesce(i.title, ''), c.site, c.evidence, c.odds_pm, c.milli_bits, "
          "c.at_ms, coalesce(b.quantity, 0), c.place, EXISTS(SELECT 1 FROM p_count_task t WHERE "
          "t.sku = c.sku AND t.site = c.site AND t.state = 'open') FROM count_suspect c "
          "LEFT JOIN p_item i USING(sku) LEFT JOIN p_balance b ON b.sku = c.sku AND "
          "b.place = c.site || '/shelf' WHERE ?1 = '' OR c.site = ?1 ORDER BY c.place")
        .each(
            [&](const Statement& s) {
              out.push_back({s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4), s.integer(5),
                             s.integer(6), s.integer(7), s.integer(8), s.integer(9) != 0});
            },
            site);
    return out;
  });
}

base::Result<std::vector<ProposalRow>> transfer_proposals(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<ProposalRow> out;
    in.query(
          "SELECT sku, from_site, to_site, quantity, why, at_ms FROM transfer_proposal "
          "ORDER BY sku, from_site, to_site")
        .each([&](const Statement& s) {
          out.push_back({{s.str(0), s.str(1), s.str(2), s.integer(3), s.str(4)}, s.integer(5)});
        });
    return out;
  });
}

base::Result<std::vector<domain::Item>> items(Reader& reader, const std::string& after,
                                              std::int64_t limit) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<domain::Item> out;
    in.query("SELECT sku, title, weight_g FROM p_item WHERE sku > ?1 ORDER BY sku LIMIT ?2")
        .each(
            [&](const Statement& s) {
              domain::Item item;
              item.sku = s.str(0);
              item.title = s.str(1);
              item.weight_g = s.maybe_integer(2);
              out.push_back(std::move(item));
            },
            after, limit);
    for (auto& item : out) {
      in.query("SELECT code, pieces FROM p_barcode WHERE sku = ?1 ORDER BY code")
          .each([&](const Statement& s) { item.barcodes.push_back({s.str(0), s.integer(1)}); },
                item.sku);
    }
    return out;
  });
}

base::Status export_each(Reader& reader, const std::string& what,
                         const std::function<bool(const Row&)>& take) {
  for (const auto& one : exports()) {
    if (one.what != what) continue;
    auto& in = reader.impl();
    bool more = take(one.names);
    const auto looked = in.look([&] {
      Row row(one.names.size());
      in.query(one.sql).each([&](const Statement& s) {
        if (!more) return;
        for (int i = 0; i < static_cast<int>(row.size()); ++i) row[i] = s.str(i);
        more = take(row);
      });
      return true;
    });
    return looked ? base::Status{} : base::pass(looked.error());
  }
  std::string known;
  for (const auto& one : exports()) known.append(known.empty() ? "" : ", ").append(one.what);
  return base::fail(base::Fault::reject, "there is no export \"" + what + "\"; use " + known);
}

base::Result<std::vector<Row>> export_rows(Reader& reader, const std::string& what) {
  std::vector<Row> out;
  const auto done = export_each(reader, what, [&](const Row& row) {
    out.push_back(row);
    return true;
  });
  if (!done) return base::pass(done.error());
  return out;
}

}  // namespace dockline::server::store
