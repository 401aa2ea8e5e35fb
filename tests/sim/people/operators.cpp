#include "tests/sim/people/operators.hpp"

#include <algorithm>
#include <utility>

#include "server/exceptions/kinds.hpp"
#include "tests/sim/people/bins.hpp"
#include "tests/sim/people/buyer.hpp"
#include "tests/sim/people/carriers.hpp"
#include "tests/sim/people/consignee.hpp"
#include "tests/sim/people/customers.hpp"
#include "tests/sim/people/dates.hpp"
#include "tests/sim/people/drivers.hpp"
#include "tests/sim/people/errands.hpp"
#include "tests/sim/people/gate.hpp"
#include "tests/sim/people/kits.hpp"
#include "tests/sim/people/mover.hpp"
#include "tests/sim/people/promiser.hpp"
#include "tests/sim/people/site_keeper.hpp"
#include "tests/sim/people/storekeeper.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kAgainMs = 3'000, kCalmRoundMs = 30'000, kRestockBelow = 40;

}  // namespace

Operators::Operators(World& world, HubNode& hub, const Catalogue& goods,
                     std::vector<std::string> sites,
                     const std::vector<std::unique_ptr<Shop>>& shops, Report report, Count count,
                     RoutingTruth rules)
    : world_(world),
      hub_(hub),
      goods_(goods),
      sites_(std::move(sites)),
      shops_(shops),
      report_(std::move(report)),
      count_(std::move(count)) {
  const Desk desk{world, hub, goods, sites_, count_};
  officers_.push_back(std::make_unique<Errands>(desk));
  officers_.push_back(std::make_unique<BinKeeper>(desk));
  officers_.push_back(std::make_unique<Gate>(desk));
  officers_.push_back(std::make_unique<Drivers>(desk));
  officers_.push_back(std::make_unique<KitSeller>(desk, shops_));
  officers_.push_back(std::make_unique<Promiser>(desk));
  officers_.push_back(std::make_unique<Buyer>(desk));
  officers_.push_back(std::make_unique<SiteKeeper>(desk, std::move(rules)));
  officers_.push_back(std::make_unique<Mover>(desk, shops_));
  officers_.push_back(std::make_unique<Consignee>(desk));
  officers_.push_back(std::make_unique<Storekeeper>(desk, report_));
  officers_.push_back(std::make_unique<DateKeeper>(desk));
  officers_.push_back(std::make_unique<Carriers>(desk));
}

void Operators::begin(const OfficeHours& hours) {
  hours_ = hours;
  enter_goods(0);
  world_.after(hours_.round_ms, [this] { round(); });
  world_.after(hours_.restock_ms, [this] { restock(); });
  if (hours_.revoke > 0) watch_benches();
  world_.after(some_time(world_.random("operators at policies"), hours_.policy_ms),
               [this] { change_policy(); });
  send_elsewhere();
  for (auto& one : officers_) {
    const auto often = hours_.officers.find(one->kind());
    one->begin(often == hours_.officers.end() ? 0 : often->second);
  }
}

void Operators::away(bool away) {
  away_ = away;
  for (auto& one : officers_) one->away(away);
}

void Operators::settle() {
  calm_ = true;
  for (auto& one : officers_) one->settle();
  round();
}

void Operators::enter_goods(std::size_t n) {
  if (n == goods_.all().size()) return define_kits(0);
  const auto& goods = goods_.all()[n];
  auto item = entry(goods);
  for (const auto& site : sites_) item.bins.emplace_back(site, goods.bin);
  hub_.call(std::move(item), [this, n](const server::Reply& reply) {
    if (reply.error) {
      world_.after(kAgainMs, [this, n] { enter_goods(n); });
      return;
    }
    const auto& done = goods_.all()[n];
    for (std::size_t i = 0; i < done.stock_at.size(); ++i) {
      if (done.stock_at[i] > 0) book(done.sku, sites_[i], done.stock_at[i], "receipt");
    }
    for (std::size_t i = 0; i < sites_.size() && done.stock_at.empty(); ++i) {
      // Not every warehouse has everything.
      const bool here = i == n % sites_.size() || world_.random("goods at sites").chance(400);
      if (here && done.first_stock > 0) book(done.sku, sites_[i], done.first_stock, "receipt");
    }
    ++entered_;
    enter_goods(n + 1);
  });
}

// Stock is booked once: the reason carries a number of ours, and when no answer came the books are
// looked at before it is tried again.
void Operators::book(std::string sku, std::string site, std::int64_t quantity,
                     const std::string& why) {
  const auto id = ++bookings_made_;
  bookings_[id] = {std::move(sku), std::move(site), why + " " + std::to_string(id),
                   quantity,       false,           false};
  send_booking(id);
}

