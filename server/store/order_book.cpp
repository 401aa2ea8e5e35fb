#include "server/store/order_book.hpp"

#include <algorithm>
#include <limits>

#include "shared/base/plant.hpp"

namespace dockline::server::store {
namespace {

using orders::UnitState;
using sqlite::Statement;

// server/orders/priority.hpp in SQL; the index p_order_rank is in this order.
#define DOCKLINE_RANK "1 - vip, coalesce(promised_ms, 9223372036854775807), placed_ms, id"
constexpr auto kNever = std::numeric_limits<std::int64_t>::max();
constexpr auto kBeforeAll = std::numeric_limits<std::int64_t>::min();

constexpr std::size_t kOrdsCached = 100'000;
constexpr std::size_t kGatheredMax = 4'096;  // counts or timeline entries kept back within a turn

#define DOCKLINE_LINE_COLUMNS                                                                 \
  "line, sku, quantity, open, backordered, allocated, released, packed, shipped, delivered, " \
  "cancelled, returned, site, counted, missing"

orders::Line line_of(const Statement& s) {
  orders::Line line;
  line.line = s.integer(0);
  line.sku = s.str(1);
  line.quantity = s.integer(2);
  for (std::size_t i = 0; i < orders::kUnitStates; ++i) {
    line.units.pieces[i] = s.integer(3 + static_cast<int>(i));
  }
  line.site = s.str(12);
  line.counted = s.integer(13);
  line.missing = s.integer(14);
  return line;
}

#define DOCKLINE_LEASE_COLUMNS                                                               \
  "lease, ord, epoch, site, station, state, touched, told, granted_ms, ended_ms, tracking, " \
  "sscc, carrier, service, holder, part, stale"

Lease lease_of(const Statement& s) {
  return {.lease = s.str(0),
          .ord = s.integer(1),
          .epoch = s.integer(2),
          .site = s.str(3),
          .station = s.str(4),
          .state = s.str(5),
          .touched = s.integer(6) != 0,
          .told = s.integer(7) != 0,
          .granted_ms = s.integer(8),
          .ended_ms = s.integer(9),
          .label = {s.str(10), s.str(11), s.str(12), s.str(13)},
          .holder = s.str(14),
          .part = s.integer(15),
          .stale = s.integer(16) != 0};
}

OrderBook::Notice notice_of(const Statement& s) {
  return {s.str(0), s.integer(1), s.integer(2), s.integer(3) != 0};
}

}  // namespace

OrderBook::OrderBook(sqlite::Db& db, Trouble& t)
    : ord_(db, t, "SELECT ord FROM p_order WHERE id = ?1"),
      head_(db, t,
            "SELECT ord, id, channel, number, external_id, customer, currency, ship_to, charges, "
            "placed_ms, received_ms, state, site, station, tracking, buyer, promised_ms, vip, "
            "fetched, held FROM p_order WHERE ord = ?1"),
      currency_(db, t,
                "SELECT currency FROM p_order WHERE channel = ?1 AND currency <> ?2 "
                "ORDER BY number DESC LIMIT 1"),
      insert_(db, t,
              "INSERT INTO p_order(ord, id, channel, number, external_id, customer, currency, "
              "ship_to, charges, placed_ms, received_ms, updated_ms, state, site, station, "
              "tracking, carrier, sscc, pieces, packed, fulfilled_ms, buyer, promised_ms, vip, "
              "fetched) "
              "SELECT coalesce(max(ord), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, "
              "'open', '', '', '', '', '', ?11, 0, 0, ?12, ?13, ?14, ?15 FROM p_order"),
      insert_line_(db, t,
                   "INSERT INTO p_line(ord, line, sku, title, quantity, unit_price_minor, "
                   "external_id, open, backordered, allocated, released, packed, shipped, "
                   "delivered, cancelled, returned, site, counted, missing) VALUES(?1, ?2, ?3, ?4, "
                   "?5, ?6, ?7, ?5, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0)"),
      lines_(db, t, "SELECT " DOCKLINE_LINE_COLUMNS " FROM p_line WHERE ord = ?1 ORDER BY line"),
      line_(db, t, "SELECT " DOCKLINE_LINE_COLUMNS " FROM p_line WHERE ord = ?1 AND line = ?2"),
      texts_(db, t,
             "SELECT line, sku, title, external_id, unit_price_minor FROM p_line WHERE ord = ?1 "
             "ORDER BY line"),
      put_line_(db, t,
                "UPDATE p_line SET open = ?3, backordered = ?4, allocated = ?5, released = ?6, "
                "packed = ?7, shipped = ?8, delivered = ?9, cancelled = ?10, returned = ?11, "
                "site = ?12, counted = ?13, missing = ?14 WHERE ord = ?1 AND line = ?2"),
      bump_(db, t,
            "UPDATE p_line SET counted = counted + ?3, missing = missing + ?4 "
            "WHERE ord = ?1 AND line = ?2"),
      settle_(db, t, "UPDATE p_order SET state = ?2, packed = ?3, updated_ms = ?4 WHERE ord = ?1"),
      place_(db, t, "UPDATE p_order SET site = ?2, station = ?3 WHERE ord = ?1"),
      label_(db, t, "UPDATE p_order SET tracking = ?2, carrier = ?3, sscc = ?4 WHERE ord = ?1"),
      fulfilled_(db, t, "UPDATE p_order SET fulfilled_ms = ?2, updated_ms = ?2 WHERE ord = ?1"),
      note_(db, t, "INSERT OR IGNORE INTO p_timeline(ord, position) VALUES(?1, ?2)"),
      reserve_(db, t,
               "INSERT INTO p_reservation(ord, line, site, lease, sku, quantity) "
               "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(ord, line, site, lease) "
               "DO UPDATE SET quantity = quantity + ?6"),
      unreserve_(db, t,
                 "DELETE FROM p_reservation WHERE ord = ?1 AND line = ?2 AND site = ?3 AND "
                 "lease = ?4 AND quantity <= ?5"),
      lessen_(db, t,
              "UPDATE p_reservation SET quantity = quantity - ?5 WHERE ord = ?1 AND line = ?2 "
              "AND site = ?3 AND lease = ?4 AND quantity > ?5"),
      reservations_(db, t,
                    "SELECT line, site, lease, sku, quantity FROM p_reservation WHERE ord = ?1 "
                    "ORDER BY line, site, lease"),
      lease_(db, t, "SELECT " DOCKLINE_LEASE_COLUMNS " FROM p_lease WHERE lease = ?1"),
      by_tracking_(
          db, t, "SELECT " DOCKLINE_LEASE_COLUMNS " FROM p_lease WHERE ord = ?1 AND tracking = ?2"),
      leases_(db, t,
              "SELECT " DOCKLINE_LEASE_COLUMNS " FROM p_lease WHERE ord = ?1 ORDER BY lease"),
      at_(db, t,
          "SELECT " DOCKLINE_LEASE_COLUMNS
          " FROM p_lease WHERE site = ?1 AND station = ?2 AND state IN ('held', 'revoking') "
          "ORDER BY lease"),
      ended_(db, t,
             "SELECT " DOCKLINE_LEASE_COLUMNS
             " FROM p_lease WHERE site = ?1 AND station = ?2 AND state = 'done' ORDER BY lease"),
      allocated_(db, t,
                 "SELECT ord FROM p_order WHERE state = 'allocated' AND held = 0 AND site = ?1 "
                 "ORDER BY " DOCKLINE_RANK " LIMIT ?2"),
      all_allocated_(db, t,
                     "SELECT ord, vip, promised_ms, placed_ms, id FROM p_order "
                     "WHERE state = 'allocated' AND held = 0 AND (" DOCKLINE_RANK
                     ") > (?1, ?2, ?3, ?4) ORDER BY " DOCKLINE_RANK " LIMIT ?5"),
      max_epoch_(db, t, "SELECT coalesce(max(epoch), 0) FROM p_lease"),
      held_(db, t,
            "SELECT count(*) FROM p_lease WHERE site = ?1 AND station = ?2 AND state = 'held'"),
      put_lease_(db, t,
                 "INSERT OR REPLACE INTO p_lease(" DOCKLINE_LEASE_COLUMNS
                 ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
                 "?17)"),
      put_parcel_(db, t,
                  "INSERT INTO p_parcel(lease, line, sku, quantity, accepted) VALUES(?1, ?2, ?3, "
                  "?4, ?5) ON CONFLICT(lease, line) DO UPDATE SET quantity = quantity + ?4, "
                  "accepted = accepted + ?5"),
      parcel_(db, t,
              "SELECT line, sku, quantity, accepted FROM p_parcel WHERE lease = ?1 ORDER BY line"),
      drop_parcel_(db, t, "DELETE FROM p_parcel WHERE lease = ?1"),
      tell_(db, t,
            "INSERT OR IGNORE INTO p_notice(ord, tracking, line, quantity, told) "
            "SELECT ?1, ?2, line, accepted, 0 FROM p_parcel WHERE lease = ?3 AND accepted > 0 "
            "AND NOT EXISTS(SELECT 1 FROM p_notice WHERE ord = ?1 AND tracking = ?2)"),
      notices_(db, t,
               "SELECT tracking, line, quantity, told FROM p_notice WHERE ord = ?1 "
               "ORDER BY tracking, line"),
      elsewhere_(db, t,
                 "SELECT tracking, line, quantity, told FROM p_notice n WHERE ord = ?1 AND "
                 "tracking <> ?2 AND NOT EXISTS(SELECT 1 FROM p_lease l WHERE l.ord = n.ord AND "
                 "l.tracking = n.tracking) ORDER BY tracking, line"),
      told_(db, t,
            "UPDATE p_line SET told = told + (SELECT quantity FROM p_notice WHERE ord = ?1 AND "
            "tracking = ?2 AND line = p_line.line) WHERE ord = ?1 AND line IN (SELECT line FROM "
            "p_notice WHERE ord = ?1 AND tracking = ?2 AND told = 0)"),
      told_now_(db, t, "UPDATE p_notice SET told = 1 WHERE ord = ?1 AND tracking = ?2"),
      told_as_(db, t,
               "SELECT 1 FROM p_notice WHERE ord = ?1 AND tracking = ?2 AND told = 1 LIMIT 1"),
      put_notice_(db, t,
                  "UPDATE p_notice SET quantity = ?4 WHERE ord = ?1 AND tracking = ?2 AND "
                  "line = ?3 AND told = 0"),
      drop_notice_(db, t,
                   "DELETE FROM p_notice WHERE ord = ?1 AND tracking = ?2 AND line = ?3 AND "
                   "told = 0"),
      drop_notices_(db, t, "DELETE FROM p_notice WHERE ord = ?1 AND tracking = ?2 AND told = 0"),
      told_lines_(db, t, "SELECT line, told FROM p_line WHERE ord = ?1 AND told > 0"),
      waiting_(db, t,
               "SELECT coalesce(sum(open + backordered), 0) FROM p_line l WHERE sku = ?1 AND "
               "open + backordered > 0 AND ord <> ?2 AND NOT EXISTS(SELECT 1 FROM p_hold h WHERE "
               "h.about = ?1 AND h.state = 'open' AND h.reason = 'stock' AND h.ord = l.ord)"),
      open_(db, t,
            "SELECT o.id, l.line, l.open + l.backordered + l.allocated + l.released "
            "FROM p_line l JOIN p_order o USING(ord) WHERE l.sku = ?3 AND o.channel = ?1 "
            "AND o.customer = ?2 AND o.placed_ms <= ?4 "
            "AND l.open + l.backordered + l.allocated + l.released > 0 "
            "ORDER BY o.placed_ms DESC, o.ord DESC, l.line"),
      numbers_(
          db, t,
          "SELECT number FROM p_order WHERE channel = ?1 AND number > ?2 AND "
          "(state IN ('open', 'backordered', 'allocated', 'released') OR "
          "(state IN ('packed', 'shipped', 'delivered') AND fulfilled_ms = 0)) ORDER BY number "
          "LIMIT ?3"),
      address_(db, t, "UPDATE p_order SET customer = ?2, ship_to = ?3 WHERE ord = ?1"),
      promise_(db, t, "UPDATE p_order SET promised_ms = ?2 WHERE ord = ?1"),
      vip_(db, t, "UPDATE p_order SET vip = ?2 WHERE ord = ?1"),
      held_now_(db, t, "UPDATE p_order SET held = ?2 WHERE ord = ?1"),
      add_pieces_(db, t,
                  "UPDATE p_line SET quantity = quantity + ?3, open = open + ?3 WHERE ord = ?1 "
                  "AND line = ?2"),
      add_total_(db, t, "UPDATE p_order SET pieces = pieces + ?2 WHERE ord = ?1"),
      promised_(db, t,
                "SELECT promised_ms, ord FROM p_order WHERE promised_ms IS NOT NULL AND state IN "
                "('open', 'backordered', 'allocated', 'released') AND (promised_ms, ord) > "
                "(?1, ?2) ORDER BY promised_ms, ord LIMIT ?3"),
      ahead_(db, t,
             "SELECT count(DISTINCT l.ord) FROM p_lease l JOIN p_order USING(ord), "
             "(SELECT 1 - vip AS v, coalesce(promised_ms, 9223372036854775807) AS p, "
             "placed_ms AS t, id AS i FROM p_order WHERE ord = ?2) me WHERE l.site = ?1 AND "
             "l.state = 'held' AND (" DOCKLINE_RANK ") < (me.v, me.p, me.t, me.i)"),
      unrouted_(db, t,
                "SELECT sum(open + backordered) FROM p_line WHERE sku = ?1 AND "
                "open + backordered > 0") {}

std::optional<std::int64_t> OrderBook::ord_of(const std::string& id) {
  if (const auto known = ords_.find(id); known != ords_.end()) return known->second;
  const auto found = ord_.integer(id);
  if (!found) return std::nullopt;
  if (ords_.size() >= kOrdsCached) ords_.clear();
  ords_.emplace(id, *found);
  return found;
}

std::optional<OrderHead> OrderBook::head(std::int64_t ord) {
  auto& known = current(ord).head;
  if (!known) {
    known = head_.one(
        [](const Statement& s) {
          return OrderHead{.ord = s.integer(0),
                           .id = s.str(1),
                           .channel = s.str(2),
                           .number = s.str(3),
                           .external_id = s.str(4),
                           .customer = s.str(5),
                           .currency = s.str(6),
                           .ship_to_json = s.str(7),
                           .charges_json = s.str(8),
                           .placed_ms = s.integer(9),
                           .received_ms = s.integer(10),
                           .state = s.str(11),
                           .site = s.str(12),
                           .station = s.str(13),
                           .tracking = s.str(14),
                           .buyer = s.str(15),
                           .promised_ms = s.maybe_integer(16),
                           .vip = s.integer(17) != 0,
                           .fetched = s.integer(18) != 0,
                           .held = s.integer(19) != 0};
        },
        ord);
  }
  return known;
}

std::optional<std::string> OrderBook::currency_of(std::string_view channel) {
  return currency_.one([](const Statement& s) { return s.str(0); }, channel, kNoCurrency);
}

std::int64_t OrderBook::insert(const OrderHead& h, Quantity pieces) {
  insert_.run(h.id, h.channel, h.number, h.external_id, h.customer, h.currency, h.ship_to_json,
              h.charges_json, h.placed_ms, h.received_ms, pieces, h.buyer, h.promised_ms, h.vip,
              h.fetched);
  current_ = {};
  return ord_of(h.id).value_or(0);
}

void OrderBook::insert_line(std::int64_t ord, const NewLine& l) {
  insert_line_.run(ord, l.line, l.sku, l.title, l.quantity, l.unit_price_minor, l.external_id);
  current(ord).lines.reset();
  touch(l.sku);
}

void OrderBook::set_address(std::int64_t ord, std::string_view customer, std::string_view json) {
  address_.run(ord, customer, json);
  if (auto& head = current(ord).head) {
    head->customer = customer;
    head->ship_to_json = json;
  }
}
void OrderBook::set_promise(std::int64_t ord, std::optional<std::int64_t> promised_ms) {
  promise_.run(ord, promised_ms);
  if (auto& head = current(ord).head) head->promised_ms = promised_ms;
}
void OrderBook::set_vip(std::int64_t ord, bool vip) {
  vip_.run(ord, vip);
  if (auto& head = current(ord).head) head->vip = vip;
}
void OrderBook::set_held(std::int64_t ord, bool held) {
  held_now_.run(ord, held);
  if (auto& head = current(ord).head) head->held = held;
}
void OrderBook::add_pieces(std::int64_t ord, std::int64_t line, std::string_view sku,
                           Quantity pieces) {
  write_counts(ord);
  add_pieces_.run(ord, line, pieces);
  current(ord).lines.reset();
  touch(sku);
}
void OrderBook::add_total(std::int64_t ord, Quantity pieces) { add_total_.run(ord, pieces); }

std::vector<orders::Line> OrderBook::lines(std::int64_t ord) {
  write_counts(ord);
  auto& known = current(ord).lines;
  if (!known) {
    known.emplace();
    lines_.each([&](const Statement& s) { known->push_back(line_of(s)); }, ord);
  }
  return *known;
}

std::optional<orders::Line> OrderBook::line(std::int64_t ord, std::int64_t line) {
  write_counts(ord);
  return line_.one(line_of, ord, line);
}

std::vector<LineText> OrderBook::texts(std::int64_t ord) {
  std::vector<LineText> out;
  texts_.each(
      [&](const Statement& s) {
        out.push_back({s.integer(0), s.str(1), s.str(2), s.maybe_text(3), s.maybe_integer(4)});
      },
      ord);
  return out;
}

void OrderBook::put(std::int64_t ord, const orders::Line& l) {
  write_counts(ord);
  const auto& p = l.units.pieces;
  put_line_.run(ord, l.line, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], l.site,
                l.counted, l.missing);
  if (auto& lines = current(ord).lines) {
    const auto at = std::ranges::find(*lines, l.line, &orders::Line::line);
    if (at != lines->end()) *at = l;
  }
  touch(l.sku);
}

