// Private to server/audit: what is kept back, how kits are made and how sites are described, from
// the facts alone. A row is what the newest fact about its site or channel and SKU says; one that
// sets nothing is none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "server/audit/impl.hpp"

namespace dockline::server::audit {

class Policies {
 public:
  void take(std::int64_t position, std::string_view type, std::string_view bytes);
  // Against p_policy, p_kit and p_site, in files that have them.
  [[nodiscard]] base::Status check(sqlite::Db& db, Findings& findings) const;

 private:
  // "site|channel|sku" -> the row as text: what the table must say.
  std::map<std::string, std::string> rows_;
  std::map<std::string, std::map<std::string, std::string>> kits_;   // kit -> part -> the row
  std::map<std::string, std::map<std::string, std::string>> sites_;  // site -> key -> value
};

}  // namespace dockline::server::audit
