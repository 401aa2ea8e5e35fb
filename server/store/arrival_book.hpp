// When the parcels of each carrier's service arrived, by day. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/routing/arrivals.hpp"
#include "server/store/query.hpp"

namespace dockline::server::store {

class Reader;

// By number, not by date: a clock that was years ahead for an hour must not make it forget what is
// known.
inline constexpr std::int64_t kArrivalDaysKept = 60;

class ArrivalBook {
 public:
  explicit ArrivalBook(sqlite::Db& db);

  // One more. Of each service the newest kArrivalDaysKept days with an arrival are kept.
  void add(std::string_view carrier, std::string_view service, std::int64_t arrived_ms,
           bool in_time);
  // Of the last routing::kArrivalDays days until now, by carrier and service.
  [[nodiscard]] std::vector<routing::Arrivals> newest(std::int64_t now_ms);
  [[nodiscard]] base::Status trouble() const { return trouble_.status(); }

 private:
  Trouble trouble_;
  Query add_, forget_, newest_;
};

// The same on the read side. Thread rule and failures: reader.hpp.
[[nodiscard]] base::Result<std::vector<routing::Arrivals>> arrivals(Reader& reader,
                                                                    std::int64_t now_ms);

}  // namespace dockline::server::store
