// dockline rehearse: the last peak again, at several times its rate, on a shadow copy of server.db,
// and where it bends. Nothing outside is touched: no broker, no HTTP, no file but the scratch
// folder's own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/rehearse/shadow.hpp"

namespace dockline::server::rehearse {

struct Wish {
  std::string db_path, scratch;  // scratch: a folder of its own is made in it, and removed
  std::int64_t factor = 10;      // 1, half of it and all of it are rehearsed
  std::optional<std::int64_t> from_ms, to_ms;
  std::optional<House> house;  // absent: the default chain decides
  std::int64_t now_ms = 0;
  std::uint64_t seed = 1;
  std::function<bool()> go_on;
  std::function<void(const std::string&)> tell;  // progress, a sentence each
};

// A stage over all runs, the one that bends first before the others.
struct Bend {
  std::string stage;
  std::int64_t load_per_mille = 0;  // at the highest factor
  std::int64_t at_tenths = 0;       // times the recorded rate at which it is full; 0: it never is
  std::string helps;                // a sentence
};
struct Report {
  std::int64_t from_ms = 0, to_ms = 0, orders = 0, copied_bytes = 0;
  std::string rules;             // whose rules decided where orders go
  bool benches_assumed = false;  // some bench never packed: a time was assumed for it
  std::vector<Run> runs;
  std::vector<Bend> bends;
};

// Fault::reject with the remedy: no peak, no such file, too little room, a factor out of range.
[[nodiscard]] base::Result<Report> rehearse(const Wish& wish);

// Which stages are full at how many times the recorded rate. Pure.
[[nodiscard]] std::vector<Bend> bends_of(const std::vector<Run>& runs);
[[nodiscard]] std::string to_text(const Report& report);
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace dockline::server::rehearse
