#include "tests/sim/run/fleet.hpp"

#include <algorithm>
#include <utility>

#include "server/store/reader_handover.hpp"
#include "shared/base/limits.hpp"
#include "tests/sim/run/rulebook.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kCustomersComeMs = 90'000, kAddressesMs = 300'000;

}  // namespace

Fleet::Fleet(const Plan& plan_in, const History* history)
    : plan(plan_in),
      world(plan_in.seed),
      storage(plan_in.seed),
      broker(world, NetFaults{}),
      checkers_(make_checkers()) {
  make_goods(history);
  make_shops();
  make_hub();
  if (history != nullptr) make_trade(*history);
  make_benches();
  broker.listen([this](bool sent, const std::string& computer, const ports::LinkMessage& m) {
    report(WireSeen{sent, computer, m.topic, m.payload});
  });
}

Fleet::~Fleet() {
  for (auto& bench : benches) bench.packer->leave();
}

void Fleet::make_goods(const History* history) {
  if (history != nullptr) {
    for (auto& one : Trade::assortment(*history, static_cast<std::size_t>(plan.sites))) {
      goods.add(std::move(one));
    }
    return;
  }
  auto& draw = world.random("goods");
  for (std::int64_t i = 0; i < plan.articles; ++i) {
    // Some are scarce: the last piece is wanted by several.
    const auto first = draw.chance(200) ? draw.between(0, 6) : draw.between(60, 400);
    auto one = Catalogue::made_up(static_cast<std::size_t>(i), first);
    pack_in_cases(one);
    goods.add(std::move(one));
  }
}

// Of some goods there are cases of two sizes. What has serials is scanned piece by piece.
void Fleet::pack_in_cases(Goods& one) {
  if (!plan.has("cases") || one.tracked == "serial") return;
  auto& draw = world.random("goods in cases");
  if (!draw.chance(static_cast<std::uint32_t>(plan.of("cases")))) return;
  const auto pieces = draw.between(4, 12);
  one.cases.push_back({Catalogue::case_code(one.barcode, 1), pieces});
  if (draw.chance(200)) one.cases.push_back({Catalogue::case_code(one.barcode, 2), pieces / 2});
}

void Fleet::make_trade(const History& history) {
  std::vector<std::string> sites;
  for (std::int64_t i = 0; i < plan.sites; ++i) sites.push_back(site_name(i));
  trade = std::make_unique<Trade>(
      world, *hub, *office, shops, history, std::move(sites), appetite(plan).cancel,
      [this](const char* kind) { count(kind); }, [this](const Observation& seen) { report(seen); });
}

void Fleet::make_shops() {
  const auto tell = [this](const Observation& seen) { report(seen); };
  server::channels::Config config;
  config.poll_ms = 10'000;
  config.sweep_ms = 30'000;
  config.audit_ms = 300'000;
  for (std::int64_t i = 0; i < plan.sites; ++i) {
    config.locations[site_name(i)] = std::to_string(i + 1);
  }
  if (plan.vendure) {
    auto one = config;
    one.name = "shop";
    one.kind = "vendure";
    one.url = "http://shop.sim/admin-api";
    one.user = "dockline";
    one.secret = "secret";
    std::vector<std::string> skus;
    for (const auto& g : goods.all()) skus.push_back(g.sku);
    shops.push_back(make_vendure_shop(world, one, kWallStartMs, skus, tell));
  }
  if (plan.partner) {
    auto one = config;
    one.name = "partner";
    one.kind = "webhook";
    one.url = "http://partner.sim/in";
    one.secret = "0123456789abcdef0123456789abcdef";
    shops.push_back(make_webhook_partner(world, one, kWallStartMs, tell));
  }
  for (auto& shop : shops) {
    customers.push_back(std::make_unique<Customers>(world, *shop, goods));
  }
}