Quantity OrderBook::unrouted(std::string_view sku) { return unrouted_.integer(sku).value_or(0); }

void OrderBook::bump(std::int64_t ord, std::int64_t line, Quantity counted, Quantity missing) {
  Count& sum = counts_[{ord, line}];
  sum.counted += counted;
  sum.missing += missing;
  if (counts_.size() >= kGatheredMax) flush();
}

void OrderBook::write_counts(std::int64_t ord) {
  auto at = counts_.lower_bound({ord, std::numeric_limits<std::int64_t>::min()});
  while (at != counts_.end() && at->first.first == ord) {
    bump_.run(ord, at->first.second, at->second.counted, at->second.missing);
    at = counts_.erase(at);
    current(ord).lines.reset();
  }
}

void OrderBook::flush() {
  for (const auto& [key, sum] : counts_) bump_.run(key.first, key.second, sum.counted, sum.missing);
  counts_.clear();
  std::ranges::sort(notes_);
  for (const auto& [ord, position] : notes_) note_.run(ord, position);
  notes_.clear();
  current_ = {};
}

void OrderBook::settle(std::int64_t ord, std::int64_t at_ms) {
  const auto all = lines(ord);
  Quantity packed = 0;
  for (const auto& line : all) {
    for (const UnitState s :
         {UnitState::packed, UnitState::shipped, UnitState::delivered, UnitState::returned}) {
      packed += line.units.at(s);
    }
  }
  const auto state = orders::name(orders::order_state(all));
  settle_.run(ord, state, packed, at_ms);
  if (auto& head = current(ord).head) head->state = state;
}

