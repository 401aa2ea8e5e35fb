#include "agent/rules/quantity_limit.hpp"

#include "shared/base/limits.hpp"

namespace dockline::agent::rules {

domain::Quantity quantity_limit(std::string_view digits) {
  domain::Quantity out = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    out = out * 10 + (c - '0');
    if (out > base::limits::kTypedQuantityMax) return 0;
  }
  return out;
}

}  // namespace dockline::agent::rules
