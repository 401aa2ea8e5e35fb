#include "server/app/bin_names.hpp"

#include <utility>
#include <vector>

namespace dockline::server {
namespace {

using store::Quantity;

constexpr std::size_t kNamed = 3;  // a bench shows them in one line

// The other bins with what they hold, by name.
std::vector<std::pair<std::string, Quantity>> others(store::BinBook& bins, std::string_view sku,
                                                     std::string_view site) {
  std::vector<std::pair<std::string, Quantity>> out;
  for (const auto& move : bins.beyond(sku, site, 0)) {
    if (out.empty() || out.back().first != move.from_bin) out.emplace_back(move.from_bin, 0);
    out.back().second += move.quantity;
  }
  return out;
}

std::optional<std::string> joined(const std::vector<std::string>& names) {
  if (names.empty()) return std::nullopt;
  std::string out = names.front();
  for (std::size_t i = 1; i < names.size() && i < kNamed; ++i) out += ", " + names[i];
  if (names.size() > kNamed) out += " +" + std::to_string(names.size() - kNamed);
  return out;
}

}  // namespace

std::optional<std::string> bins_of(store::StockBook& stock, store::BinBook& bins,
                                   std::string_view sku, std::string_view site) {
  auto home = stock.bin(sku, site);
  if (!bins.any(sku, site)) return home;
  std::vector<std::string> names;
  if (home) names.push_back(std::move(*home));
  for (auto& [bin, held] : others(bins, sku, site)) names.push_back(std::move(bin));
  return joined(names);
}

std::optional<std::string> bins_for(store::StockBook& stock, store::BinBook& bins,
                                    std::string_view sku, std::string_view site, Quantity pieces) {
  auto home = stock.bin(sku, site);
  if (!bins.any(sku, site)) return home;
  std::vector<std::string> names;
  auto left = pieces;
  const auto rest = stock.balance(sku, ledger::shelf(site)) - bins.sum(sku, site);
  if (home && rest > 0) names.push_back(*home);
  left -= rest;
  for (auto& [bin, held] : others(bins, sku, site)) {
    if (left <= 0) break;
    left -= held;
    names.push_back(std::move(bin));
  }
  return names.empty() ? home : joined(names);
}

}  // namespace dockline::server