void OrderBook::set_place(std::int64_t ord, std::string_view site, std::string_view station) {
  place_.run(ord, site, station);
  if (auto& head = current(ord).head) {
    head->site = site;
    head->station = station;
  }
}
void OrderBook::set_label(std::int64_t ord, const domain::ShippingLabel& l) {
  label_.run(ord, l.tracking, l.carrier, l.sscc);
  if (auto& head = current(ord).head) head->tracking = l.tracking;
}
void OrderBook::set_fulfilled(std::int64_t ord, std::int64_t at_ms) { fulfilled_.run(ord, at_ms); }
void OrderBook::note(std::int64_t ord, std::int64_t position) {
  notes_.emplace_back(ord, position);
  if (notes_.size() >= kGatheredMax) flush();
}

void OrderBook::reserve(std::int64_t ord, const Reservation& r) {
  if (r.quantity == 0) return;
  touch(r.sku);
  if (PLANT("reserved-as-counter") && r.quantity > 0 && !r.lease.empty()) return;
  if (r.quantity < 0) {
    // A row never comes to zero (CHECK): the last pieces delete it.
    unreserve_.run(ord, r.line, r.site, r.lease, -r.quantity);
    lessen_.run(ord, r.line, r.site, r.lease, -r.quantity);
    return;
  }
  reserve_.run(ord, r.line, r.site, r.lease, r.sku, r.quantity);
}

