#include "server/store/stock_book.hpp"

#include <algorithm>

#include "shared/base/plant.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;

std::optional<bool> yes(std::optional<std::int64_t> stored) {
  return stored ? std::optional(*stored != 0) : std::nullopt;
}
std::optional<std::int64_t> number(std::optional<bool> value) {
  return value ? std::optional<std::int64_t>(*value ? 1 : 0) : std::nullopt;
}

constexpr std::size_t kTitlesCached = 20'000;

}  // namespace

StockBook::StockBook(sqlite::Db& db, Trouble& t)
    : by_code_(db, t, "SELECT sku, pieces FROM p_barcode WHERE code = ?1 ORDER BY sku LIMIT 2"),
      item_(db, t,
            "SELECT sku, title, detail, weight_g, hazardous, cold_chain, tracked, cost_minor FROM "
            "p_item WHERE sku = ?1"),
      barcodes_(db, t, "SELECT code, pieces, unit FROM p_barcode WHERE sku = ?1 ORDER BY code"),
      title_(db, t, "SELECT title FROM p_item WHERE sku = ?1"),
      put_item_(db, t,
                "INSERT OR REPLACE INTO p_item(sku, title, detail, weight_g, origin, position, "
                "hazardous, cold_chain, tracked, cost_minor) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      drop_barcodes_(db, t, "DELETE FROM p_barcode WHERE sku = ?1"),
      put_barcode_(
          db, t,
          "INSERT OR REPLACE INTO p_barcode(sku, code, pieces, unit) VALUES(?1, ?2, ?3, ?4)"),
      bin_(db, t, "SELECT bin FROM p_bin WHERE sku = ?1 AND site = ?2"),
      put_bin_(db, t, "INSERT OR REPLACE INTO p_bin(sku, site, bin) VALUES(?1, ?2, ?3)"),
      sites_(db, t,
             "SELECT site FROM p_bin WHERE sku = ?1 UNION "
             "SELECT substr(place, 1, length(place) - 6) FROM p_balance WHERE sku = ?1 AND "
             "place LIKE '%/shelf' ORDER BY 1"),
      skus_(db, t,
            "SELECT sku FROM p_bin WHERE site = ?1 UNION "
            "SELECT sku FROM p_balance WHERE place = ?1 || '/shelf' ORDER BY 1"),
      all_skus_(db, t, "SELECT sku FROM p_item WHERE sku > ?1 ORDER BY sku LIMIT ?2"),
      move_(db, t,
            "INSERT INTO p_move(position, n, sku, quantity, from_place, to_place, reason, "
            "from_bin, to_bin) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      add_(db, t,
           PLANT("last-writer-wins-on-counts")
               ? "INSERT OR REPLACE INTO p_balance(sku, place, quantity, as_of_ms) "
                 "VALUES(?1, ?2, ?3, ?4)"
               : "INSERT INTO p_balance(sku, place, quantity, as_of_ms) VALUES(?1, ?2, ?3, ?4) "
                 "ON CONFLICT(sku, place) DO UPDATE SET quantity = quantity + ?3, as_of_ms = ?4"),
      balance_(db, t, "SELECT quantity FROM p_balance WHERE sku = ?1 AND place = ?2"),
      as_of_(db, t, "SELECT quantity, as_of_ms FROM p_balance WHERE sku = ?1 AND place = ?2"),
      reserved_(db, t, "SELECT sum(quantity) FROM p_reservation WHERE sku = ?1 AND site = ?2"),
      balances_(db, t,
                "SELECT place, quantity, as_of_ms FROM p_balance WHERE sku = ?1 ORDER BY place"),
      reservations_(db, t,
                    "SELECT site, sum(quantity) FROM p_reservation WHERE sku = ?1 GROUP BY site"),
      add_held_(db, t,
                "INSERT INTO p_held(channel, sku, quantity) VALUES(?1, ?2, ?3) "
                "ON CONFLICT(channel, sku) DO UPDATE SET quantity = quantity + ?3"),
      held_(db, t, "SELECT quantity FROM p_held WHERE channel = ?1 AND sku = ?2"),
      put_told_(db, t,
                "INSERT OR REPLACE INTO p_told(channel, sku, location, listing, quantity, "
                "caused_ms, sent_ms, confirmed_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      told_(db, t,
            "SELECT quantity FROM p_told WHERE channel = ?1 AND sku = ?2 AND location = ?3") {}

bool StockBook::has_item(std::string_view sku) { return title(sku).has_value(); }

std::vector<std::pair<std::string, Quantity>> StockBook::by_code(std::string_view code) {
  std::vector<std::pair<std::string, Quantity>> out;
  by_code_.each([&](const Statement& s) { out.emplace_back(s.str(0), s.integer(1)); }, code);
  return out;
}

std::optional<domain::Item> StockBook::item(std::string_view sku) {
  auto found = item_.one(
      [](const Statement& s) {
        domain::Item item;
        item.sku = s.str(0);
        item.title = s.str(1);
        item.detail = s.maybe_text(2);
        item.weight_g = s.maybe_integer(3);
        item.hazardous = yes(s.maybe_integer(4));
        item.cold_chain = yes(s.maybe_integer(5));
        item.tracked = s.maybe_text(6);
        item.cost_minor = s.maybe_integer(7);
        return item;
      },
      sku);
  if (found) {
    barcodes_.each(
        [&](const Statement& s) {
          found->barcodes.push_back({s.str(0), s.integer(1), s.maybe_text(2)});
        },
        sku);
  }
  return found;
}

std::optional<std::string> StockBook::title(std::string_view sku) {
  const std::string key(sku);
  if (const auto known = titles_.find(key); known != titles_.end()) return known->second;
  auto title = title_.text(sku);
  if (title) {
    if (titles_.size() >= kTitlesCached) titles_.clear();
    titles_.emplace(key, *title);
  }
  return title;
}

void StockBook::put_item(const domain::Item& item, std::string_view origin, std::int64_t position) {
  titles_.erase(item.sku);
  put_item_.run(item.sku, item.title, item.detail, item.weight_g, origin, position,
                number(item.hazardous), number(item.cold_chain), item.tracked, item.cost_minor);
  drop_barcodes_.run(item.sku);
  for (const auto& barcode : item.barcodes)
    put_barcode_.run(item.sku, barcode.code, barcode.pieces, barcode.unit);
}

std::optional<std::string> StockBook::bin(std::string_view sku, std::string_view site) {
  return bin_.text(sku, site);
}
void StockBook::put_bin(std::string_view sku, std::string_view site, std::string_view bin) {
  put_bin_.run(sku, site, bin);
}

std::vector<std::string> StockBook::sites_of(std::string_view sku) {
  std::vector<std::string> out;
  sites_.each([&](const Statement& s) { out.push_back(s.str(0)); }, sku);
  return out;
}

std::vector<std::string> StockBook::skus_of(std::string_view site) {
  std::vector<std::string> out;
  skus_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site);
  return out;
}

