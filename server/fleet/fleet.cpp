#include "server/fleet/fleet.hpp"

#include <tuple>

#include "shared/base/check.hpp"

namespace dockline::server::fleet {
namespace {

using base::Fault;

std::string padded(std::int64_t n, std::size_t digits) {
  std::string text = std::to_string(n);
  return text.size() >= digits ? text : std::string(digits - text.size(), '0') + text;
}

}  // namespace

bool silent(std::int64_t heard_ms, std::int64_t now_ms) { return now_ms - heard_ms > kSilentMs; }

std::int64_t epoch(std::int64_t generation, std::int64_t counter) {
  CHECK(counter >= 0 && counter <= kEpochCounterMax);
  return (generation << 32) | counter;
}

std::int64_t generation_of(std::int64_t epoch) { return epoch >> 32; }

std::int64_t boot(std::int64_t generation, std::int64_t counter) {
  return generation * kBootsPerGeneration + counter;
}

std::optional<std::string> choose(std::span<const StationFacts> stations) {
  const StationFacts* best = nullptr;
  const auto rank = [](const StationFacts& s) {
    return std::make_tuple(!s.up, s.leases, std::string_view(s.station));
  };
  for (const auto& station : stations) {
    if (!station.heard || !station.works) continue;
    if (best == nullptr || rank(station) < rank(*best)) best = &station;
  }
  if (best == nullptr) return std::nullopt;
  return best->station;
}

std::string tracking_number(std::int64_t n) { return "DL" + padded(n, 10); }

char gs1_check_digit(std::string_view digits) {
  int sum = 0;
  int weight = 3;  // the rightmost digit counts three times
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    sum += (*at - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

base::Result<std::string> sscc(std::string_view company_prefix, std::int64_t serial) {
  if (company_prefix.size() < 7 || company_prefix.size() > 10 ||
      company_prefix.find_first_not_of("0123456789") != std::string_view::npos) {
    return base::fail(Fault::reject, "labels.company_prefix: \"" + std::string(company_prefix) +
                                         "\" is no GS1 company prefix; 7 to 10 digits are needed");
  }
  const std::string number = padded(serial, 16 - company_prefix.size());
  if (number.size() + company_prefix.size() > 16) {
    return base::fail(Fault::full, "all SSCC numbers of company prefix " +
                                       std::string(company_prefix) +
                                       " are used; ask GS1 for a further prefix");
  }
  const std::string digits = "0" + std::string(company_prefix) + number;
  return digits + gs1_check_digit(digits);
}

}  // namespace dockline::server::fleet