std::vector<Reservation> OrderBook::reservations(std::int64_t ord) {
  std::vector<Reservation> out;
  reservations_.each(
      [&](const Statement& s) {
        out.push_back({s.integer(0), s.str(1), s.str(2), s.str(3), s.integer(4)});
      },
      ord);
  return out;
}

std::optional<Lease> OrderBook::lease(std::string_view id) { return lease_.one(lease_of, id); }

std::optional<Lease> OrderBook::lease_by_tracking(std::int64_t ord, std::string_view tracking) {
  return by_tracking_.one(lease_of, ord, tracking);
}

std::vector<Lease> OrderBook::leases(std::int64_t ord) {
  std::vector<Lease> out;
  leases_.each([&](const Statement& s) { out.push_back(lease_of(s)); }, ord);
  return out;
}

std::vector<Lease> OrderBook::leases_at(std::string_view site, std::string_view station) {
  std::vector<Lease> out;
  at_.each([&](const Statement& s) { out.push_back(lease_of(s)); }, site, station);
  return out;
}

std::vector<OrderBook::Ranked> OrderBook::allocated(const std::optional<orders::Rank>& after,
                                                    std::int64_t limit) {
  const auto from = after.value_or(orders::Rank{{}, true, kBeforeAll, kBeforeAll});
  std::vector<Ranked> out;
  all_allocated_.each(
      [&](const Statement& s) {
        out.push_back(
            {s.integer(0), {s.str(4), s.integer(1) != 0, s.maybe_integer(2), s.integer(3)}});
      },
      from.vip ? 0 : 1, from.promised_ms.value_or(kNever), from.placed_ms, from.order, limit);
  return out;
}