void Fleet::make_hub() {
  server::HubConfig config;
  config.db_path = storage.path("server", "server.db");
  config.vfs = storage.vfs();
  std::vector<std::string> sites;
  const auto rules = routing_truth(plan);
  for (std::int64_t i = 0; i < plan.sites; ++i) {
    sites.push_back(site_name(i));
    const auto ruled = rules.sites.find(sites.back());
    const auto priority = ruled == rules.sites.end() ? i + 1 : ruled->second.priority;
    config.sites.push_back({sites.back(), sites.back(), priority});
  }
  for (std::int64_t i = 0; i < plan.stations; ++i) {
    config.stations.push_back(
        {site_name(i % plan.sites), "bench-" + std::to_string(i / plan.sites + 1), ""});
  }
  config.rulebook = make_rulebook(plan);
  // Where nobody stands at the gate, no parcel ever leaves, and no shop hears of any.
  for (const auto& shop : shops) {
    const auto often = static_cast<std::uint32_t>(plan.of("told_late"));
    if (plan.has("gate") && world.random("told late").chance(often)) {
      told_late_.insert(shop->config().name);
    }
  }
  config.tell_at_handover = told_late_;
  std::vector<Shop*> ends;
  for (auto& shop : shops) ends.push_back(shop.get());
  hub =
      std::make_unique<HubNode>(world, broker, std::move(config), storage.disk("server"),
                                std::move(ends), [this](const Observation& seen) { report(seen); });
  office = std::make_unique<Operators>(
      world, *hub, goods, sites, shops, [this](const Observation& seen) { report(seen); },
      [this](const char* kind) { count(kind); }, rules);
  clerk = std::make_unique<Clerk>(world, *hub, goods, [this](const char* kind) { count(kind); });
}

void Fleet::make_benches() {
  for (std::int64_t i = 0; i < plan.stations; ++i) {
    StationPlace place;
    place.site = site_name(i % plan.sites);
    place.name = "bench-" + std::to_string(i / plan.sites + 1);
    place.computer = place.site + "-" + place.name;
    place.vfs = storage.vfs();
    place.database = storage.path(place.computer, "agent.db");
    place.disk = storage.disk(place.computer);
    place.printers = plan.printers;
    place.scanners = plan.scanners;
    Bench bench;
    bench.node = std::make_unique<StationNode>(world, broker, place,
                                               [this](const Observation& seen) { report(seen); });
    bench.node->packer = "packer-" + std::to_string(i + 1);
    bench.packer = std::make_unique<Packer>(
        world, *bench.node, goods, [this](const Observation& seen) { report(seen); },
        [this](const char* kind) { count(kind); },
        [this](const std::string& what) { protest("packer's eyes", what); });
    bench.packer->see_shelves(
        [this, site = place.site](const std::string& sku) { return on_shelf(sku, site); });
    benches.push_back(std::move(bench));
  }
}

// By the books as they are: nearly what lies there. With no server to ask, somebody guesses.
std::int64_t Fleet::on_shelf(const std::string& sku, const std::string& site) {
  constexpr std::int64_t kGuess = 7;
  auto* reader = hub->reader();
  const auto detail = reader == nullptr ? base::Result<std::optional<server::store::StockDetail>>{}
                                        : reader->stock_of(sku);
  if (!detail || !*detail) return kGuess;
  for (const auto& figure : (*detail)->stock.sites) {
    if (figure.site == site) return figure.on_hand;
  }
  return 0;
}

// ---------------------------------------------------------------- phases
void Fleet::open() {
  hub->start();
  office->begin(office_hours(plan));
  const auto manners = habits(plan);
  for (std::size_t i = 0; i < benches.size(); ++i) {
    world.after(1'000 + static_cast<std::int64_t>(i) * 700, [this, i, manners] {
      benches[i].node->start();
      benches[i].packer->begin(manners);
    });
  }
  if (trade) return trade->begin();
  world.after(kCustomersComeMs, [this] {
    for (auto& c : customers) c->begin(appetite(plan));
    clerk->begin(telephone(plan));
  });
}

void Fleet::shut() {
  office->away(true);
  for (auto& c : customers) c->stop();
  clerk->stop();
  for (auto& bench : benches) {
    bench.packer->leave();
    bench.node->stop();
  }
}

void Fleet::reopen() {
  office->away(false);
  for (auto& bench : benches) {
    bench.node->start();
    bench.packer->begin(habits(plan));
  }
  if (trade) return;
  for (auto& c : customers) c->begin(appetite(plan));
  clerk->begin(telephone(plan));
}

