// Proposals as people and suppliers get them: rows of a CSV file, and a plain e-mail. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/reorder.hpp"

namespace dockline::server::stock {

// Rows with a header, for the CSV writer (server/imports).
[[nodiscard]] std::vector<std::vector<std::string>> table(std::span<const Purchase> purchases);
[[nodiscard]] std::vector<std::vector<std::string>> table(
    std::span<const TransferProposal> transfers);

struct Mail {
  std::string subject, body;  // plain text, one line feed per line
};
[[nodiscard]] Mail mail(const Purchase& purchase, std::string_view our_name);

}  // namespace dockline::server::stock
