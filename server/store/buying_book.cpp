#include "server/store/buying_book.hpp"

#include <algorithm>

#include "shared/base/plant.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

// `name` and numbers of evidence, as the API shows them. The words are ours: no quotes in them.
std::string evidence_json(const std::vector<stock::Evidence>& all) {
  std::string out = "[";
  for (const auto& e : all) {
    if (out.size() > 1) out += ",";
    out += "{\"name\":\"" + e.name + "\",\"milli_bits\":" + std::to_string(e.milli_bits) +
           ",\"why\":\"" + e.why + "\"}";
  }
  return out + "]";
}

}  // namespace

BuyingBook::BuyingBook(sqlite::Db& db, Trouble& t)
    : put_supplier_(db, t,
                    "INSERT OR REPLACE INTO p_supplier(supplier, title, email, webhook, lead_days, "
                    "review_days) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
      put_supply_(db, t,
                  "INSERT OR REPLACE INTO p_supply(sku, supplier, rank, supplier_sku, pack, "
                  "minimum, price_minor, currency, safety_days) "
                  "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      propose_(db, t,
               "INSERT INTO p_purchase(purchase, position, supplier, site, currency, state, "
               "proposed_ms, decided_ms, expect_ms, why, by_whom) "
               "VALUES(?1, ?2, ?3, ?4, ?5, 'proposed', ?6, 0, 0, '', '')"),
      propose_line_(db, t,
                    "INSERT OR IGNORE INTO p_purchase_line(purchase, line, sku, supplier_sku, "
                    "quantity, price_minor, why) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      decide_(db, t,
              "UPDATE p_purchase SET state = ?2, decided_ms = ?3, expect_ms = ?4, why = ?5, "
              "by_whom = ?6 WHERE purchase = ?1 AND state = 'proposed'"),
      tell_(db, t,
            "UPDATE p_purchase SET told = ?2, told_ms = ?3, told_why = ?4, told_by = ?5 "
            "WHERE purchase = ?1 AND state = 'sent'"),
      ordered_(db, t,
               "SELECT p.supplier, p.site, p.currency, coalesce(s.webhook, ''), p.decided_ms, "
               "p.expect_ms FROM p_purchase p LEFT JOIN p_supplier s USING(supplier) "
               "WHERE p.purchase = ?1"),
      supplier_(db, t, "SELECT 1 FROM p_supplier WHERE supplier = ?1"),
      purchase_(db, t, "SELECT supplier, site, currency FROM p_purchase WHERE purchase = ?1"),
      lines_(db, t,
             "SELECT line, sku, supplier_sku, quantity, price_minor, why FROM p_purchase_line "
             "WHERE purchase = ?1 ORDER BY line"),
      state_(db, t, "SELECT state FROM p_purchase WHERE purchase = ?1"),
      lead_(db, t, "SELECT lead_days FROM p_supplier WHERE supplier = ?1"),
      shelves_(db, t,
               "SELECT sku, place, quantity, as_of_ms FROM p_balance WHERE (sku, place) > (?1, ?2) "
               "AND place LIKE '%/shelf' ORDER BY sku, place LIMIT ?3"),
      moves_(db, t,
             "SELECT count(*) FROM (SELECT m.* FROM p_move m WHERE m.sku = ?1 "
             "ORDER BY m.position DESC LIMIT ?4) x JOIN events e USING(position) "
             "WHERE e.time_ms >= ?3 AND ?2 IN (from_place, to_place) AND from_place <> to_place"),
      wanted_(db, t,
              "SELECT DISTINCT l.sku FROM p_line l INDEXED BY p_line_unrouted "
              "WHERE l.open + l.backordered > 0 AND l.sku > ?1 AND NOT EXISTS(SELECT 1 FROM "
              "p_balance b WHERE b.sku = l.sku AND b.place LIKE '%/shelf') "
              "ORDER BY l.sku LIMIT ?2"),
      supply_(db, t,
              "SELECT s.supplier, s.supplier_sku, s.pack, s.minimum, s.price_minor, s.currency, "
              "s.safety_days, coalesce(p.lead_days, 0), coalesce(p.review_days, 7) FROM p_supply s "
              "LEFT JOIN p_supplier p USING(supplier) WHERE s.sku = ?1 AND s.rank > 0 "
              "ORDER BY s.rank, s.supplier LIMIT 1"),
      backordered_(db, t, "SELECT coalesce(sum(open + backordered), 0) FROM p_line WHERE sku = ?1"),
      announced_(db, t,
                 "SELECT coalesce(sum(max(0, l.quantity - (SELECT coalesce(sum(r.quantity), 0) "
                 "FROM p_receipt r WHERE r.delivery = l.delivery AND r.sku = l.sku))), 0) "
                 "FROM p_delivery_line l JOIN p_delivery d USING(delivery) "
                 "WHERE l.sku = ?1 AND d.site = ?2 AND d.closed_ms IS NULL"),
      proposed_(db, t,
                "SELECT coalesce(sum(l.quantity), 0) FROM p_purchase_line l JOIN p_purchase p "
                "USING(purchase) WHERE l.sku = ?1 AND p.site = ?2 AND p.state = 'proposed'"),
      road_(db, t,
            "SELECT coalesce(sum(max(0, max(quantity, sent) - received - damaged)), 0) "
            "FROM p_transfer WHERE closed = 0 AND sku = ?1 AND to_site = ?2"),
      traces_(db, t,
              "SELECT kind, subject, raised_ms FROM p_exception WHERE kind IN ('short_pick', "
              "'negative_stock') ORDER BY position DESC LIMIT ?1"),
      clear_suspects_(db, t, "DELETE FROM count_suspect"),
      clear_transfers_(db, t, "DELETE FROM transfer_proposal"),
      put_suspect_(db, t,
                   "INSERT OR REPLACE INTO count_suspect(sku, site, odds_pm, milli_bits, evidence, "
                   "at_ms, place) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      put_transfer_(db, t,
                    "INSERT OR REPLACE INTO transfer_proposal(sku, from_site, to_site, quantity, "
                    "why, at_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)") {}

void BuyingBook::put(const wire::SupplierSet& s) {
  put_supplier_.run(s.supplier, s.title, s.email.value_or(""), s.webhook.value_or(""), s.lead_days,
                    s.review_days);
}

void BuyingBook::put(const wire::SupplyDefined& s) {
  put_supply_.run(s.sku, s.supplier, s.rank, s.supplier_sku.value_or(""), s.pack, s.minimum,
                  s.price_minor.value_or(0), s.currency.value_or(""), s.safety_days.value_or(0));
}

void BuyingBook::propose(std::int64_t position, std::int64_t at_ms,
                         const wire::PurchaseProposed& p) {
  if (!state(p.purchase).empty()) return;
  propose_.run(p.purchase, position, p.supplier, p.site, p.currency.value_or(""), at_ms);
  for (const auto& l : p.lines) {
    propose_line_.run(p.purchase, l.line, l.sku, l.supplier_sku.value_or(""), l.quantity,
                      l.price_minor.value_or(0), l.why);
  }
}

void BuyingBook::decide(std::int64_t at_ms, const wire::PurchaseDecided& d) {
  if (d.action == "sent" || d.action == "dropped") {
    decide_.run(d.purchase, d.action, at_ms, d.expect_ms.value_or(0), d.why, d.by);
  } else {
    tell_.run(d.purchase, d.action, at_ms, d.why, d.by);
  }
}

std::optional<BuyingBook::Ordered> BuyingBook::ordered(std::string_view purchase) {
  return ordered_.one(
      [](const Statement& s) {
        return Ordered{s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4), s.integer(5)};
      },
      purchase);
}