std::vector<Lease> OrderBook::leases_ended(std::string_view site, std::string_view station) {
  std::vector<Lease> out;
  ended_.each([&](const Statement& s) { out.push_back(lease_of(s)); }, site, station);
  return out;
}

std::vector<std::int64_t> OrderBook::allocated_at(std::string_view site, std::int64_t limit) {
  std::vector<std::int64_t> out;
  allocated_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, site, limit);
  return out;
}

std::int64_t OrderBook::max_epoch() { return max_epoch_.integer().value_or(0); }

std::int64_t OrderBook::leases_held(std::string_view site, std::string_view station) {
  return held_.integer(site, station).value_or(0);
}

void OrderBook::put(const Lease& l) {
  put_lease_.run(l.lease, l.ord, l.epoch, l.site, l.station, l.state, l.touched, l.told,
                 l.granted_ms, l.ended_ms, l.label.tracking, l.label.sscc, l.label.carrier,
                 l.label.service, l.holder, l.part, l.stale);
}

void OrderBook::put_parcel(std::string_view lease, const ParcelLine& l) {
  put_parcel_.run(lease, l.line, l.sku, l.quantity, l.accepted);
}

std::vector<ParcelLine> OrderBook::parcel(std::string_view lease) {
  std::vector<ParcelLine> out;
  parcel_.each(
      [&](const Statement& s) {
        out.push_back({s.integer(0), s.str(1), s.integer(2), s.integer(3)});
      },
      lease);
  return out;
}