std::vector<std::string> StockBook::skus(std::string_view after, std::int64_t limit) {
  std::vector<std::string> out;
  all_skus_.each([&](const Statement& s) { out.push_back(s.str(0)); }, after, limit);
  return out;
}

bool StockBook::post(const Posting& at, const ledger::Move& move) {
  const auto deltas = ledger::post(move);
  if (!deltas) return false;
  move_.run(at.position, at.n, move.sku, move.quantity, move.from, move.to, at.reason,
            move.from_bin, move.to_bin);
  if (ledger::between_bins(move)) return true;  // no balance, and no figure, changes
  for (const auto& delta : *deltas) add_.run(move.sku, delta.place, delta.change, at.at_ms);
  if (touched_ != nullptr) touched_->push_back(move.sku);
  return true;
}

Quantity StockBook::balance(std::string_view sku, std::string_view place) {
  return balance_.integer(sku, place).value_or(0);
}

StockBook::Figure StockBook::figure(std::string_view sku, std::string_view site) {
  const std::string place = ledger::shelf(site);
  Figure figure;
  const auto row = as_of_.one(
      [](const Statement& s) { return std::pair(s.integer(0), s.integer(1)); }, sku, place);
  if (row) {
    figure.on_hand = row->first;
    figure.as_of_ms = row->second;
    figure.moved = true;
  }
  figure.reserved = reserved_.integer(sku, site).value_or(0);
  return figure;
}

std::vector<StockBook::SitePieces> StockBook::pieces(std::string_view sku) {
  std::vector<SitePieces> out;
  balances_.each(
      [&](const Statement& s) {
        const auto place = s.text(0);
        if (!ledger::is_shelf(place)) return;
        out.push_back({std::string(ledger::site_of(place)), s.integer(1), 0, s.integer(2)});
      },
      sku);
  // "ulm-2/shelf" comes before "ulm/shelf", and "ulm" before "ulm-2".
  std::ranges::sort(out, {}, &SitePieces::site);
  reservations_.each(
      [&](const Statement& s) {
        const auto at = std::ranges::lower_bound(out, s.text(0), {}, &SitePieces::site);
        if (at != out.end() && at->site == s.text(0)) {
          at->reserved = s.integer(1);
        } else {
          out.insert(at, {s.str(0), 0, s.integer(1), 0});
        }
      },
      sku);
  return out;
}

void StockBook::add_held(std::string_view channel, std::string_view sku, Quantity change) {
  if (change != 0) add_held_.run(channel, sku, change);
}
Quantity StockBook::held(std::string_view channel, std::string_view sku) {
  return held_.integer(channel, sku).value_or(0);
}
void StockBook::put_told(const wire::ChannelStockConfirmed& t, std::int64_t at_ms) {
  put_told_.run(t.channel, t.sku, t.location, t.listing, t.quantity, t.caused_ms, t.sent_ms, at_ms);
}
std::optional<Quantity> StockBook::told(std::string_view channel, std::string_view sku,
                                        std::string_view location) {
  return told_.integer(channel, sku, location);
}

}  // namespace dockline::server::store
