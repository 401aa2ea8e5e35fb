// QTY counts several pieces with one scan. A slip of a digit must not count a thousand.
#pragma once

#include <string_view>

#include "shared/domain/types.hpp"

namespace dockline::agent::rules {

// The typed digits as a quantity of 1..kTypedQuantityMax, 0 when they are none or too many.
[[nodiscard]] domain::Quantity quantity_limit(std::string_view digits);

}  // namespace dockline::agent::rules