bool BuyingBook::has_supplier(std::string_view supplier) {
  return supplier_.integer(supplier).has_value();
}

std::optional<wire::PurchaseProposed> BuyingBook::purchase(std::string_view id) {
  auto found = purchase_.one(
      [&](const Statement& s) {
        wire::PurchaseProposed p;
        p.purchase = id;
        p.supplier = s.str(0);
        p.site = s.str(1);
        if (!s.text(2).empty()) p.currency = s.str(2);
        return p;
      },
      id);
  if (!found) return found;
  lines_.each(
      [&](const Statement& s) {
        wire::PurchaseLine line{s.integer(0), s.str(1), {}, s.integer(3), {}, s.str(5)};
        if (!s.text(2).empty()) line.supplier_sku = s.str(2);
        if (s.integer(4) != 0) line.price_minor = s.integer(4);
        found->lines.push_back(std::move(line));
      },
      id);
  return found;
}

std::string BuyingBook::state(std::string_view purchase) {
  return state_.text(purchase).value_or("");
}
std::int64_t BuyingBook::lead_days(std::string_view supplier) {
  return lead_.integer(supplier).value_or(0);
}

std::vector<BuyingBook::Shelf> BuyingBook::shelves(std::string_view sku, std::string_view place,
                                                   std::int64_t limit) {
  std::vector<Shelf> out;
  shelves_.each(
      [&](const Statement& s) {
        out.push_back(
            {s.str(0), std::string(ledger::site_of(s.text(1))), s.integer(2), s.integer(3)});
      },
      sku, place, limit);
  return out;
}

