// What the store knows of the way of one order: how far its pieces are, what its sites have to do
// before it, and when each step was done. Read by the core lane (which owns one and forecasts) and
// by the read side, so that both ask the same. Reads only. Errors are sticky (query.hpp), but for
// decisions in an archive segment that cannot be read: then no service is known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

// A site that has something to do for the order; where nothing is left to pack, one whose boxes
// wait for their carrier; where none waits, one that they left.
struct WaySite {
  std::string site;
  std::optional<std::int64_t> pack_ms;  // the middle one of the last boxes there
  std::int64_t ahead = 0;               // orders at its benches that go before this one
  std::int64_t benches = 0;             // at work
  std::string service;  // that routing chose, as the decision names it; empty: none, or not asked
};

struct OrderWay {
  std::int64_t ord = 0, placed_ms = 0, received_ms = 0;
  std::string id;
  std::optional<std::int64_t> promised_ms;
  bool held = false, fetched = false;
  domain::Quantity unrouted = 0, to_pack = 0, packed = 0, gone = 0, delivered = 0;
  // When the last of what waits may be sold, when each of it waits for that.
  std::optional<std::int64_t> released_ms;
  std::vector<WaySite> sites;
};
struct WayMoments {
  std::optional<std::int64_t> checked_ms, routed_ms, packed_ms, handed_ms, delivered_ms;
};

class WayBook {
 public:
  explicit WayBook(sqlite::Db& db);

  // `services`: whether the service that routing chose is asked for.
  [[nodiscard]] std::optional<OrderWay> of(std::int64_t ord, bool services, std::int64_t now_ms);
  [[nodiscard]] WayMoments moments(std::int64_t ord);
  // By site of this order (its id): the service that routing chose, as its newest decision names
  // it.
  [[nodiscard]] std::map<std::string, std::string> services(const std::string& order);
  [[nodiscard]] base::Status trouble() const { return trouble_.status(); }

 private:
  void add_sites(OrderWay& way);
  void add_work(OrderWay& way, WaySite& site);

  sqlite::Db* db_;
  Trouble trouble_;
  Query head_, pieces_, released_, reserved_, boxes_, pack_times_, ahead_, benches_, decisions_,
      checked_, routed_, moments_;
};

}  // namespace dockline::server::store