std::optional<bool> Operators::is_booked(const Booking& booking) {
  auto* reader = hub_.reader();
  if (reader == nullptr) return std::nullopt;
  auto detail = reader->stock_of(booking.sku);
  if (!detail) return std::nullopt;
  if (!*detail) return false;
  return std::ranges::any_of((*detail)->moves, [&](const server::store::MoveRow& move) {
    return move.reason == booking.reason;
  });
}

void Operators::send_booking(std::uint64_t id) {
  auto& booking = bookings_.at(id);
  if (booking.doubtful) {
    const auto booked = is_booked(booking);
    if (!booked) {
      world_.after(kAgainMs, [this, id] { send_booking(id); });
      return;
    }
    if (*booked) {
      report_(StockBooked{booking.sku, booking.site, booking.quantity});
      bookings_.erase(id);
      return;
    }
  }
  hub_.call(server::AdjustStock{booking.sku, booking.site, booking.quantity, booking.reason},
            [this, id](const server::Reply& reply) {
              auto& mine = bookings_.at(id);
              if (reply.error) {
                mine.doubtful = true;
                world_.after(kAgainMs, [this, id] { send_booking(id); });
                return;
              }
              report_(StockBooked{mine.sku, mine.site, mine.quantity});
              bookings_.erase(id);
            });
}

void Operators::round() {
  auto& draw = world_.random("operators");
  if (auto* reader = hub_.reader()) {
    if (const auto page = reader->exceptions("open", "", 100)) {
      for (const auto& row : page->items) resolve(row);
    }
  }
  world_.after(calm_ ? kCalmRoundMs : some_time(draw, hours_.round_ms), [this] { round(); });
}

void Operators::watch_benches() {
  auto& draw = world_.random("operators at benches");
  world_.after(some_time(draw, hours_.silent_ms), [this, &draw] {
    if (calm_) return;
    if (!away_ && draw.chance(hours_.revoke)) take_back();
    watch_benches();
  });
}

// Somebody knows better who should ship what no bench holds. The rules may forbid it.
void Operators::send_elsewhere() {
  auto& draw = world_.random("operators route");
  world_.after(some_time(draw, hours_.reroute_ms), [this, &draw] {
    if (calm_) return;
    auto* reader = hub_.reader();
    if (reader == nullptr || away_) return send_elsewhere();
    const char* state = draw.chance(700) ? "allocated" : "backordered";
    const auto orders =
        reader->orders({.state = state, .channel = {}, .text = {}, .after = {}, .limit = 20});
    if (orders && !orders->items.empty()) {
      const auto& order = orders->items[draw.below(orders->items.size())];
      server::RouteOrder wish{
          order.id, sites_[draw.below(sites_.size())], {}, "I know better", "office"};
      wish.force = draw.chance(500);
      hub_.call(std::move(wish), [this](const server::Reply& reply) {
        if (!reply.error) count_("sent_elsewhere");
      });
    }
    send_elsewhere();
  });
}

// Somebody does as the case proposes: counts that shelf and enters what lies there, which is
// nothing; the server settles the case with it. False: the books show no such shelf (any more).
bool Operators::count_negative(const server::store::ExceptionRow& row) {
  constexpr std::string_view kShelf = "/shelf";
  const auto at = row.subject.find('@');
  if (row.kind != "negative_stock" || at == std::string::npos || !row.subject.ends_with(kShelf)) {
    return false;
  }
  const auto sku = row.subject.substr(0, at);
  const auto site = row.subject.substr(at + 1, row.subject.size() - at - 1 - kShelf.size());
  auto* reader = hub_.reader();
  const auto detail = reader == nullptr ? base::Result<std::optional<server::store::StockDetail>>{}
                                        : reader->stock_of(sku);
  if (!detail || !*detail) return false;
  const auto& sites = (*detail)->stock.sites;
  const auto here = std::ranges::find(sites, site, &server::store::SiteFigure::site);
  if (here == sites.end() || here->on_hand >= 0) return false;
  count_("negative_shelf_counted");
  hub_.call(server::CountStock{sku, site, 0, "", "office"}, [](const server::Reply&) {});
  return true;
}

void Operators::resolve(const server::store::ExceptionRow& row) {
  if (hours_.counts_negative && count_negative(row)) return;
  auto& draw = world_.random("operators");
  const auto& actions = server::exceptions::kind(row.kind).actions;
  // What was decided twice and came back is decided otherwise the next time.
  const auto about = row.kind + " " + row.subject;
  auto pick = tried_[about] / 2 % actions.size();
  if (!calm_ && draw.chance(hours_.other_action)) pick = draw.below(actions.size());
  if (row.kind == "negative_stock" || row.kind == "short_pick") count_("shelf_looked_at");
  if (row.kind == "poison" && tried_[about] % 2 == 0) {  // somebody hopes that it goes now
    count_("retried");
    hub_.call(server::RetryParked{}, [](const server::Reply&) {});
  }
  std::string action(actions[pick]);
  if (row.kind == "told_twice") action = parcel_told_twice(row.subject, pick == 0);
  // What a shop sold is cancelled at the shop, by its customers.
  const bool ours = row.subject.starts_with("api:");
  if (!ours && action == "cancel_order") action = "release";
  if (!ours && action == "cancel_pieces") action = "let_wait";
  hub_.call(server::ResolveException{row.id, std::move(action), "office"},
            [this, about](const server::Reply& reply) {
              const bool refused = reply.error && (reply.error->fault == base::Fault::reject ||
                                                   reply.error->fault == base::Fault::conflict);
              if (!reply.error || refused) ++tried_[about];
              if (!reply.error) ++resolved_;
            });
}