std::int64_t BuyingBook::moves(std::string_view sku, std::string_view site, std::int64_t since_ms) {
  return moves_.integer(sku, ledger::shelf(site), since_ms, kMovesCounted).value_or(0);
}

std::vector<std::string> BuyingBook::wanted_without_shelf(std::string_view after,
                                                          std::int64_t limit) {
  std::vector<std::string> out;
  wanted_.each([&](const Statement& s) { out.push_back(s.str(0)); }, after, limit);
  return out;
}

bool BuyingBook::fill_supply(stock::Need& need, std::string& currency) {
  return supply_
      .one(
          [&](const Statement& s) {
            need.supplier = s.str(0);
            need.supplier_sku = s.str(1);
            need.pack = s.integer(2);
            need.minimum = s.integer(3);
            need.price_minor = s.integer(4);
            currency = s.str(5);
            need.safety_days = s.integer(6);
            need.lead_days = s.integer(7);
            need.review_days = s.integer(8);
            return true;
          },
          need.sku)
      .value_or(false);
}

Quantity BuyingBook::backordered(std::string_view sku) {
  return backordered_.integer(sku).value_or(0);
}

Quantity BuyingBook::on_order(std::string_view sku, std::string_view site) {
  const auto proposed =
      PLANT("proposed-again-each-look") ? 0 : proposed_.integer(sku, site).value_or(0);
  return announced_.integer(sku, site).value_or(0) + proposed +
         road_.integer(sku, site).value_or(0);
}

std::vector<BuyingBook::Case> BuyingBook::traces(std::int64_t limit) {
  std::vector<Case> out;
  traces_.each([&](const Statement& s) { out.push_back({s.str(0), s.str(1), s.integer(2)}); },
               limit);
  return out;
}

void BuyingBook::clear_findings() {
  clear_suspects_.run();
  clear_transfers_.run();
}

void BuyingBook::put_suspect(const stock::Suspicion& s, std::int64_t place, std::int64_t at_ms) {
  put_suspect_.run(s.sku, s.site, s.odds_pm, s.milli_bits, evidence_json(s.evidence), at_ms, place);
}

void BuyingBook::put_transfer(const stock::TransferProposal& p, std::int64_t at_ms) {
  put_transfer_.run(p.sku, p.from_site, p.to_site, p.pieces, p.why, at_ms);
}

}  // namespace dockline::server::store