void Fleet::calm() {
  calm_since_ms_ = world.now_ms();
  broker.set_faults(NetFaults{});
  if (!broker.running()) broker.start();
  for (auto& shop : shops) {
    shop->set_faults(ShopFaults{});
    shop->set_away(false);
    shop->settle();
  }
  for (auto& c : customers) c->stop();
  clerk->stop();
  hub->set_slow_ms(0);
  if (const auto by_ms = hub->clock().set_right(); by_ms != 0) {
    report(HubMishap{Mishap::clock_jump, "set right", by_ms});
  }
  hub->boot();
  for (auto& bench : benches) {
    bench.node->clock().set_right();
    bench.node->boot();
    bench.node->start();
    bench.packer->settle();
  }
  office->settle();
  if (trade) trade->settle();
}

void Fleet::close() {
  for (auto& bench : benches) {
    bench.packer->leave();
    bench.node->stop();
  }
  hub->stop();
  world.run_until(world.now_ms() + 10);
}

RoutingTruth Fleet::routing() const { return routing_truth(plan); }

std::string Fleet::waits() {
  std::string out;
  const auto add = [&](const std::string& what) {
    if (!what.empty() && out.size() < 2'000) out += (out.empty() ? "" : "; ") + what;
  };
  for (auto& bench : benches) {
    const auto now_is = bench.node->standing();
    if (!now_is.connected) add(bench.node->id() + " is not connected");
    if (now_is.waiting > 0) {
      add(bench.node->id() + " holds " + std::to_string(now_is.waiting) + " facts");
    }
    if (bench.packer->at_work()) add(bench.node->id() + " has " + bench.packer->doing());
  }
  for (auto& shop : shops) {
    if (shop->unsent() > 0) {
      add(shop->config().name + " has " + std::to_string(shop->unsent()) + " webhooks to send");
    }
  }
  if (trade && trade->unfinished() > 0) {
    add(std::to_string(trade->unfinished()) + " slips are not taken in");
  }
  // Shops are asked for the addresses of what they were told by and by, and twice each.
  if (plan.has("addresses") && world.now_ms() - calm_since_ms_ < kAddressesMs) {
    add("addresses may be heard of late");
  }
  if (!office->goods_entered()) add("goods are not all entered");
  if (office->unanswered() > 0) add("bookings of stock are not answered");
  if (!out.empty()) return out;
  auto* reader = hub->reader();
  if (reader == nullptr) return "the server is not up";
  const auto sum = reader->summary(hub->clock().now().wall_ms);
  if (!sum) return "the server cannot be read: " + sum.error().detail;
  if (sum->outbox_waiting > 0) add(std::to_string(sum->outbox_waiting) + " rows in the outbox");
  if (sum->outbox_dead > 0) add(std::to_string(sum->outbox_dead) + " dead letters");
  if (sum->exceptions_open > 0) add(std::to_string(sum->exceptions_open) + " open exceptions");
  for (const auto* state : {"open", "allocated", "released"}) {
    const auto page =
        reader->orders({.state = state, .channel = {}, .text = {}, .after = {}, .limit = 5});
    if (!page) continue;
    for (const auto& order : page->items) {
      add("order " + order.number + " is " + state + " at " + order.site + "/" + order.station);
    }
  }
  if (plan.has("drivers")) {
    const auto groups = server::store::waiting_groups(*reader);
    if (!groups) return "the server cannot be read: " + groups.error().detail;
    for (const auto& group : *groups) {
      const auto leave = group.parcels - group.stopped.value_or(0);
      if (leave > 0) add(std::to_string(leave) + " parcels wait for a driver at " + group.site);
    }
  }
  if (const auto rows = reader->stations(hub->clock().now().wall_ms)) {
    for (const auto& s : *rows) {
      if (s.down_waiting > 0) {
        add(std::to_string(s.down_waiting) + " facts wait for " + s.site + "/" + s.station);
      }
    }
  }
  if (out.empty()) add(shown_wrong());
  return out;
}

// ---------------------------------------------------------------- checkers
void Fleet::report(const Observation& seen) {
  const auto before = violations_.size();
  for (auto& checker : checkers_) checker->on(world.now_ms(), seen, violations_);
  if (violations_.size() != before) world.stop();
}

void Fleet::look() {
  const auto before = violations_.size();
  for (auto& checker : checkers_) checker->look(*this, violations_);
  if (violations_.size() != before) world.stop();
}

void Fleet::end_checkers() {
  for (auto& checker : checkers_) checker->end(*this, violations_);
}

void Fleet::protest(std::string checker, std::string what) {
  violations_.push_back({std::move(checker), world.now_ms(), std::move(what)});
  world.stop();
}

std::map<std::string, std::string> Fleet::agent_dbs() const {
  std::map<std::string, std::string> out;
  for (const auto& bench : benches) out[bench.node->id()] = bench.node->place().database;
  return out;
}

std::map<std::string, std::string> Fleet::site_of_location() const {
  std::map<std::string, std::string> out;
  for (const auto& shop : shops) {
    for (const auto& [site, location] : shop->config().locations) out[location] = site;
  }
  return out;
}

std::vector<Evidence::Shows> Fleet::shown() const {
  const auto sites = site_of_location();
  std::vector<Shows> out;
  for (const auto& shop : shops) {
    for (const auto& [sku, locations] : shop->shows()) {
      for (const auto& [location, quantity] : locations) {
        out.push_back({shop->config().name, sku, sites.at(location), quantity});
      }
    }
  }
  return out;
}

// After the end, from the file: the program is off.
std::vector<Evidence::ShownBin> Fleet::shown_bins() const {
  std::vector<ShownBin> out;
  auto reader = server::store::Reader::open(hub->database(), storage.vfs());
  if (!reader) return out;
  for (const auto& one : goods.all()) {
    const auto detail = reader->stock_of(one.sku);
    if (!detail || !*detail) continue;
    for (const auto& site : (*detail)->stock.sites) {
      for (const auto& bin : site.bins) {
        out.push_back({one.sku, site.site, bin.bin, bin.quantity, bin.home});
      }
    }
  }
  return out;
}

// The first figure at a shop that is not the one it was told last; empty: all are. Whether it was
// told the right one is the checkers' business.
std::string Fleet::shown_wrong() {
  std::map<std::string, std::vector<server::store::ToldFigure>> told;
  for (const auto& s : shown()) {
    if (!told.contains(s.sku)) {
      const auto detail = hub->reader()->stock_of(s.sku);
      if (!detail) continue;
      told[s.sku] = *detail ? (*detail)->stock.told : std::vector<server::store::ToldFigure>();
    }
    const auto sites = site_of_location();
    std::int64_t right = 0;
    for (const auto& one : told[s.sku]) {
      if (one.channel == s.channel && sites.at(one.location) == s.site) right = one.quantity;
    }
    if (s.quantity == right) continue;
    return s.channel + " shows " + std::to_string(s.quantity) + " of " + s.sku + " at " + s.site +
           " and was told " + std::to_string(right);
  }
  return {};
}

std::vector<Evidence::Gauge> Fleet::gauges() const {
  namespace limits = base::limits;
  std::vector<Gauge> out;
  out.push_back({"server mailbox", hub->mailbox(), limits::kMailboxInputsMax});
  for (const auto& bench : benches) {
    const auto standing = bench.node->standing();
    out.push_back({bench.node->id() + " mailbox", standing.mailbox, limits::kMailboxInputsMax});
    out.push_back({bench.node->id() + " outbox", standing.waiting, limits::kUpOutboxRowsMax});
    out.push_back({bench.node->id() + " window", standing.under_way, limits::kWindowFacts});
  }
  return out;
}

std::map<std::string, std::uint64_t> Fleet::faults() const {
  auto out = faults_;
  const auto add = [&](const char* kind, std::uint64_t n) {
    if (n > 0) out[kind] += n;
  };
  const auto& net = broker.counters();
  add("net_lost", net.lost);
  add("net_doubled", net.doubled);
  add("net_reordered", net.reordered);
  for (const auto& shop : shops) {
    const auto& c = shop->counters();
    add("shop_lost", c.lost);
    add("shop_answer_lost", c.answer_lost);
    add("shop_done_late", c.done_late);
    add("shop_failed", c.failed);
    add("shop_throttled", c.throttled);
    add("shop_slow", c.slow);
    add("shop_sale_refused", c.refused_sales);
    add("cancelled", c.cancelled);
    add("added", c.added);
    add("hook_doubled", c.hooks_doubled);
    add("hook_late", c.hooks_late);
    add("hook_never", c.hooks_never);
  }
  return out;
}

}  // namespace dockline::sim