// As the exception proposes: what the shop was told stands, or it is taken back there by hand and
// the shop is told of this parcel. Where nothing of it stands there, this one has to be told.
std::string Operators::parcel_told_twice(const std::string& subject, bool proposed) {
  const auto colon = subject.find(':'), hash = subject.rfind('#');
  const auto number = subject.substr(colon + 1, hash - colon - 1);
  for (const auto& shop : shops_) {
    if (shop->config().name != subject.substr(0, colon)) continue;
    auto others = shop->parcels(number);
    others.erase(subject.substr(hash + 1));
    for (const auto& tracking : others) {
      if (proposed || !shop->take_back(number, tracking)) return "keep_first";
      count_("parcel_taken_back_at_shop");
    }
  }
  return "tell";
}

void Operators::take_back() {
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const auto stations = reader->stations(hub_.clock().now().wall_ms);
  const auto orders =
      reader->orders({.state = "released", .channel = {}, .text = {}, .after = {}, .limit = 100});
  if (!stations || !orders) return;
  for (const auto& order : orders->items) {
    const bool silent = std::ranges::any_of(*stations, [&](const server::store::StationRow& s) {
      return s.site == order.site && s.station == order.station && s.silent;
    });
    if (!silent) continue;
    count_("taken_back");
    hub_.call(server::ForceRevoke{order.id, "the bench is silent", "office"},
              [](const server::Reply&) {});
    if (world_.random("operators").chance(300)) return;
  }
}

void Operators::restock() {
  auto& draw = world_.random("operators");
  if (auto* reader = hub_.reader()) {
    for (const auto& goods : goods_.all()) {
      if (goods.first_stock < kRestockBelow || !draw.chance(400)) continue;
      const auto detail = reader->stock_of(goods.sku);
      if (!detail || !*detail) continue;
      for (const auto& site : (*detail)->stock.sites) {
        if (site.atp < kRestockBelow && !calm_) {
          book(goods.sku, site.site, goods.first_stock, "delivery");
        }
      }
    }
  }
  world_.after(some_time(draw, hours_.restock_ms), [this] { restock(); });
}

// Now of one SKU, now of all; now something, now nothing.
void Operators::change_policy() {
  auto& draw = world_.random("operators at policies");
  if (calm_) return;
  world_.after(some_time(draw, hours_.policy_ms), [this] { change_policy(); });
  if (goods_.all().empty() || away_) return;
  server::SetStockPolicy policy;
  policy.why = "the season";
  policy.by = "office";
  if (draw.chance(700)) policy.sku = goods_.all()[draw.below(goods_.all().size())].sku;
  if (shops_.empty() || draw.chance(500)) {
    policy.site = sites_[draw.below(sites_.size())];
    if (draw.chance(700)) policy.safety = draw.between(0, 6);
    if (draw.chance(400)) policy.quota = draw.between(0, 5);
  } else {
    policy.channel = shops_[draw.below(shops_.size())]->config().name;
    if (draw.chance(500)) policy.share_pm = draw.between(300, 1'000);
    if (draw.chance(500)) policy.buffer = draw.between(0, 3);
    if (draw.chance(300)) policy.cap = draw.between(0, 40);
  }
  count_("policy_changed");
  hub_.call(std::move(policy), [](const server::Reply&) {});
}

// Two kits, one within the other: they are listed and never bought, so that their figures follow
// those of their parts.
void Operators::define_kits(std::size_t n) {
  const auto& goods = goods_.all();
  if (n == 4 || goods.size() < 3) return;
  const auto again = [this, n](const server::Reply& reply) {
    if (reply.error) {
      world_.after(kAgainMs, [this, n] { define_kits(n); });
    } else {
      define_kits(n + 1);
    }
  };
  const std::string sku = n < 2 ? "SET-A" : "SET-B";
  if (n % 2 == 0) {
    server::RegisterItem item;
    item.item = {sku, sku, std::nullopt, {}, std::nullopt};
    return hub_.call(std::move(item), again);
  }
  server::DefineKit kit{
      .sku = sku, .parts = {{goods[0].sku, 2}, {goods[1].sku, 1}}, .by = "office"};
  if (n == 3) kit.parts = {{"SET-A", 1}, {goods[2].sku, 1}};
  hub_.call(std::move(kit), again);
}

}  // namespace dockline::sim
