// The two JSON texts that are stored inside projection rows.
#pragma once

#include <string>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server {

[[nodiscard]] std::string address_json(const domain::Address& address);
[[nodiscard]] std::string charges_json(const std::vector<domain::OrderCharge>& charges);
// Fields that are missing or of another kind stay empty.
[[nodiscard]] domain::Address address_of(const std::string& json);
[[nodiscard]] std::vector<domain::OrderCharge> charges_of(const std::string& json);

}  // namespace dockline::server
