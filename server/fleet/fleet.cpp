#include "server/fleet/fleet.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "shared/base/check.hpp"
#include "shared/base/gs1.hpp"

namespace dockline::server::fleet {
namespace {

using base::Fault;

constexpr std::int64_t kBegunMs = 1'735'689'600'000;  // 2025-01-01: no server is older

std::string padded(std::int64_t n, std::size_t digits) {
  std::string text = std::to_string(n);
  return text.size() >= digits ? text : std::string(digits - text.size(), '0') + text;
}

std::optional<std::int64_t> number_in(std::string_view digits) {
  std::int64_t n = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (wrong != std::errc{} || end != digits.data() + digits.size() || n < 0) return std::nullopt;
  return n;
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

Numbering after_restore(std::int64_t generation, std::int64_t wall_ms) {
  constexpr std::int64_t kQuarterMs = 900'000;
  constexpr std::int64_t kGrantsPerMs = 4'000;
  const std::int64_t since_ms = std::max<std::int64_t>(0, wall_ms - kBegunMs);
  const std::int64_t quarters = since_ms / kQuarterMs;
  return {.generation = std::max(generation + 1, quarters < kGenerationMax ? quarters : 0),
          .counter = since_ms % kQuarterMs * kGrantsPerMs};
}

std::int64_t label_after_restore(std::int64_t number, std::int64_t wall_ms) {
  constexpr std::int64_t kSkipped = 1'000'000, kLast = 9'000'000'000;
  const std::int64_t timed = std::max<std::int64_t>(0, wall_ms - kBegunMs) / 100;
  return std::max(number + kSkipped, timed < kLast ? timed : 0);
}

std::int64_t serials_skipped(std::string_view company_prefix) {
  std::int64_t serials = 1;
  for (std::size_t n = company_prefix.size(); n < 16; ++n) serials *= 10;
  return std::min<std::int64_t>(serials / 100, 1'000'000);
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
  return base::gs1_check_digit(digits).value_or('0');
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

std::optional<std::int64_t> serial_of(std::string_view company_prefix, std::string_view sscc) {
  if (sscc.size() != 18 || sscc.substr(1, company_prefix.size()) != company_prefix) {
    return std::nullopt;
  }
  return number_in(sscc.substr(1 + company_prefix.size(), 16 - company_prefix.size()));
}

std::optional<std::int64_t> number_of(std::string_view tracking) {
  if (tracking.size() != 12 || !tracking.starts_with("DL")) return std::nullopt;
  return number_in(tracking.substr(2));
}

}  // namespace dockline::server::fleet
