#include "agent/app/store_watch.hpp"

#include <variant>

#include "shared/base/limits.hpp"

namespace dockline::agent {

bool StoreWatch::committed(base::Instant now, bool wrote) {
  if (!wrote) return false;
  last_saved_ms_ = now.wall_ms;
  ++records_;
  const bool was = process_.trouble.has_value();
  process_.trouble.reset();
  return was;
}

bool StoreWatch::rejected(base::Instant now, const StationInput& input, const base::Error& why,
                          std::int64_t free_bytes) {
  // The shell saw it, whether or not the App could keep the turn.
  const bool up = std::holds_alternative<LinkUp>(input);
  if (up || std::holds_alternative<LinkDown>(input)) {
    process_.link_up = up;
    process_.connecting = false;
  }
  // A refused input (an oversized scan) is no trouble of the disk.
  if (why.fault == base::Fault::reject || why.fault == base::Fault::conflict) return false;
  if (!process_.trouble) {
    process_.trouble = StoreTrouble{now.wall_ms, last_saved_ms_, 0, records_, free_bytes, {}};
    next_probe_ms_ = now.mono_ms + base::limits::kStoreRetryMs;
  }
  process_.trouble->free_bytes = free_bytes;
  process_.trouble->code = why.fault == base::Fault::full ? "DL-E-FULL" : "DL-E-DISK";
  const bool scan = std::holds_alternative<ScanIn>(input) ||
                    std::holds_alternative<PageTyped>(input) ||
                    std::holds_alternative<PageCommand>(input);
  if (scan) ++process_.trouble->refused;
  return scan || std::holds_alternative<StoreProbe>(input);
}

bool StoreWatch::probe_due(base::Instant now) {
  if (!process_.trouble || now.mono_ms < next_probe_ms_) return false;
  next_probe_ms_ = now.mono_ms + base::limits::kStoreRetryMs;
  return true;
}

std::optional<std::int64_t> StoreWatch::wake_ms() const {
  if (!process_.trouble) return std::nullopt;
  return next_probe_ms_;
}

}  // namespace dockline::agent
