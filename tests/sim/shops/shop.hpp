// A sales channel's far end on the World: a shop with customers, behind a network and a server of
// its own that are slow, throttle, fail, or lose an answer after having done what was asked.
//
// What really happens in the shop is reported as observations; what our server is told about it may
// be late, doubled, out of order or missing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "server/channels/contract/channel.hpp"
#include "shared/base/http.hpp"
#include "shared/base/result.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

struct ShopFaults {
  std::int64_t delay_min_ms = 20, delay_max_ms = 200;
  // Per mille of requests.
  std::uint32_t lost = 0;         // never arrives: times out
  std::uint32_t answer_lost = 0;  // done, but the answer times out
  std::uint32_t done_late = 0;    // times out first, is done up to 1.5 s later
  std::uint32_t failed = 0;       // 500, 502, 503, nothing done
  std::uint32_t failed_done = 0;  // 502 although done
  std::uint32_t throttled = 0;    // 429, with Retry-After or without
  std::uint32_t slow = 0;         // up to 9 s
  // Per mille of webhooks.
  std::uint32_t hook_doubled = 0, hook_late = 0, hook_never = 0;
  std::int64_t hook_late_ms = 120'000;
};

struct ShopCounters {
  std::uint64_t asked = 0, lost = 0, answer_lost = 0, done_late = 0, failed = 0, throttled = 0,
                slow = 0, sold = 0, refused_sales = 0, cancelled = 0, added = 0, hooks = 0,
                hooks_doubled = 0, hooks_late = 0, hooks_never = 0;
};

class Shop {
 public:
  using Answer = std::function<void(base::Result<base::HttpResponse>)>;
  // Carries a webhook to our server; `done` gets the HTTP status, 0 when nobody answered.
  using PostHook = std::function<void(const std::string& channel, server::channels::Hook hook,
                                      std::function<void(int status)> done)>;
  using Report = std::function<void(const Observation&)>;

  Shop(World& world, server::channels::Config config, std::int64_t wall_offset_ms, Report report);
  virtual ~Shop() = default;
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  [[nodiscard]] const server::channels::Config& config() const { return config_; }
  void set_faults(const ShopFaults& faults) { faults_ = faults; }
  // Nobody answers: connections are refused.
  void set_away(bool away) { away_ = away; }
  void set_server(PostHook post) { post_ = std::move(post); }

  // One request of our server. `answer` is called later, once; also when the asker died meanwhile.
  void ask(base::HttpRequest request, Answer answer);

  // A customer wants these pieces; the new order's number, or "" when the shop shows too few.
  [[nodiscard]] virtual std::string buy(const std::map<std::string, std::int64_t>& wanted) = 0;
  // The customer no longer wants it. False: unknown, or already shipped as far as the shop knows.
  virtual bool cancel(const std::string& number, bool whole) = 0;
  // The customer wants a piece more of this article, and pays for it. False: unknown, shipped or
  // cancelled, none can be sold, or the shop lets nobody do that.
  virtual bool add(const std::string&, const std::string&) { return false; }
  // The buyer of one of the latest orders gives another street: `back` from the newest on. False:
  // there is no such order, or the shop lets nobody do that.
  virtual bool move(std::size_t, const std::string&) { return false; }
  // Labels of the order's parcels that it was told of, and that nobody took back.
  [[nodiscard]] virtual std::set<std::string> parcels(const std::string& number) const = 0;
  // A person takes a parcel back there by hand. False: this shop does not have that.
  virtual bool take_back(const std::string&, const std::string&) { return false; }
  // What it shows: sku -> location -> pieces.
  using Shelf = std::map<std::string, std::map<std::string, std::int64_t>>;
  [[nodiscard]] virtual Shelf shows() const = 0;
  // Calm: what was held back for ever is sent after all.
  virtual void settle() {}
  // Messages that are still on their way to our server.
  [[nodiscard]] virtual std::size_t unsent() const { return 0; }
  [[nodiscard]] const ShopCounters& counters() const { return counters_; }

 protected:
  [[nodiscard]] virtual base::HttpResponse serve(const base::HttpRequest& request) = 0;
  [[nodiscard]] std::int64_t wall_ms() const { return world_.now_ms() + wall_offset_ms_; }
  [[nodiscard]] base::Prng& random() { return world_.random("shop " + config_.name); }
  void report(const Observation& seen) { report_(seen); }

  World& world_;
  server::channels::Config config_;
  ShopFaults faults_;
  ShopCounters counters_;
  PostHook post_;

 private:
  void refuse(Answer answer, std::int64_t after_ms, const char* why);
  [[nodiscard]] base::HttpResponse do_it(const base::HttpRequest& request);

  std::int64_t wall_offset_ms_;
  Report report_;
  bool away_ = false;
};

// Our vendure channel's far end; `stock` is what its catalogue lists, all at 0 pieces.
[[nodiscard]] std::unique_ptr<Shop> make_vendure_shop(World& world, server::channels::Config config,
                                                      std::int64_t wall_offset_ms,
                                                      const std::vector<std::string>& skus,
                                                      Shop::Report report);
// Our webhook channel's far end: figures and parcels come in as signed posts, orders go out as
// webhooks that are sent again until someone says 2xx.
[[nodiscard]] std::unique_ptr<Shop> make_webhook_partner(World& world,
                                                         server::channels::Config config,
                                                         std::int64_t wall_offset_ms,
                                                         Shop::Report report);

}  // namespace dockline::sim