void OrderBook::drop_parcel(std::string_view lease) { drop_parcel_.run(lease); }

void OrderBook::tell(const Lease& l) { tell_.run(l.ord, l.label.tracking, l.lease); }

std::vector<OrderBook::Notice> OrderBook::notices(std::int64_t ord) {
  std::vector<Notice> out;
  notices_.each([&](const Statement& s) { out.push_back(notice_of(s)); }, ord);
  return out;
}

std::vector<OrderBook::Notice> OrderBook::told_elsewhere(std::int64_t ord,
                                                         std::string_view tracking) {
  std::vector<Notice> out;
  elsewhere_.each([&](const Statement& s) { out.push_back(notice_of(s)); }, ord, tracking);
  return out;
}

void OrderBook::set_told(std::int64_t ord, std::string_view tracking) {
  told_.run(ord, tracking);
  told_now_.run(ord, tracking);
}

bool OrderBook::told_as(std::int64_t ord, std::string_view tracking) {
  return told_as_.integer(ord, tracking).has_value();
}

void OrderBook::put_notice(std::int64_t ord, std::string_view tracking, std::int64_t line,
                           Quantity pieces) {
  if (pieces > 0) return put_notice_.run(ord, tracking, line, pieces);
  drop_notice_.run(ord, tracking, line);
}

void OrderBook::drop_notices(std::int64_t ord, std::string_view tracking) {
  drop_notices_.run(ord, tracking);
}

std::map<std::int64_t, Quantity> OrderBook::told(std::int64_t ord) {
  std::map<std::int64_t, Quantity> out;
  told_lines_.each([&](const Statement& s) { out[s.integer(0)] = s.integer(1); }, ord);
  return out;
}

Quantity OrderBook::waiting(std::string_view sku, std::int64_t but_ord) {
  return waiting_.integer(sku, but_ord).value_or(0);
}

std::vector<OrderBook::Promised> OrderBook::promised(const Promised& after, std::int64_t limit) {
  std::vector<Promised> out;
  promised_.each([&](const Statement& s) { out.push_back({s.integer(0), s.integer(1)}); },
                 after.promised_ms, after.ord, limit);
  return out;
}

std::int64_t OrderBook::ahead_at(std::string_view site, std::int64_t ord) {
  return ahead_.integer(site, ord).value_or(0);
}

std::vector<OrderBook::Open> OrderBook::open_of(std::string_view channel, std::string_view customer,
                                                std::string_view sku, std::int64_t until_ms) {
  std::vector<Open> out;
  open_.each([&](const Statement& s) { out.push_back({s.str(0), s.integer(1), s.integer(2)}); },
             channel, customer, sku, until_ms);
  return out;
}

std::vector<std::string> OrderBook::open_numbers(std::string_view channel, std::string_view after,
                                                 std::int64_t limit) {
  std::vector<std::string> out;
  numbers_.each([&](const Statement& s) { out.push_back(s.str(0)); }, channel, after, limit);
  return out;
}

}  // namespace dockline::server::store
